"""Known answers: small checkpoints for which theory says what must come out, each an ordinary scenario."""
