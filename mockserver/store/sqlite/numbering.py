"""The numbers of an account's rows: 1, 2, 3 and so on, in the order in which they were added.

Rows are deleted only with their account, so the numbers have no gaps. A page is therefore found by its numbers, however
far it is from the newest row.
"""

from __future__ import annotations


def next_number(table: str) -> str:
    """The expression for the number of a new row. The account is parameter 2."""
    return f"(SELECT coalesce(max(number), 0) + 1 FROM {table} WHERE account = ?2)"


def newest(table: str) -> str:
    """The clauses for a page of an account's rows, newest first. The parameters are account, offset and limit."""
    last = f"(SELECT max(number) FROM {table} WHERE account = ?1)"
    return f"WHERE account = ?1 AND number <= {last} - ?2 ORDER BY number DESC LIMIT ?3"
