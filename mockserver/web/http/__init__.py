"""HTTP parts that know no use case: requests, replies, refusals, hosts and paths."""
