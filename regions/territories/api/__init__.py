"""Municipalities for programs."""
