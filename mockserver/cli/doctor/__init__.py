"""`mockserver doctor`: checks that find the reason why a mock does not start or answer."""
