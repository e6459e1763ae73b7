"""Defects of the operations beside the checkout."""
