"""The endpoints of the contract's operations: stateful billing, and answers from the document."""
