"""The endpoints of the contract's operations."""
