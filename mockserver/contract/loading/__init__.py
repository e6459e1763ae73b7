"""Loading: files of the user or the product become a contract and a profile."""
