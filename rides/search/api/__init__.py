"""The search as the API offers it."""
