"""`/_mock/requests` and `/_mock/requests.har`: the journal."""
