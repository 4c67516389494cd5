"""Who runs what where, and the folder in which results are kept."""
