"""What programs ask about the person who is signed in."""
