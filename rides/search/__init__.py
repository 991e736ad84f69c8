"""Search of rides: one function, its page and its endpoint. No table: a search writes nothing."""
