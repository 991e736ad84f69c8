"""The observatory for programs."""
