"""The pages for people: checkout, invoice and dashboard."""
