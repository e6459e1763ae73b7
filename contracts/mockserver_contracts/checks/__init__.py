"""The checks that decide the claims of the page and the rules of our own."""
