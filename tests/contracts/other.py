"""Another server of the checkout API, written from the page and sharing no code with the mock.

`Other(...)` is correct in profile `page`; a defect is a change of how it answers, by name.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import string
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = dict[str, str]

KEY = re.compile(r"sk-[A-Za-z0-9_-]{1,200}")
REDIRECT = re.compile(
    r"[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._~%!$&'()*+,;=:-]*@)?"
    r"([A-Za-z0-9_][A-Za-z0-9._~-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{0,5})?([/?#][!-~]*)?"
)
DEFECTS = (
    "html_on_refusal",
    "500_on_zero",
    "401_to_everything",
    "403_to_everything",
    "429_to_everything",
    "503_to_everything",
    "500_to_everything",
    "html_to_everything",
    "400_to_everything",
    "no_data_url",
    "takes_any_key",
    "takes_any_mode",
    "refuses_subscriptions",
    "text_plain",
    "no_allow",
    "wrong_allow",
    "get_creates",
    "error_code_missing",
    "amount_as_text",
    "422_for_400",
    "redirects_elsewhere",
    "echoes_the_key",
)


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Other:
    """An ASGI application; `seen` holds what it was asked."""

    def __init__(self, defect: str | None = None, *, is_mock: bool = False, profile: str = "page") -> None:
        assert defect is None or defect in DEFECTS, defect
        self.seen: list[tuple[str, str, bytes, Headers]] = []
        self.times: list[float] = []
        self.asked = 0
        self._defect = defect
        self._is_mock = is_mock
        self._profile = profile
        self.sessions: dict[str, list[dict[str, Any]]] = {}
        self._random = random.Random(1)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.asked += 1
        body = b""
        for _ in itertools.count():
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/_mock/health" and self._is_mock:
            await _answer(send, 200, {}, {"status": "ok", "version": "0", "profile": self._profile, "store": "memory"})
            return
        if scope["path"] != "/_mock/health":
            self.seen.append((scope["method"], scope["path"], body, headers))
            self.times.append(time.monotonic())
        status, more, reply = self._reply(scope, headers, body)
        await _answer(send, status, more, reply)

    def _reply(self, scope: MutableMapping[str, Any], headers: Headers, body: bytes) -> tuple[int, Headers, Any]:
        if whole := re.fullmatch(r"(\d{3})_to_everything", self._defect or ""):
            status = int(whole[1])
            return status, {}, {"success": False, "message": "No.", "error_code": "unauthorized"}
        if self._defect == "html_to_everything":
            return 200, {"content-type": "text/html"}, "<html>hello</html>"
        if self._defect == "redirects_elsewhere":
            return 302, {"location": "http://127.0.0.1:9/elsewhere"}, {}
        try:
            return self._served(scope, headers, body)
        except Refused as refused:
            return self._refusal(refused, scope)

    def _refusal(self, refused: Refused, scope: MutableMapping[str, Any]) -> tuple[int, Headers, Any]:
        more = {}
        if refused.status == 405 and self._defect != "no_allow":
            more["allow"] = "POST" if scope["path"] == "/billing/checkout" else "GET"
        reply = {"success": False, "message": str(refused), "error_code": refused.code}
        if self._defect == "error_code_missing":
            del reply["error_code"]
        if self._defect == "html_on_refusal":
            return refused.status, {"content-type": "text/html", **more}, "<h1>Bad</h1>"
        status = 422 if self._defect == "422_for_400" and refused.status == 400 else refused.status
        return status, more, reply

    def _served(self, scope: MutableMapping[str, Any], headers: Headers, body: bytes) -> tuple[int, Headers, Any]:
        routes = {"/billing/checkout": "POST", "/billing/checkouts": "GET", "/billing/usage": "GET"}
        method, path = scope["method"], scope["path"]
        if path not in routes:
            raise Refused(404, "not_found", f"{path} is not here")
        if method == "OPTIONS":
            return 204, {"allow": "PATCH" if self._defect == "wrong_allow" else routes[path]}, None
        if method != routes[path] and not (self._defect == "get_creates" and path == "/billing/checkout"):
            raise Refused(405, "method_not_allowed", f"{method} is not for {path}")
        key = headers.get("x-access-token", "")
        if not KEY.fullmatch(key) and self._defect != "takes_any_key":
            raise Refused(401, "unauthorized", "A key is needed")
        if path == "/billing/usage":
            return 200, {}, {"success": True, "data": self._usage()}
        if path == "/billing/checkouts":
            return 200, {}, {"success": True, "data": self._list(key, parse_qs(scope["query_string"].decode(), True))}
        more = {"content-type": "text/plain"} if self._defect == "text_plain" else {}
        return 200, more, self._created(key, self._order(headers, body))

    def _usage(self) -> dict[str, Any]:
        return {
            "credit_balance": 0,
            "usage_this_month": 0,
            "breakdown": {},
            "plan_id": "",
            "email": "someone@example.com",
            "credit_used": 0,
        }

    def _list(self, key: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        limit, offset = (_number(query, name, default) for name, default in (("limit", 10), ("offset", 0)))
        if not 1 <= limit <= 100 or offset < 0:
            raise Refused(400, "invalid_request", "limit or offset")
        return self.sessions.get(key, [])[::-1][offset : offset + limit]

    def _order(self, headers: Headers, body: bytes) -> dict[str, Any]:
        media_type, _, rest = headers.get("content-type", "").partition(";")
        if media_type.strip().lower() != "application/json" or ("charset" in rest and "utf-8" not in rest.lower()):
            raise Refused(415, "unsupported_media_type", "JSON in UTF-8 is needed")
        try:
            order = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Refused(400, "invalid_json", "This is not JSON") from None
        if not isinstance(order, dict):
            raise Refused(400, "invalid_request", "An object is needed")
        self._examine(order)
        return order

    def _examine(self, order: dict[str, Any]) -> None:
        mode = order.get("mode", "payment")
        if mode not in ("payment", "subscription") and self._defect != "takes_any_mode":
            raise Refused(400, "invalid_request", "mode")
        plan = order.get("plan_id", "plan")
        if not isinstance(plan, str):
            raise Refused(400, "invalid_request", "plan_id")
        if mode == "subscription" and self._defect == "refuses_subscriptions":
            raise Refused(400, "invalid_request", "no subscriptions today")
        # A plan is sold without an amount, an amount without a plan.
        if "amount" not in order or mode == "subscription":
            has_plan = mode == "subscription" and bool(order.get("plan_id"))
            if not has_plan:
                raise Refused(400, "invalid_request", "an amount, or a plan")
        if "amount" in order:
            amount = order["amount"]
            if isinstance(amount, bool) or not isinstance(amount, int | float) or amount != int(amount):
                raise Refused(400, "invalid_request", "amount")
            if amount == 0 and self._defect == "500_on_zero":
                raise ZeroDivisionError
            if not 1 <= amount <= 999_999:
                raise Refused(400, "invalid_request", "amount")
        for name in ("success_url", "cancel_url", "successUrl", "cancelUrl"):
            if name in order and (not isinstance(order[name], str) or not REDIRECT.fullmatch(order[name])):
                raise Refused(400, "invalid_request", name)

    def _created(self, key: str, order: dict[str, Any]) -> dict[str, Any]:
        session = "cs_test_" + "".join(self._random.choices(string.ascii_letters + string.digits, k=58))
        amount = order.get("amount")
        self.sessions.setdefault(key, []).append(
            {
                "id": session,
                "amount": str(amount) if self._defect == "amount_as_text" else amount,
                "currency": "usd",
                "status": "pending",
                "created_at": "2030-01-01T00:00:00.000Z",
            }
        )
        url = f"http://127.0.0.1/c/pay/{session}"
        if self._defect == "echoes_the_key":
            url = f"ftp://127.0.0.1/{key}"
        data = {"url": url, "id": session, "checkout_url": url, "expires_at": "2030-01-02T00:00:00.000Z"}
        if self._defect == "no_data_url":
            del data["url"]
        return {"success": True, "data": data, "id": session, "checkout_url": url, "checkoutUrl": url}


async def _answer(send: Send, status: int, more: Headers, reply: Any) -> None:
    headers = {"content-type": "application/json", **more}
    text = reply if isinstance(reply, str) else "" if reply is None else json.dumps(reply)
    body = text.encode()
    if status == 204:
        del headers["content-type"]
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _number(query: dict[str, list[str]], name: str, default: int) -> int:
    given = query.get(name, [str(default)])
    # Where a parameter comes twice, the last one counts.
    if not re.fullmatch(r"-?[0-9]{1,400}", given[-1]):
        raise Refused(400, "invalid_request", name)
    return int(given[-1])
