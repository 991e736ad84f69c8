"""People in the console, for the region's administrators."""
