"""Which targets are tested, and on which terms."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.exchange import Headers, Request, Response
from mockserver_contracts.replay.selection import is_modest
from mockserver_contracts.target.address import TargetRefused
from mockserver_contracts.target.gate import Gate, Limits, retry_after
from mockserver_contracts.target.rails.safety import (
    RAIL_PER_SECOND,
    RAIL_REQUESTS,
    forbids_spending,
)
from mockserver_contracts.target.target import TargetUnreachable, open_target

from tests.contracts.runs import document, run_on, target_of
from tests.contracts.servers.independent import Other, Receive, Send
from tests.contracts.servers.local import closed_port, serving


@pytest.mark.parametrize(
    "given",
    [
        "production",
        "https://api.videodb.io",
        "https://API.videodb.io/",
        "http://api.videodb.io:8443/base",
        "https://api.videodb.io.",
    ],
)
def test_production_host_is_refused_in_every_spelling(given: str) -> None:
    with pytest.raises(TargetRefused, match="production host"):
        open_target(given, document(), {"VIDEO_DB_API_KEY": "sk-a"}, token_env=None)


def test_first_server_without_a_description_is_production() -> None:
    servers = {"servers": [{"url": "https://api.example.com"}, {"url": "https://test.example.com"}]}
    with pytest.raises(TargetRefused, match="production host"):
        open_target("https://api.example.com", servers, {}, token_env=None)


@pytest.mark.parametrize(
    "given",
    [
        "stage",
        "ftp://127.0.0.1",
        "http://",
        "http://me:secret@127.0.0.1",
        "http://127.0.0.1/?a=1",
        "http://[::1",
        "http://a:b",
    ],
)
def test_target_that_is_no_base_url_and_no_server_is_refused(given: str) -> None:
    with pytest.raises(TargetRefused) as error:
        open_target(given, document(), {"VIDEO_DB_API_KEY": "sk-a"}, token_env=None)
    assert "secret" not in str(error.value)


def test_foreign_target_needs_a_key_from_the_environment() -> None:
    with serving(Other()) as url:
        with pytest.raises(TargetRefused, match="VIDEO_DB_API_KEY"):
            open_target(url, document(), {}, token_env=None)
        with pytest.raises(TargetRefused, match="MY_KEY"):
            open_target(url, document(), {"VIDEO_DB_API_KEY": "sk-a"}, token_env="MY_KEY")
        target = open_target(url, document(), {"MY_KEY": "sk-mine"}, token_env="MY_KEY")
        target.close()
    assert target.key.value == "sk-mine"
    assert not target.is_mock
    assert not target.on_rails


def test_key_that_no_header_can_carry_is_refused() -> None:
    with serving(Other()) as url, pytest.raises(TargetRefused, match="no API key"):
        open_target(url, document(), {"VIDEO_DB_API_KEY": "sk-a\r\nx: y"}, token_env=None)


def test_mock_gets_a_fresh_key_and_no_real_one_unasked() -> None:
    with serving(Other(is_mock=True, profile="openapi")) as url:
        one, two = (open_target(url, document(), {"VIDEO_DB_API_KEY": "sk-real"}, token_env=None) for _ in range(2))
        asked = open_target(url, document(), {"VIDEO_DB_API_KEY": "sk-real"}, token_env="VIDEO_DB_API_KEY")
        for target in (one, two, asked):
            target.close()
    assert one.is_mock
    assert one.profile == "openapi"
    assert one.key.value.startswith("sk-check-")
    assert one.key.value != two.key.value
    assert asked.key.value == "sk-real"


def test_unreachable_host_is_a_failure_and_no_refusal() -> None:
    with pytest.raises(TargetUnreachable) as error:
        open_target(f"http://127.0.0.1:{closed_port()}", document(), {"VIDEO_DB_API_KEY": "sk-a"}, token_env=None)
    assert error.value.failure.code == "unreachable"


def test_named_server_of_the_document_takes_a_key_of_its_own() -> None:
    with serving(Other()) as url:
        servers = {"servers": [{"url": "https://p.example", "description": "Production server"}]}
        servers["servers"].append({"url": url, "description": "Staging server"})
        target = open_target("Staging", servers, {"VIDEODB_STAGING_KEY": "sk-stage"}, token_env=None)
        target.close()
    assert target.url == url
    assert target.key.value == "sk-stage"


def test_named_server_gets_no_request_without_its_key() -> None:
    other = Other(is_mock=True)
    with serving(other) as url:
        servers = [{"url": "https://p.example", "description": "Production"}, {"url": url, "description": "Staging"}]
        with pytest.raises(TargetRefused, match="VIDEODB_STAGING_KEY"):
            open_target("staging", {"servers": servers}, {"VIDEO_DB_API_KEY": "sk-a"}, token_env=None)
    assert other.asked == 0


def test_rails_send_only_allowed_requests() -> None:
    other = Other()
    limits = Limits(requests=60, forbids=forbids_spending)
    run = run_on(target_of(other, is_mock=False, limits=limits))
    assert run.end.requests_sent == len(other.seen) == 60
    assert run.end.stopped == "the budget of 60 requests is spent"
    assert {(method, path) for method, path, _, _ in other.seen} <= {
        ("POST", "/billing/checkout"),
        ("GET", "/billing/checkouts"),
        ("GET", "/billing/usage"),
        ("GET", "/billing/invoices"),
        ("GET", "/billing/auto_recharge"),
    }
    assert {session["amount"] for sessions in other.sessions.values() for session in sessions} <= {1, None}
    assert run.findings == ()


def test_rails_keep_their_pace() -> None:
    other = Other()
    run_on(target_of(other, is_mock=False, limits=Limits(requests=12, per_second=50)))
    assert other.times[-1] - other.times[0] >= 11 / 50 - 0.01


def test_retry_after_is_waited_for_and_the_request_repeated() -> None:
    other = Other()

    async def throttled(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if other.asked == 3:
            other.asked += 1
            headers = [(b"retry-after", b"1")]
            await send({"type": "http.response.start", "status": 429, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await other(scope, receive, send)

    run = run_on(target_of(throttled, is_mock=False, limits=Limits(requests=12)))
    assert run.end.failure is None
    assert max(later - earlier for earlier, later in pairwise(other.times)) >= 1
    assert run.end.requests_sent == len(other.seen) + 1 == 12


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("9" * 400, math.inf),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0),
        ("-1", None),
        ("1.5", None),
        ("\u00b2", None),
        ("soon", None),
        ("Sun, 99 Foo 2030 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(Response(429, Headers([("retry-after", value)]), b"")) == seconds


def test_retry_after_in_a_minute_is_a_minute() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(minutes=1))
    seconds = retry_after(Response(429, Headers([("retry-after", in_a_minute)]), b""))
    assert seconds is not None
    assert 55 < seconds <= 60


class Resting:
    """A server that answers 503 with Retry-After to requests by their number."""

    def __init__(self, is_resting: Callable[[int], bool]) -> None:
        self.other = Other()
        self.asked = 0
        self._is_resting = is_resting

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self.asked += 1
        if not self._is_resting(self.asked):
            await self.other(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def test_server_that_rests_now_and_then_is_asked_again() -> None:
    resting = Resting(lambda number: number % 9 == 0)
    run = run_on(target_of(resting, is_mock=False), origins=frozenset({"coverage"}))
    assert run.findings == ()
    assert run.end.failure is None
    assert resting.asked == run.end.requests_sent > 100


def test_server_that_never_comes_back_is_waited_for_once() -> None:
    resting = Resting(lambda _: True)
    target = target_of(resting, is_mock=False)
    gate = Gate(target.transport, Limits())
    for _ in range(3):
        asyncio.run(gate.send(Request("GET", f"{target.url}/billing/usage", {})))
    assert resting.asked == 4 + 1 + 1


@pytest.mark.parametrize(
    ("method", "target", "is_modest_one"),
    [
        ("GET", "/billing/topup?limit=1", True),
        ("POST", "/billing/topup", False),
        ("POST", "/billing/auto_recharge", False),
        ("DELETE", "/billing/checkout", False),
        ("POST", "/billing/checkout", True),
        ("POST", "/billing/checkout?a=1", True),
        ("POST", "/billing/checkouts", False),
    ],
)
def test_rails_leave_out_entries_that_change_more_than_a_session(method: str, target: str, is_modest_one: bool) -> None:
    entry = CorpusEntry(f"{method} {target}", "fuzzing", method, target, (), b'{"amount": 1}', Expected.EITHER)
    assert is_modest(entry) is is_modest_one
    assert not is_modest(replace(entry, body=b'{"amount": 50}')) or method == "GET"


def test_plan_of_the_rails_names_their_limits() -> None:
    target = target_of(Other(), limits=Limits())
    assert target_of(Other()).rails == ()
    assert f"{RAIL_REQUESTS} requests, {RAIL_PER_SECOND:.0f} a second" in " ".join(target.rails)
