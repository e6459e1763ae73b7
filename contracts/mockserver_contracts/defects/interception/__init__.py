"""A request on its way to the correct server, and its response on the way back; a defect may change both."""
