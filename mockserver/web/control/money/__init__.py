"""The ledger and the invoices of an account."""
