"""SUMO: a microscopic traffic simulator on the same funnel, recorded once and carried along, or run afresh."""
