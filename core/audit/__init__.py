"""Who did what to which object, in a region."""
