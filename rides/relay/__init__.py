"""Relay: people of two regions who write to each other and share rides."""
