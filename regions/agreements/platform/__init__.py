"""Agreements on the platform's host: all of them, and who shares with whom."""
