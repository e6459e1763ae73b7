"""A mock whose PostgreSQL goes away and comes back, and one that cannot start without it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import httpx
import pytest

from tests.scenarios.process import refused_here, serving
from tests.store.postgres.proxy import Proxy, running_proxy
from tests.store.postgres_server import schema_of
from tests.web.mock_client import Mock, refused

SOON = 5.0
"""The seconds in which a mock answers while its database is away, and serves again when it is back."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with running_proxy() as running:
        yield running


def test_mock_answers_503_while_its_database_is_away_and_serves_again_by_itself(tmp_path: Path, proxy: Proxy) -> None:
    flags = ("--json", "--store", proxy.address(schema_of(tmp_path)))
    with ExitStack() as stack:
        served = stack.enter_context(serving(tmp_path, *flags))
        started_line = json.loads(served.started)
        assert ":***@127.0.0.1" in started_line["store"]
        mock = Mock(stack.enter_context(httpx.Client(base_url=started_line["url"])))
        before = mock.create(amount=5)
        for go_away, come_back in ((proxy.refuse, proxy.accept), (proxy.freeze, proxy.thaw)):
            go_away()
            started = monotonic()
            for answer in (mock.checkout({"amount": 5}), mock.get("/unknown")):
                assert answer.headers["retry-after"] == "5"
                assert proxy.password not in refused(answer, 503, "store_unavailable")["message"]
            assert monotonic() - started < 2 * SOON
            come_back()
            started = monotonic()
            while mock.checkout({"amount": 5}).status_code != 200:
                assert monotonic() - started < SOON
            assert mock.session(before)["status"] == "pending"
        proxy.refuse()
        started = monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(SOON) == 0
        assert monotonic() - started < SOON
        assert served.process.stdout is not None
        output = served.started + served.process.stdout.read() + served.errors.read_text()
    assert proxy.password not in output
    assert "Traceback" not in output


def test_start_is_refused_without_the_database(tmp_path: Path, proxy: Proxy) -> None:
    proxy.refuse()
    sentence = refused_here(tmp_path, "--port", "0", "--store", proxy.address("mock"))
    assert sentence.endswith("cannot be opened: Connection refused")
    assert proxy.password not in sentence


@pytest.mark.parametrize(
    "address", ["postgresql://me:tell-nobody@x@db/y", "postgres://me:tell-nobody@db/y", "postgresql:/x"]
)
def test_start_is_refused_with_an_invalid_address_of_a_database(tmp_path: Path, address: str) -> None:
    sentence = refused_here(tmp_path, "--port", "0", "--store", address)
    assert "postgresql://user" in sentence
    assert "body" not in sentence
