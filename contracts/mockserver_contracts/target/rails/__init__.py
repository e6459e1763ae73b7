"""The rails of a run: what may be sent to a server that is neither loopback nor a mock."""
