"""The checks of the claims of the page, and of the rules of this product."""
