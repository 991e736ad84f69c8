"""Which adverts leave the region, by whose will, and what partners' adverts look like here."""
