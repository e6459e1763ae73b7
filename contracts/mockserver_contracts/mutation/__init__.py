"""Mutation testing of the checks: each defect is seeded, and a whole run has to find it."""
