"""Payment by card: brands, test cards, buyers and their countries."""
