"""Compare the model with other simulators, with real operations and with the literature: studies beside the package."""
