"""Known answers: small checkpoints for which theory has the result, each an ordinary scenario."""
