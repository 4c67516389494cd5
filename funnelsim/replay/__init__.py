"""What an animated replay of one operation shows, taken from its log alone: nothing is simulated again."""
