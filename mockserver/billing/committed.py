"""The steps that follow a stored change in the answer of one request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable


@contextmanager
def committed(change: str) -> Iterator[None]:
    """Follow a stored change. Raises OutcomeUnknown if the store is lost meanwhile: 503 would say that nothing changed.

    `change` begins the message: "the data is deleted".
    """
    try:
        yield
    except StoreUnavailable as error:
        raise OutcomeUnknown(f"{change}, but what follows is not done: {error.message}") from None
