"""What to do: how good any plan could be, the best plan, and what would help most."""
