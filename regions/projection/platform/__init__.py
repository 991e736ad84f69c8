"""The projection on the platform's host."""
