"""The checks of the operations beside the checkout, and of the usage statistics."""
