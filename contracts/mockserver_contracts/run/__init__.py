"""A run: its plan, its phases and its report."""
