"""Why the model should be believed: it is held against theory, peers, real operations and the literature."""
