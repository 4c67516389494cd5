"""A counts file that is opened: its preview, its questions, and the scenario made of it."""
