"""The observatory's pages: the same on a region's host and on the platform's."""
