"""A fake of a staging server that has its own mind: the other server, right, in other words.

Flat and in camelCase, 422 for 400, an error body of its own, integer cents, other words for a session's status.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import Any

from tests.contracts.servers.independent import Other, Receive, Send

STATES = {"pending": "open", "completed": "paid", "expired": "lapsed"}
TYPES = {
    "invalid_json": "malformed",
    "invalid_request": "validation_failed",
    "unauthorized": "unauthenticated",
    "unsupported_media_type": "media_type",
}


class Staging:
    """An ASGI application; `asked` counts what it was asked."""

    def __init__(self, **parts: Any) -> None:
        self._other = Other(control=True, **parts)
        self.asked = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.asked += 1
        start: MutableMapping[str, Any] = {}

        async def changed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            status = start["status"]
            body = json.loads(message["body"]) if message["body"].startswith(b"{") else None
            if scope["path"].startswith("/billing") and isinstance(body, dict):
                status, body = _said(scope["path"], status, body)
                message = {**message, "body": json.dumps(body).encode()}
            await send({**start, "status": status})
            await send(message)

        await self._other(scope, receive, changed)


def _said(path: str, status: int, body: dict[str, Any]) -> tuple[int, Any]:
    if status >= 400:
        status = 422 if status == 400 else status
        word = TYPES.get(body["error_code"], body["error_code"])
        return status, {"error": {"status": status, "type": word, "detail": body["message"]}}
    if path == "/billing/checkout":
        data = body["data"]
        return status, {"sessionId": data["id"], "checkoutUrl": data["url"], "expiresAt": data["expires_at"]}
    if path == "/billing/checkouts":
        return status, {"checkouts": [_entry(entry) for entry in body["data"]]}
    if path == "/billing/usage":
        return status, {"creditBalance": body["data"]["credit_balance"], "creditUsed": body["data"]["credit_used"]}
    if path == "/billing/topup":
        return status, {"topupUrl": body["data"]["url"]}
    if path == "/billing/invoices":
        return status, {"invoices": [_invoice(invoice) for invoice in body["data"]]}
    return status, {"autoRecharge": body["data"]} if "data" in body else {"ok": True, "detail": body["message"]}


def _invoice(invoice: dict[str, Any]) -> dict[str, Any]:
    return {
        "invoiceId": invoice["id"],
        "amountCents": int(invoice["amount"] * 100),
        "currency": invoice["currency"],
        "state": "settled",
        "pdfUrl": invoice["pdf_url"],
        "createdAt": invoice["created_at"],
    }


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    amount = entry["amount"]
    return {
        "sessionId": entry["id"],
        "amountCents": 2_000 if amount is None else int(amount) * 100,
        "currency": entry["currency"],
        "state": STATES[entry["status"]],
        "createdAt": entry["created_at"],
    }


class Picky:
    """The other server with a mind of its own: a mode is needed, 10,000 dollars are the most, cents are rounded."""

    def __init__(self) -> None:
        self._other = Other(control=True)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("POST", "/billing/checkout"):
            await self._other(scope, receive, send)
            return
        body = (await receive()).get("body", b"")
        changed = _picked(body)

        async def again() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": changed, "more_body": False}

        await self._other(scope, again, send)


def _picked(body: bytes) -> bytes:
    try:
        order = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return body
    if not isinstance(order, dict):
        return body
    amount = order.get("amount")
    dollars = amount if isinstance(amount, int | float) and not isinstance(amount, bool) else 0
    if "mode" not in order or dollars > 10_000:
        return json.dumps({**order, "mode": None}).encode()
    return json.dumps({**order, "amount": int(dollars)}).encode() if dollars >= 1 else body
