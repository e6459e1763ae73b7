"""On rails nothing goes out that any server could read as an order of more than a dollar."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mockserver_contracts.target.gate import Limits
from mockserver_contracts.target.rails.safety import forbids_spending
from mockserver_contracts.target.rails.spending import may_cost_more_than_a_dollar

from tests.contracts.runs import CLAIMS, drift_of, run_on, target_of
from tests.contracts.servers.independent import Other
from tests.contracts.servers.lenient import Lenient, largest_order
from tests.matrix import long_but

HARMLESS: Final = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b"{",
    b"\xff",
    b'{"amount": 1}',
    b'{"amount": 1.0}',
    b'{"amount": 1e0}',
    b'{"amount": 0}',
    b'{"amount": -1}',
    b'{"amount": 0.5}',
    b'{"amount": true}',
    b'{"amount": "1"}',
    b'{"amount": "x"}',
    b'{"amount": null, "mode": "payment", "plan_id": null}',
    b'{"amount": 1, "extra": 500, "success_url": "https://shop.example/2026/50?total=9"}',
    b'[{"amount": 1}]',
    b'{"amount": 1, "amount": 1}',
    b'{"amount": 1',
    b"amount=1",
    b'{"mode": "payment", "amount": 1,}',
)
EXPENSIVE: Final = (
    b'{"amount": 2}',
    b'{"amount": 1.5}',
    b'{"amount": -100}',
    b'{"amount": 1e2}',
    b'{"amount": 1e400}',
    b'{"amount": NaN}',
    b'{"amount": -Infinity}',
    b'{"amount": ' + b"9" * 5_000 + b"}",
    b'{"amount": "100"}',
    b'{"amount": "1_00"}',
    b'{"amount": "1e2"}',
    b'{"amount": "0xff"}',
    b'{"amount": "$ 100"}',
    b'{"amount": "infinity"}',
    '{"amount": "\u0661\u0660\u0660"}'.encode(),
    '{"amount": "\uff11\uff10\uff10"}'.encode(),
    '{"amount": "\u2169"}'.encode(),
    b'{"amount": [100]}',
    b'{"amount": {"value": 100}}',
    b'{"Amount": 100}',
    b'{" amount\\u0000": 100}',
    b'[{"amount": 100}]',
    b'[[{"amount": 100}]]',
    b'{"order": {"amount": 100}}',
    b'{"amount": 1, "amount": 100}',
    b'{"amount": 100, "amount": 1}',
    b'{"amount": 100',
    b'{"amount": 100, "success_url": "https://shop.exa',
    b'{"amount": 1 00}',
    b"{'amount': 100}",
    b"amount=100",
    b"amount=%31%30%30",
    b'{"amount": "\\u0031\\u0030\\u0030"',
    '{"amount": 100}'.encode("utf-16"),
    '{"amount": 100'.encode("utf-16-be"),
    b"100",
    b"[100]",
    b'"100"',
    b'{"mode": "subscription"}',
    b'{"mode": "SUBSCRIPTION", "amount": 1}',
    b'{"mode": "setup", "amount": 1}',
    b'{"Mode": ["subscription"], "amount": 1}',
    b'{"plan_id": "pro"}',
    b'{"plan_id": "pro", "amount": 1}',
    b'{"mode": "subscription", "plan_id": "pr',
    b'{"mode": 0,}',
    b'{"mode": "sub',
)


@pytest.mark.parametrize("body", HARMLESS)
def test_body_that_nobody_reads_as_more_than_a_dollar_may_go(body: bytes) -> None:
    assert not may_cost_more_than_a_dollar(body)


@pytest.mark.parametrize("body", EXPENSIVE)
def test_body_that_somebody_reads_as_more_than_a_dollar_may_not_go(body: bytes) -> None:
    assert may_cost_more_than_a_dollar(body)


def bare_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush()


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bare_deflate])
def test_packed_body_counts_like_its_text(pack: Callable[[bytes], bytes]) -> None:
    expensive = pack(b'{"amount": 100, "mode": "payment"}')
    assert may_cost_more_than_a_dollar(expensive)
    assert may_cost_more_than_a_dollar(expensive[:-2])
    assert may_cost_more_than_a_dollar(expensive[:-2] + b"\0\0")


def test_packed_order_of_a_dollar_may_go() -> None:
    packed = gzip.compress(b'{"amount": 1}', mtime=0)
    assert not may_cost_more_than_a_dollar(packed)
    assert not may_cost_more_than_a_dollar(packed[:-12])


@pytest.mark.parametrize(
    ("query", "is_expensive"),
    [("limit=100&offset=7", False), ("amount=1", False), ("amount=50", True), ("a=1&mode=subscription", True)],
)
def test_query_counts_like_a_body(query: str, is_expensive: bool) -> None:
    assert may_cost_more_than_a_dollar(b'{"amount": 1}', query) is is_expensive


AMOUNTS: Final = st.one_of(
    st.sampled_from([0, 1, 2, 100, 1.0, 1.5, 1e2, "1", "100", "1,00", "\u0663", True, None]),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False),
    st.text(alphabet="0123456789eExX.,_ -+$\u0663\uff11ab", max_size=6),
)
ORDERS: Final = st.dictionaries(
    st.sampled_from(["amount", "AMOUNT", "mode", "plan_id", "success_url", "extra"]),
    st.one_of(AMOUNTS, st.sampled_from(["payment", "subscription", "pro"]), st.lists(AMOUNTS, max_size=2)),
    max_size=4,
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Orders as JSON, twice in one object, wrapped, cut short, or with a byte changed."""
    order: Any = draw(ORDERS)
    text = json.dumps(order, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        text = text[:-1] + ("," if order else "") + json.dumps(draw(ORDERS))[1:]
    text = draw(st.sampled_from(["{}", "[{}]", '{{"order": {}}}', " {}"])).format(text)
    data = text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-16-le"])))
    cut = draw(st.integers(0, len(data)))
    return data[:cut] if draw(st.booleans()) else data


@given(body=bodies())
@example(body=b'{"amount": 1')
def test_lenient_reader_finds_no_expensive_order_in_what_may_go(body: bytes) -> None:
    if not may_cost_more_than_a_dollar(body):
        assert largest_order(body) <= 1


@pytest.mark.parametrize("run", long_but(drift_of, of=[run_on, drift_of]))
def test_run_on_rails_sends_no_order_of_more_than_a_dollar(run: Any) -> None:
    server = Lenient(Other())
    target = target_of(server, is_mock=False, limits=Limits(requests=400, forbids=forbids_spending))
    end = run(target, claims=CLAIMS, rules=True).end
    assert end.failure is None
    assert (server.largest, server.worst and server.worst[0]) == (1.0, server.worst and server.worst[0])
