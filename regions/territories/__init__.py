"""The reference geography: municipalities, their search, their maps."""
