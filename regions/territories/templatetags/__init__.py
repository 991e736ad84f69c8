"""Tags for maps."""
