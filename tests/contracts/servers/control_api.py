"""The other server's control API: its clock, its sessions and paying them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.contracts.servers.accounts import Account, Books, Refused
from tests.contracts.servers.billing_family import BillingOperations

Answer = tuple[int, dict[str, str], Any]
HIDDEN = ("ends", "key")


class ControlApi:
    """Answers the calls under /_mock; a plain one knows no cards, and its clocks go forward and nothing else."""

    def __init__(self, books: Books, billing: BillingOperations, *, plain: bool) -> None:
        self._books = books
        self._billing = billing
        self._plain = plain

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
        try:
            given = json.loads(body) if body else {}
            if path == "/_mock/clock":
                return 200, {}, self._clock(method, given.get("key") or query.get("key", [""])[0], given)
            if method == "GET" and path == "/_mock/sessions":
                listed = self._books.account(query["key"][0]).sessions[::-1]
                return 200, {}, {"sessions": [self._shown(session) for session in listed]}
            if call := re.fullmatch(r"/_mock/sessions/(\w+)(?:/(pay|cancel|expire))?", path):
                return 200, {}, self._session(call[1], call[2], given)
            if path == "/_mock/credits" and not self._plain:
                self._billing.give(given["key"], given["credits"])
                return 200, {}, {"usage": self._books.usage(given["key"])}
            if path == "/_mock/usage" and "resource" in given:
                self._billing.consume_units(given["key"], given["resource"], given["units"])
                return 200, {}, {"usage": self._books.usage(given["key"])}
            if path == "/_mock/usage" and not self._plain:
                self._billing.consume(given["key"], given["credits"], given["category"])
                return 200, {}, {"usage": self._books.usage(given["key"])}
            raise Refused(404, "not_found", path)
        except Refused as refused:
            return refused.status, {}, {"success": False, "message": str(refused), "error_code": refused.code}

    def _clock(self, method: str, key: str, given: dict[str, Any]) -> dict[str, Any]:
        account = self._books.account(key)
        if self._plain and (method == "DELETE" or "frozen" in given or "now" in given):
            raise Refused(400, "invalid_request", "advance")
        if method == "DELETE":
            account.offset, account.frozen = timedelta(), None
        elif "frozen" in given:
            account.frozen = account.now if given["frozen"] else None
        elif "advance" in given:
            self._forward(account, timedelta(seconds=float(str(given["advance"]).rstrip("s"))))
        elif "now" in given:
            self._forward(account, datetime.fromisoformat(given["now"]) - account.now)
        now = account.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        offset = (account.now - datetime.now(UTC)).total_seconds()
        return {"now": now, "offset_seconds": offset, "frozen": account.frozen is not None}

    def _forward(self, account: Account, step: timedelta) -> None:
        if step < timedelta():
            raise Refused(409, "clock_moves_back", "back")
        account.offset += step
        account.frozen = account.frozen and account.frozen + step

    def _session(self, id_: str, action: str | None, given: dict[str, Any]) -> dict[str, Any]:
        session = self._books.session(id_)
        if session is None:
            raise Refused(404, "session_not_found", id_)
        if action is None:
            return self._shown(session)
        if action == "pay":
            self._books.pay(session, "4242" if self._plain else given.get("card", "4242"))
            return {"session": self._shown(session), "redirect_url": self._books.redirect(session, "success")}
        if action == "cancel":
            self._books.cancel(session)
            return {"session": self._shown(session), "redirect_url": self._books.redirect(session, "cancel")}
        self._books.expire(session)
        return {"session": self._shown(session)}

    def _shown(self, session: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in session.items() if name not in HIDDEN}
