"""The view to decide by: the fluid plan, the levers and the best plan."""
