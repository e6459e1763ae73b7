"""Every form of a secret or a stack trace is found in an answer, and nothing in an answer without one."""

from __future__ import annotations

import pytest
from mockserver_contracts.checks.soundness.privacy import _secrets_in
from mockserver_contracts.exchange import Exchange, Request, Response

SECRETS = (
    b'{"data": [{"client_secret": "abc"}]}',
    b'{"password":"abc"}',
    b'{"key": "sk_live_4eC39HqLyjWD"}',
    b'{"key": "rk_test_4eC39HqLyjWD"}',
    b'{"key": "whsec_4eC39HqLyjWD"}',
)
TRACES = (
    b'{"message": "Traceback (most recent call last)"}',
    b'{"message": "Error: no\\n    at pay (/srv/app.js:12:7)"}',
    b"Error: no\n\tat pay (/srv/app.js:12:7)",
    b'{"file": "/srv/node_modules/x.js"}',
    b'{"file": "/usr/lib/site-packages/x.py"}',
    b"java.lang.Error\n\tat com.shop.Pay$1.run(Pay.java:12)",
    b'{"message": "/srv/pay.rb:12:in `parse\': unexpected token (JSON::ParserError)"}',
    b'{"message": "/srv/pay.rb:12:in \'JSON.parse\': unexpected token"}',
    b'{"message": "/srv/pay.rb:12:in \\u0060parse\\u0027: unexpected token"}',
    b"goroutine 34 [running]:\nmain.pay()\n\t/srv/pay.go:12 +0x1d",
    b'{"trace": "#0 \\/srv\\/Pay.php(12): Shop->pay()"}',
    b"<b>Warning</b>: no amount in <b>/srv/pay.php</b> on line <b>12</b>",
    b'{"stackTrace": "   at Shop.Pay.Run(Order order) in /srv/Pay.cs:line 12"}',
    b"(shop 0.1.0) lib/shop/pay.ex:12: Shop.Pay.run/1",
    b"thread 'main' panicked at src/main.rs:12:5",
    b'{"message": "malformed JSON string, at character offset 1 at /srv/lib/Shop/Pay.pm line 12."}',
)
HARMLESS = (
    b'{"client_secret": null, "secret": "", "note": "the secret: none"}',
    b'{"id": "cs_test_4eC39HqLyjWD"}',
    b'{"message": "Look at the amount at 12:30:15"}',
    b'{"key": "task_live_4eC39HqLyjWD"}',
    b'{"url": "https://shop.example/pay.php?on=1:12"}',
    b'{"message": "see pay.rb: line 12, or the amount in: line 3"}',
    b'{"id": "cs.ex:12"}',
    b'{"message": "look at the order.pl: line 12"}',
)


KEY = "sk-of-somebody"


def causes(body: bytes, *, media_type: str = "application/json", key: str | None = KEY) -> list[str]:
    request = Request("GET", "http://127.0.0.1:1/billing/usage", {} if key is None else {"x-access-token": key})
    answer = Exchange(request, Response(200, {"content-type": media_type}, body))
    return [cause for cause, _ in _secrets_in(answer, "x-access-token", {KEY.encode()})]


def test_key_of_another_request_is_found_on_a_page() -> None:
    body = f"<!-- {KEY} -->".encode()
    assert causes(body, media_type="text/html; charset=utf-8", key=None) == ["the API key on a page"]
    assert causes(body, media_type="application/json", key=None) == []


@pytest.mark.parametrize("body", SECRETS)
def test_secret_of_the_server_is_found(body: bytes) -> None:
    assert causes(body) == ["a secret of the server"]


@pytest.mark.parametrize("body", TRACES)
def test_stack_trace_is_found(body: bytes) -> None:
    assert causes(body) == ["a stack trace"]


@pytest.mark.parametrize("body", HARMLESS)
def test_answer_without_a_secret_has_none(body: bytes) -> None:
    assert causes(body) == []
