"""HTTP parts without a use case: requests, replies, refusals, hosts, connections and paths."""
