"""The store: its address, its file, and a server that uses it."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.settings import Settings
from mockserver.store import StoreError, StoreInUse, StoreTooNew, inspect_store


def check_store(settings: Settings) -> Iterator[Diagnosis]:
    """Look at the store without opening it."""
    try:
        yield Diagnosis("store", "ok", inspect_store(settings.store))
    except StoreInUse as error:
        yield Diagnosis("store", "note", str(error), "to serve a second mock, give --store another address")
    except StoreTooNew as error:
        yield Diagnosis("store", "wrong", str(error), "update the mock, or give --store another address")
    except StoreError as error:
        yield Diagnosis("store", "wrong", str(error))
