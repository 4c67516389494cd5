"""Bad days: what goes wrong, what it does to a plan, and what insures against it."""
