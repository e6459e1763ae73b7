"""Usage: consumed units, their prices, and the sums of an account."""
