"""The corpus is sent to a target, and the exchanges are followed."""
