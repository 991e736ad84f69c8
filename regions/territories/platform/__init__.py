"""Moves of territories on the platform's host."""
