"""What is uncertain, and what follows from it for the choice of a plan."""
