"""The levers: what one change to a plan does."""
