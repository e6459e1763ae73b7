"""The journal checks every reply against the contract. After all kinds of requests it has no violation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.matrix import IS_LONG
from tests.store.backends import BACKENDS
from tests.web.mock_client import KEY, OTHER, Mock, a_mock
from tests.web.pages.checkout_forms import post

PROFILES: Final = ("page", "openapi", "python-sample", "javascript-sample", "observed")
# A profile shapes the values that a store returns: `make test-long` tries every profile on every store.
PAIRS: Final = [
    (backend, profile)
    for backend in BACKENDS
    for profile in PROFILES
    if IS_LONG or (backend, profile) in {("sqlite", "page"), ("postgresql", "page"), ("memory", "observed")}
]
BODIES: list[object] = [
    {"amount": 50},
    {"amount": 50.0, "mode": "payment", "success_url": "https://a.example/{CHECKOUT_SESSION_ID}"},
    {"mode": "subscription", "plan_id": "plan-é"},
    {"mode": "subscription"},
    {},
    {"amount": -1},
    {"amount": 10.5},
    {"amount": 1e300},
    {"amount": 1e-300},
    {"amount": "50", "mode": "gift", "plan_id": 5, "cancelUrl": "javascript:1"},
    {"a/~b": {"": [None, True, "\x00"]}},
    [],
    None,
]


def a_day(mock: Mock) -> None:
    for key in (KEY, OTHER, "no key"):
        for body in BODIES:
            mock.checkout(body, key=key)
        for path in (
            "checkouts",
            "checkouts?limit=0",
            "checkouts?limit=1&offset=999",
            "usage",
            "usage?x=%ff",
            "nothing",
        ):
            for method in ("GET", "POST", "OPTIONS", "DELETE", "HEAD"):
                mock.billing(method, path, key=key)
        for content in (b"", b"{", b"\xff", b"[" * 1000, b" " * (1024 * 1024 + 1)):
            for media_type in ("application/json", "text/plain"):
                mock.billing("POST", "checkout", key=key, content=content, headers={"content-type": media_type})
    names = [session["id"] for session in mock.get("/_mock/sessions").json()["sessions"]]
    for number, name in enumerate(names):
        for card in ("4000000000000002", "4000002500003155", "4242424242424242")[: number % 4]:
            post(mock, name, card=card)
    mock.advance("24h", key=KEY)
    for key in (KEY, OTHER):
        for name in names:
            mock.get(f"/pay/{name}")
        mock.listed(key=key, limit=100)
        mock.usage(key=key)


@pytest.mark.parametrize(("backend", "profile"), PAIRS)
def test_every_reply_satisfies_the_contract(backend: str, profile: str, tmp_path: Path) -> None:
    with a_mock(store=BACKENDS[backend].address(tmp_path), profile=profile) as mock:
        a_day(mock)
        kept = mock.journal(limit=1000)
    statuses = Counter(one["status"] for one in kept)
    assert set(statuses) >= {200, 204, 303, 400, 401, 402, 404, 405, 410, 413, 415}
    assert max(statuses) < 500
    assert [one for one in kept if one["contract"]["response"]] == []
