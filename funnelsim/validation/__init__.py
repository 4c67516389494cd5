"""Compare the model with theory: known answers, Little's law, limiting cases, and a recursion."""
