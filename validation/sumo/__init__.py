"""SUMO: a microscopic traffic simulator on the same funnel, from recorded results or from a new run."""
