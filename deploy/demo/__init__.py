"""Both regions on one machine from one command, with people, communities and adverts."""
