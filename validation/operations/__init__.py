"""Published operations, simulated from what is known of them, beside what was reported."""
