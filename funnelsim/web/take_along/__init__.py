"""The view to take a plan along."""
