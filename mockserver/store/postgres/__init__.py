"""The store in a PostgreSQL schema, which several servers may share."""
