"""The ways in which a request gets to a target: HTTP, or a call of an application in this process."""
