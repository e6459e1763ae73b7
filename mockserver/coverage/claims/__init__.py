"""Claims of the page, and the exchanges that touch them."""
