"""The formats of count files: a module for each, listed in `funnelsim.counts.names.FORMAT_ENTRIES`."""
