"""The record of a run as Markdown, for a comment on a pull request or a step summary."""
