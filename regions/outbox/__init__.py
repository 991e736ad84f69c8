"""What a region has to tell the others, written in the transaction of the act itself."""
