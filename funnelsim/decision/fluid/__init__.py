"""The bound: the fluid program that says how good any plan could be."""
