"""What funnelsim writes for people to read: the reference of the scenario file, the standalone report."""
