"""The pages for people: checkout, invoice and dashboard, with their templates and files."""
