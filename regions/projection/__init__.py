"""From the regions' outboxes to what all of them may read."""
