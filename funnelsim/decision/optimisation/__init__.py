"""The best plan: the question, the search, and the guarantee."""
