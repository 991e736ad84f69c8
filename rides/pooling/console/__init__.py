"""The region's switch, in its console."""
