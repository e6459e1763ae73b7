"""Listening mocks, one for each profile, shared by all tests of a run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from mockserver import running


@pytest.fixture(scope="session")
def address_of() -> Iterator[Callable[[str], str]]:
    """A function from a profile to the address of its mock, which starts on first use."""
    with ExitStack() as stack:
        yield cache(lambda profile: stack.enter_context(running(profile=profile)).url)


@pytest.fixture
def url(address_of: Callable[[str], str]) -> str:
    """The address of a running mock with the default profile."""
    return address_of("page")


@pytest.fixture
def key() -> str:
    """An API key with an empty account."""
    return f"sk-clients-{secrets.token_hex(8)}"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clients reach the mock directly on machines with a proxy."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
