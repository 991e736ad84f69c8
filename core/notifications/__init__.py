"""Mails to people: rendered in the region's name and look, sent in the background."""
