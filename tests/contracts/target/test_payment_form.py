from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.target.account_readings import path_at_target
from mockserver_contracts.target.client import Call, TargetClient
from mockserver_contracts.target.payment_form import CARD, PaymentForm, form_on
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import WebPage

BASE = "http://localhost:8000/api"
PAGE = f"{BASE}/pay/cs_1?token=t"
FORM = """
<form action="/search"><input name="card"></form>
<form method="POST" action="%s">
  <input type="hidden" name="csrf" value="secret">
  <input name="email" type="email"><input name="card_number"><input name="expiry"><input name="cvc">
  <input name="filled" value="kept"><input type="checkbox" name="terms" required><input type="checkbox" name="news">
  <input type="radio" name="kind" value="one"><input type="radio" name="kind" value="two" checked>
  <select name="country"><option value="">-</option><option value="DE">Germany</option><option value="US">US</option>
  </select>
  <button name="action" value="cancel">Go back</button>
  <button type="button" name="x" value="y">Help</button>
  <button name="action" value="pay">Pay <b>$50</b></button>
</form>
"""


class Target:
    """A client that keeps what was sent."""

    url = BASE

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, str], dict[str, str]]] = []

    def send_at_once(self, calls: list[Call]) -> list[None]:
        for method, path, headers, body, _ in calls:
            self.sent.append((method, path, dict(headers), dict(parse_qsl(body.decode(), keep_blank_values=True))))
        return [None] * len(calls)


def client(target: Any) -> TargetClient:
    return cast("TargetClient", target)


def form(html: str, *, cookies: str = "") -> PaymentForm:
    answer = Exchange(Request("GET", PAGE, {}), Response(200, {}, html.encode()))
    return form_on(WebPage(answer, PAGE, cookies), client(SimpleNamespace(url=BASE)))


def test_form_is_filled_in_and_sent_like_a_browser_does() -> None:
    target = Target()
    form(FORM % "", cookies="sid=1").pay(client(target))
    ((method, path, headers, fields),) = target.sent
    assert (method, path, headers["cookie"]) == ("POST", "/pay/cs_1?token=t", "sid=1")
    assert fields == {
        "csrf": "secret",
        "email": "buyer@example.com",
        "card_number": CARD,
        "expiry": "12/34",
        "cvc": "123",
        "filled": "kept",
        "terms": "on",
        "kind": "two",
        "country": "DE",
        "action": "pay",
    }


def test_button_to_cancel_is_told_by_its_words() -> None:
    target = Target()
    form(FORM % "").cancel(client(target))
    assert target.sent[0][3]["action"] == "cancel"
    assert form("<form method=post><input name=card><button>Pay</button></form>").cancel(client(target)) is None


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ("", "/pay/cs_1?token=t"),
        ("?token=u", "/pay/cs_1?token=u"),
        ("cs_1/confirm", "/pay/cs_1/confirm"),
        ("/api/confirm", "/confirm"),
        (f"{BASE}/confirm?a=b", "/confirm?a=b"),
    ],
)
def test_form_is_sent_where_its_page_says(action: str, path: str) -> None:
    assert form(FORM % action).path == path


@pytest.mark.parametrize("action", ["https://pay.example/", "/outside", "http://localhost:8001/api/confirm"])
def test_form_is_never_sent_elsewhere(action: str) -> None:
    with pytest.raises(Undecided, match="another host"):
        form(FORM % action)


@pytest.mark.parametrize("html", ["", "<form method=post><input name=email></form>", "<input name=card>"])
def test_page_without_a_form_for_a_card_cannot_be_paid_at(html: str) -> None:
    with pytest.raises(Undecided, match="no form"):
        form(html)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (f"{BASE}/pay/1", "/pay/1"),
        (f"{BASE}/pay?session=1", "/pay?session=1"),
        ("http://localhost:8000/pay/1", None),
        ("http://localhost:8000/apish/1", None),
        ("http://localhost/api/pay/1", None),
        ("http://[/", None),
    ],
)
def test_path_of_a_url_is_below_the_address_of_the_target(url: str, path: str | None) -> None:
    assert path_at_target(client(SimpleNamespace(url=BASE)), url) == path
