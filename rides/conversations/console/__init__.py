"""Reports, for the region's administrators."""
