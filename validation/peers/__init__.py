"""Peers: the same checkpoint in a recursion of a few lines and in other simulators, fed with the same draws."""
