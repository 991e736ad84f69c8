"""« Où circulent mes données », and the two buttons of an advert."""
