"""The engines: traffic and plan in, log out. A function without hidden state."""
