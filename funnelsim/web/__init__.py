"""The page that `funnelsim serve` shows: what the functions of the command line find, and nothing of its own."""
