"""The model of the checkpoint, as pure data and pure functions: random numbers, traffic, plan, rules, queue, log."""
