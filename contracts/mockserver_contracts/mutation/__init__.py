"""Mutation testing of the checks: run the check on a server with each defect, and require that it is found."""
