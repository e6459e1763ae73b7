"""Another server of the checkout API, written from the page and sharing no code with the mock.

`Other(...)` is correct in profile `page`; a defect is a change of how it answers, by name. What it keeps, and the
control API which it has with `control=True`, stand in `other_state.py` and `other_control.py`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from tests.contracts.servers.accounts import STATE_DEFECTS, Books, Refused
from tests.contracts.servers.billing_family import PATHS, BillingOperations
from tests.contracts.servers.control_api import ControlApi

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = dict[str, str]

CHECKOUT = "/billing/checkout"
ROUTES: dict[str, tuple[str, ...]] = {
    CHECKOUT: ("POST",),
    "/billing/checkouts": ("GET",),
    "/billing/usage": ("GET",),
    **PATHS,
}
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
# Bugs that show only to who follows a session, an account or a key from request to request.
DEEP_DEFECTS = (
    *STATE_DEFECTS,
    "accepts_text",
    "amount_read_from_text",
    "fractions_rounded",
    "limit_forgotten",
    "any_redirect",
    "empty_plan",
    "array_taken",
    "subscription_by_any_case",
    "extra_fields_refused",
    "key_from_the_query",
    "key_from_authorization",
    "key_without_case",
    "key_by_prefix",
    "key_of_any_form",
    "validates_before_it_authenticates",
    "creates_before_it_refuses",
    "200_for_401",
    "snake_case_ignored",
    "camel_case_ignored",
    "no_top_level_id",
    "success_as_text",
    "url_to_nowhere",
    "tires_after_150",
    "length_is_wrong",
    "put_creates",
    "pays_in_a_race",
)


class Other:
    """An ASGI application; `seen` holds what it was asked."""

    def __init__(
        self,
        defect: str | None = None,
        *,
        is_mock: bool = False,
        profile: str = "page",
        control: bool = False,
        plain: bool = False,
        keys: tuple[str, ...] = (),
        prices: Mapping[str, float] | None = None,
    ) -> None:
        assert defect is None or defect in DEFECTS + DEEP_DEFECTS, defect
        self.seen: list[tuple[str, str, bytes, Headers]] = []
        self.times: list[float] = []
        self.asked = 0
        self._defect = defect
        self._is_mock = is_mock
        self._profile = profile
        # Those that it knows; without any it opens an account for every key.
        self._keys = keys
        self._books = Books(defect)
        self._billing = BillingOperations(self._books, prices=prices)
        self._control = ControlApi(self._books, self._billing, plain=plain) if control else None

    @property
    def sessions(self) -> dict[str, list[dict[str, Any]]]:
        return {key: account.sessions for key, account in self._books.accounts.items()}

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
        if self._control is not None and scope["path"].startswith("/_mock/"):
            query = parse_qs(scope["query_string"].decode(), True)
            if self._defect == "pays_in_a_race":
                await self._race(scope["path"])
            await _answer(send, *self._control.answer(scope["method"], scope["path"], query, body))
            return
        if scope["path"] != "/_mock/health":
            self.seen.append((scope["method"], scope["path"], body, headers))
            self.times.append(time.monotonic())
        status, more, reply = self._reply(scope, headers, body)
        await _answer(send, status, more, reply)

    async def _race(self, path: str) -> None:
        session = self._books.session(path.removesuffix("/pay").rpartition("/")[2])
        was = session and session["status"]
        await asyncio.sleep(0)
        if session is not None and was == "pending" and path.endswith("/pay"):
            # What was read before the others came is believed still.
            session["status"] = was

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
            more["allow"] = ", ".join(ROUTES[scope["path"]])
        reply = {"success": False, "message": str(refused), "error_code": refused.code}
        if self._defect == "error_code_missing":
            del reply["error_code"]
        if self._defect == "html_on_refusal":
            return refused.status, {"content-type": "text/html", **more}, "<h1>Bad</h1>"
        status = 422 if self._defect == "422_for_400" and refused.status == 400 else refused.status
        return status, more, reply

    def _served(self, scope: MutableMapping[str, Any], headers: Headers, body: bytes) -> tuple[int, Headers, Any]:
        method, path = scope["method"], scope["path"]
        if page := re.fullmatch(r"/c/pay/(\w+)", path):
            if method != "GET" or self._books.session(page[1]) is None or self._defect == "url_to_nowhere":
                raise Refused(404, "not_found", f"{path} is not here")
            return 200, {"content-type": "text/html"}, "<!doctype html><title>Pay</title>"
        if re.fullmatch(r"/invoice/in_\d{24}", path):
            return 200, {"content-type": "application/pdf"}, "%PDF-1.4\n%%EOF"
        if path not in ROUTES:
            raise Refused(404, "not_found", f"{path} is not here")
        if method == "OPTIONS":
            return 204, {"allow": "PATCH" if self._defect == "wrong_allow" else ", ".join(ROUTES[path])}, None
        takes = {"get_creates": "GET", "put_creates": "PUT"}.get(self._defect or "") if path == CHECKOUT else None
        if method not in (*ROUTES[path], takes):
            raise Refused(405, "method_not_allowed", f"{method} is not for {path}")
        query = parse_qs(scope["query_string"].decode(), True)
        if self._defect == "validates_before_it_authenticates" and path == CHECKOUT:
            self._order(headers, body)
        key = self._key(headers, query)
        if path == "/billing/usage":
            return 200, {}, {"success": True, "data": self._billing.usage(key)}
        if path in PATHS:
            return self._beside(key, method, path, query, headers, body)
        if path == "/billing/checkouts":
            return 200, {}, {"success": True, "data": self._list(key, query)}
        more = {"content-type": "text/plain"} if self._defect == "text_plain" else {}
        if self._defect == "length_is_wrong":
            more["content-length"] = "5"
        if self._defect == "creates_before_it_refuses":
            self._books.create(key, {"amount": 1})
            self._order(headers, body)
            self._books.account(key).sessions.pop()
        return 200, more, self._created(key, self._order(headers, body), headers.get("host", "127.0.0.1"))

    def _beside(
        self, key: str, method: str, path: str, query: dict[str, list[str]], headers: Headers, body: bytes
    ) -> tuple[int, Headers, Any]:
        host = headers.get("host", "127.0.0.1")
        if path == "/billing/invoices":
            return 200, {}, {"success": True, "data": self._page(self._billing.invoices(key, host), query)}
        given = self._json(headers, body) if method == "POST" else None
        if path == "/billing/auto_recharge":
            settings = self._billing.recharge(key, given)
            return 200, {}, {"success": True, **({"data": settings} if given is None else {"message": "Kept"})}
        url = self._created(key, self._billing.order(given), host)["checkoutUrl"]
        return 200, {}, {"success": True, "data": {"url": url}}

    def _key(self, headers: Headers, query: dict[str, list[str]]) -> str:
        key = headers.get("x-access-token", "")
        if self._defect == "key_from_the_query":
            key = key or query.get("x-access-token", [""])[0]
        if self._defect == "key_from_authorization":
            key = key or headers.get("authorization", "").removeprefix("Bearer ")
        if self._defect == "key_of_any_form" and key:
            return key
        if not KEY.fullmatch(key) and self._defect != "takes_any_key":
            raise Refused(200 if self._defect == "200_for_401" else 401, "unauthorized", "A key is needed")
        if self._keys and key not in self._keys:
            raise Refused(401, "unauthorized", "This key is not known")
        if self._defect == "key_without_case":
            key = key.lower()
        if self._defect == "key_by_prefix":
            key = next((known for known in self._books.accounts if key.startswith(known)), key)
        return key

    def _page(self, listed: list[dict[str, Any]], query: dict[str, list[str]]) -> list[dict[str, Any]]:
        limit, offset = (_number(query, name, default) for name, default in (("limit", 10), ("offset", 0)))
        if not 1 <= limit <= 100 or offset < 0:
            raise Refused(400, "invalid_request", "limit or offset")
        return listed[:limit] if self._defect == "list_ignores_offset" else listed[offset : offset + limit]

    def _list(self, key: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        listed = self._books.listed(key)
        for session in listed:
            if self._defect == "amount_as_text":
                session["amount"] = str(session["amount"])
        return self._page(listed, query)

    def _order(self, headers: Headers, body: bytes) -> dict[str, Any]:
        order = self._json(headers, body)
        self._examine(order)
        return order

    def _json(self, headers: Headers, body: bytes) -> dict[str, Any]:
        media_type, _, rest = headers.get("content-type", "").partition(";")
        is_json = media_type.strip().lower() == "application/json" or self._defect == "accepts_text"
        if not is_json or ("charset" in rest and "utf-8" not in rest.lower()):
            raise Refused(415, "unsupported_media_type", "JSON in UTF-8 is needed")
        try:
            order = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Refused(400, "invalid_json", "This is not JSON") from None
        if isinstance(order, list) and order and self._defect == "array_taken":
            order = order[0]
        if not isinstance(order, dict):
            raise Refused(400, "invalid_request", "An object is needed")
        return order

    def _examine(self, order: dict[str, Any]) -> None:
        self._soften(order)
        known = {"mode", "plan_id", "amount", "success_url", "cancel_url", "successUrl", "cancelUrl"}
        if self._defect == "extra_fields_refused" and order.keys() - known:
            raise Refused(400, "invalid_request", "a field that is not known")
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
            has_plan = mode == "subscription" and (bool(order.get("plan_id")) or self._defect == "empty_plan")
            if not has_plan:
                raise Refused(400, "invalid_request", "an amount, or a plan")
        if "amount" in order:
            amount = order["amount"]
            if isinstance(amount, bool) or not isinstance(amount, int | float) or amount % 1 != 0:
                raise Refused(400, "invalid_request", "amount")
            if amount == 0 and self._defect == "500_on_zero":
                raise ZeroDivisionError
            if not 1 <= amount <= (10**12 if self._defect == "limit_forgotten" else 999_999):
                raise Refused(400, "invalid_request", "amount")
        for name in () if self._defect == "any_redirect" else ("success_url", "cancel_url", "successUrl", "cancelUrl"):
            if name in order and (not isinstance(order[name], str) or not REDIRECT.fullmatch(order[name])):
                raise Refused(400, "invalid_request", name)

    def _soften(self, order: dict[str, Any]) -> None:
        amount, mode = order.get("amount"), order.get("mode")
        if self._defect == "amount_read_from_text" and isinstance(amount, str) and amount.isdigit():
            order["amount"] = int(amount)
        if self._defect == "fractions_rounded" and isinstance(amount, float) and abs(amount) < 10**6:
            order["amount"] = math.ceil(amount)
        if self._defect == "subscription_by_any_case" and isinstance(mode, str):
            order["mode"] = mode.lower()

    def _created(self, key: str, order: dict[str, Any], host: str) -> dict[str, Any]:
        redirects = {name: order.get(f"{name}_url", order.get(f"{name}Url")) for name in ("success", "cancel")}
        for defect, ending in (("snake_case_ignored", "Url"), ("camel_case_ignored", "_url")):
            if self._defect == defect:
                redirects = {name: order.get(f"{name}{ending}") for name in redirects}
        session = self._books.create(key, {**order, **redirects})
        if self._defect == "tires_after_150" and self._books.made > 150:
            raise Refused(400, "invalid_request", "too many sessions")
        id_ = session["id"]
        session["url"] = url = f"http://{host}/c/pay/{id_}"
        if self._defect == "echoes_the_key":
            url = f"ftp://127.0.0.1/{key}"
        data = {"url": url, "id": id_, "checkout_url": url, "expires_at": session["expires_at"]}
        if self._defect == "no_data_url":
            del data["url"]
        if self._defect == "missing_expires_at":
            del data["expires_at"]
        reply = {"success": True, "data": data, "id": id_, "checkout_url": url, "checkoutUrl": url}
        if self._defect == "no_top_level_id":
            del reply["id"]
        if self._defect == "success_as_text":
            reply["success"] = "true"
        return reply


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
