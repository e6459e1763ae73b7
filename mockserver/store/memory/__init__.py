"""The store that ends with its process."""
