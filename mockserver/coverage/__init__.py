"""Coverage of a contract: the goals that its operations set, and the exchanges that reach them."""
