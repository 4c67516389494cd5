"""When and where to stand."""
