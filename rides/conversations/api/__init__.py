"""Conversations as the API shows them."""
