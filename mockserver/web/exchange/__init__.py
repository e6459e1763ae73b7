"""An exchange on the contract's paths, from the request to the reply and its journal entry."""
