"""Mocks that really listen, one for each profile, shared by all tests of a run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from mockserver import running


@pytest.fixture(scope="session")
def address_of() -> Iterator[Callable[[str], str]]:
    """Gives the address of a running mock by its profile; a mock starts when it is first asked for."""
    with ExitStack() as stack:
        yield cache(lambda profile: stack.enter_context(running(profile=profile)).url)


@pytest.fixture
def url(address_of: Callable[[str], str]) -> str:
    """The address of a running mock with the default profile."""
    return address_of("page")


@pytest.fixture
def key() -> str:
    """An API key whose account is empty."""
    return f"sk-clients-{secrets.token_hex(8)}"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clients reach the mock directly, also on a machine that has a proxy."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
