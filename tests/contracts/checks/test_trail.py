"""Some findings are shown by what led to them, others by one request."""

from __future__ import annotations

from mockserver_contracts.checks.trail import steps_to
from mockserver_contracts.exchange import Exchange, Request, Response

BASE = "http://127.0.0.1:1"


def an_exchange(method: str, path: str) -> Exchange:
    return Exchange(Request(method, BASE + path, {}), Response(200, {}))


ORDER = an_exchange("POST", "/billing/checkout")
PAY = an_exchange("POST", "/_mock/sessions/cs_1/pay")
USAGE = an_exchange("GET", "/billing/usage")
CLOCK = an_exchange("POST", "/_mock/clock")


def test_payment_is_shown_by_all_that_the_check_did() -> None:
    assert steps_to(PAY, [(ORDER,), (PAY,), (USAGE,)], BASE) == ((ORDER,), (PAY,), (USAGE,))


def test_order_is_shown_by_its_own_request() -> None:
    other = an_exchange("POST", "/billing/checkout")
    assert steps_to(other, [(ORDER,), (PAY,), (other,)], BASE) == ()


def test_order_under_a_moved_clock_is_shown_by_the_move_too() -> None:
    assert steps_to(ORDER, [(CLOCK,), (ORDER,)], BASE) == ((CLOCK,), (ORDER,))


def test_orders_at_the_same_time_are_shown_together() -> None:
    other = an_exchange("POST", "/billing/checkout")
    assert steps_to(other, [(ORDER, other)], BASE) == ((ORDER, other),)


def test_first_request_of_a_check_is_shown_by_itself() -> None:
    assert steps_to(USAGE, [(USAGE,)], BASE) == ()


def test_answer_of_another_check_has_no_steps_here() -> None:
    assert steps_to(USAGE, [(ORDER,), (PAY,)], BASE) == ()
