"""Look at a schema of PostgreSQL without changing it."""

from __future__ import annotations

import psycopg

from mockserver.store.errors import StoreUnusable
from mockserver.store.postgres.connection.address import parse_address
from mockserver.store.postgres.connection.reason import reason_of
from mockserver.store.postgres.schema import STEPS, count_steps


def inspect_postgres(address: str) -> str:
    """A sentence on a schema that a server could open. Raises StoreError."""
    parsed = parse_address(address)
    try:
        with psycopg.connect(**parsed.parameters) as connection:  # type: ignore[arg-type]  # parameters of libpq
            connection.read_only = True
            done = count_steps(connection, parsed)
            may_create = connection.execute("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
    except psycopg.Error as error:
        raise StoreUnusable(f"the store {parsed.name} cannot be opened: {reason_of(error)}") from None
    if done is not None:
        return f"the store {parsed.name} can be used; its version is {done} of {len(STEPS)}"
    if may_create is None or not may_create[0]:
        raise StoreUnusable(f"the store {parsed.name} cannot be created: the user may create no schema in the database")
    return f"the store {parsed.name} is created at the first start"
