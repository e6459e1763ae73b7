"""The conformance suite: every store keeps the promises of mockserver.store.base."""
