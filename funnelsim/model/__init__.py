"""The checkpoint: dice, traffic, plan, rules, queue and log. Pure data and pure functions; no engine."""
