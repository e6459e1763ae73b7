"""Every form of a secret or a stack trace is found in an answer, and nothing in an answer without one."""

from __future__ import annotations

import pytest
from mockserver_contracts.checks.soundness.privacy import _secrets_in
from mockserver_contracts.exchange import Exchange, Request, Response

SECRETS = (
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
)
HARMLESS = (
    b'{"id": "cs_test_4eC39HqLyjWD"}',
    b'{"message": "Look at the amount at 12:30:15"}',
    b'{"key": "task_live_4eC39HqLyjWD"}',
    b'{"url": "https://shop.example/pay.php?on=1:12"}',
    b'{"message": "see pay.rb: line 12, or the amount in: line 3"}',
    b'{"id": "cs.ex:12"}',
)


def causes(body: bytes) -> list[str]:
    request = Request("GET", "http://127.0.0.1:1/billing/usage", {"x-access-token": "sk-of-somebody"})
    return [cause for cause, _ in _secrets_in(Exchange(request, Response(200, {}, body)), "x-access-token")]


@pytest.mark.parametrize("body", SECRETS)
def test_secret_of_the_server_is_found(body: bytes) -> None:
    assert causes(body) == ["a secret of the server"]


@pytest.mark.parametrize("body", TRACES)
def test_stack_trace_is_found(body: bytes) -> None:
    assert causes(body) == ["a stack trace"]


@pytest.mark.parametrize("body", HARMLESS)
def test_answer_without_a_secret_has_none(body: bytes) -> None:
    assert causes(body) == []
