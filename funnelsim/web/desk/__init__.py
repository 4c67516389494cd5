"""The desk: the site, the levers, and the answers while they are moved."""
