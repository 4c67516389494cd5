"""The local page for planners."""
