"""What two people say to each other about an advert, and how they are told."""
