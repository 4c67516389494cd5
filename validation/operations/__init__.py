"""Published operations, simulated from what is known of them and compared with what was reported."""
