"""The checkpoint as machine code: the same parts as the SimPy engine's, the same order of events, the same log."""
