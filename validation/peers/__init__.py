"""Peers: the same checkpoint in Ciw and in UXsim, with the same draws."""
