"""Bodies near a schema: valid ones, and valid ones with a relevant change."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mockserver.contract import Json, Profile, load
from tests.contract.builders import a_checkout, a_usage

EDGE_NUMBERS: list[Json] = [
    *(0, 1, 50, 50.0, 10.5, -1, 0.5, 5e-324, 1e300, 10**300),
    *(999_999, 999_999.0, 999_999.5, 1_000_000),
]
EDGE_URLS: list[Json] = [
    "https://shop.example/ok",
    "http://localhost:3000/?session={CHECKOUT_SESSION_ID}#done",
    "HTTPS://[::1]:8080",
    "https://user:word@shop.example:",
    "https://shop.example/ok\n",
    "https://shop.example\n/",
    "https://shop.example/a b",
    "https://shop.example/\N{EURO SIGN}",
    "https://",
    "https:///path",
    "https://:80/",
    "https://..",
    "https://shop.example\\@evil.example",
    "//shop.example/",
    "/ok",
    "javascript:alert(1)",
    "ftp://shop.example/",
    " https://shop.example/",
    "",
]
EDGE_WORDS: list[Json] = [
    *("payment", "subscription", "PAYMENT", "payment ", "plan-basic", "usd", "pending", "expired"),
    *("", "\0", "\n", "\N{GRINNING FACE}"),
]
EDGE_TIMES: list[Json] = [
    "2030-01-01T00:00:00.000Z",
    "2030-01-01T00:00:00.000Z\n",
    "2030-01-01T00:00:00Z",
    "2030-02-30T00:00:00.000Z",
    "2030-01-01T25:00:00.000Z",
    "2030-01-01T00:00:00.000+00:00",
    "2030-01-01T23:59:60.000Z",
]
OTHERS: list[Json] = [None, True, False, [], {}, [[]], {"a": None}, "50", "cs_test_x"]

NUMBERS: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from(EDGE_NUMBERS), st.integers(-3, 1_000_003), st.floats(allow_nan=False, allow_infinity=False)
)
URLS: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from(EDGE_URLS), st.text("htps:/.@[]{}?#%-\\ \r\n\0", max_size=12).map("https://a{}".format)
)
WORDS: st.SearchStrategy[Json] = st.sampled_from(EDGE_WORDS)
TIMES: st.SearchStrategy[Json] = st.sampled_from(EDGE_TIMES)
JUNK: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from(OTHERS),
    NUMBERS,
    URLS,
    WORDS,
    TIMES,
).map(copy.deepcopy)

EDGES = {"amount": EDGE_NUMBERS, "mode": EDGE_WORDS, "plan_id": EDGE_WORDS} | dict.fromkeys(
    ("success_url", "cancel_url", "successUrl", "cancelUrl"), EDGE_URLS
)
POOLS = {"amount": NUMBERS, "mode": WORDS, "plan_id": WORDS, "note": JUNK} | dict.fromkeys(
    ("success_url", "cancel_url", "successUrl", "cancelUrl"), URLS
)
RIGHT_REQUESTS: list[dict[str, Any]] = [
    {"amount": 50},
    {"amount": 1, "mode": "payment", "success_url": "https://shop.example/ok"},
    {"mode": "subscription", "plan_id": "plan-basic"},
    {"mode": "subscription", "plan_id": "plan-basic", "amount": 999_999, "cancelUrl": "http://localhost"},
]


def edge_requests() -> Iterator[Json]:
    """Every valid body, with each member left out and set to each edge value."""
    for right in RIGHT_REQUESTS:
        for name, edges in EDGES.items():
            yield {key: value for key, value in right.items() if key != name}
            yield from ({**right, name: edge} for edge in (*edges, *OTHERS))


@st.composite
def _requests(draw: st.DrawFn) -> Json:
    """A valid body with up to two members left out, replaced or added."""
    body = dict(draw(st.sampled_from(RIGHT_REQUESTS)))
    for name in draw(st.lists(st.sampled_from(sorted(POOLS)), max_size=2, unique=True)):
        change = draw(st.sampled_from(["near", "near", "near", "junk", "leave out"]))
        if change == "leave out":
            body.pop(name, None)
        else:
            body[name] = draw(POOLS[name] if change == "near" else JUNK)
    return body


ANY_MEMBERS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {}, optional={name: pool | JUNK for name, pool in POOLS.items()}
)
REQUESTS: st.SearchStrategy[Json] = st.one_of(_requests(), _requests(), _requests(), ANY_MEMBERS, JUNK)


def edge_replies(profile: str) -> Iterator[tuple[str, str, int, Json]]:
    """Every valid response, with each member left out and set to each edge value."""
    for method, path, status, right in _right_replies(load(profile)[1]):
        for index in range(len(_places(right))):
            for edge in (None, *EDGE_NUMBERS[:6], *EDGE_URLS[:6], *EDGE_WORDS, *EDGE_TIMES, *OTHERS):
                changed = copy.deepcopy(right)
                holder, key = _places(changed)[index]
                holder[key] = copy.deepcopy(edge)
                yield method, path, status, changed
            changed = copy.deepcopy(right)
            holder, key = _places(changed)[index]
            del holder[key]
            yield method, path, status, changed


def replies(profile: str) -> st.SearchStrategy[tuple[str, str, int, Json]]:
    """Method, path, status and body of a response, valid or changed, for the operations of a profile."""
    right = _right_replies(load(profile)[1])
    return st.sampled_from(right).flatmap(
        lambda reply: st.tuples(*map(st.just, reply[:3]), _changed(reply[3]) | _changed(reply[3]) | JUNK)
    )


def _right_replies(profile: Profile) -> list[tuple[str, str, int, Json]]:
    values = a_checkout()
    fault = {"pointer": "/amount", "message": "amount is 0", "code": "minimum"}
    refusal = {"message": "no", "error_code": "invalid_request"}
    return [
        ("POST", "/billing/checkout", 200, profile.checkout_body(values)),
        ("POST", "/billing/checkout", 400, profile.error_body({**refusal, "errors": [fault]})),
        ("GET", "/billing/checkouts", 200, profile.list_body([values, a_checkout(amount=None)])),
        ("GET", "/billing/usage", 200, profile.usage_body(a_usage())),
        ("GET", "/billing/usage", 401, profile.error_body(refusal)),
    ]


@st.composite
def _changed(draw: st.DrawFn, body: Json) -> Json:
    """A copy with up to two members left out, replaced or added."""
    changed = copy.deepcopy(body)
    for _ in range(draw(st.integers(0, 2))):
        if not (places := _places(changed)):
            break
        holder, key = draw(st.sampled_from(places))
        change = draw(st.sampled_from(["near", "near", "near", "junk", "add", "leave out"]))
        if change == "leave out":
            del holder[key]
        elif change == "add" and isinstance(holder, dict):
            holder[f"{key}_"] = draw(JUNK)
        else:
            holder[key] = draw(JUNK if change == "junk" else _near(holder[key]))
    return changed


def _near(value: Json) -> st.SearchStrategy[Json]:
    if isinstance(value, str):
        return TIMES if value.startswith("20") else URLS if value.startswith("http") else WORDS | st.just(value + "\n")
    if isinstance(value, bool | None):
        return st.sampled_from([True, False, None])
    return NUMBERS if isinstance(value, int | float) else JUNK


def _places(value: Json) -> list[tuple[Any, Any]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in members for place in [(value, key), *_places(each)]]
