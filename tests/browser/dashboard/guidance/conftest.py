"""A mock that asks for its control token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver import running


@pytest.fixture(scope="module")
def locked_url() -> Iterator[str]:
    with running(store="memory", control_token="sesame") as started:
        yield started.url
