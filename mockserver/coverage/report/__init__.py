"""The result of a count: a value that is merged, written as JSON and read again."""
