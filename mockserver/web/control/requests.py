"""`/_mock/requests`: the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from mockserver.billing import Accounts, EventBus
from mockserver.domain.instant import rfc3339
from mockserver.domain.path_pattern import path_matches
from mockserver.journal import Journal, JournalEntry, JournalMessage
from mockserver.web.control.fields import Fields
from mockserver.web.control.noun import Call, Verb
from mockserver.web.control.who import account_named
from mockserver.web.reply import Reply

Triple = tuple[str, str, str]


class RequestsNoun:
    """Shows and forgets exchanges."""

    def __init__(self, journal: Journal, accounts: Accounts, bus: EventBus) -> None:
        self._journal = journal
        self._accounts = accounts
        self._bus = bus
        self.verbs = {
            "GET": Verb(self.list, query=frozenset({"key", "method", "path", "status", "before", "limit"})),
            "DELETE": Verb(self.forget, query=frozenset({"key"})),
        }

    async def list(self, call: Call) -> Reply:
        """The exchanges that were asked for, newest first."""
        limit = call.query.integer("limit", default=50, least=1, most=1000)
        wanted = _Wanted(call.query)
        account = await account_named(call.query, self._accounts)
        found = islice(wanted.among(self._journal.newest_first(account)), limit)
        return Reply.json({"requests": [exchange_json(exchange) for exchange in found]})

    async def forget(self, call: Call) -> Reply:
        """Forget the exchanges of one account, or all."""
        account = await account_named(call.query, self._accounts)
        self._journal.forget(account)
        self._bus.publish_journal_cleared(account)
        return Reply.json({"requests": []})


class _Wanted:
    """Which exchanges a query asks for; in a path `*` stands for anything."""

    def __init__(self, query: Fields) -> None:
        self._path = query.text("path")
        self._method = (query.text("method") or "").upper()
        self._status = query.integer("status", default=0, least=100, most=599)
        self._before = query.integer("before", default=0, least=1)

    def among(self, exchanges: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
        """The exchanges that are wanted."""
        for exchange in exchanges:
            if self._before and exchange.id >= self._before:
                continue
            right_path = self._path is None or path_matches(self._path, exchange.path)
            if right_path and self._method in ("", exchange.method) and self._status in (0, exchange.status):
                yield exchange


def exchange_json(exchange: JournalEntry) -> dict[str, Any]:
    """An exchange as the control API shows it."""
    return {
        "id": exchange.id,
        "at": rfc3339(exchange.at),
        "mock_now": rfc3339(exchange.mock_now),
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "headers": _headers_json(exchange.request),
        "body": _body_json(exchange.request),
        "status": exchange.status or None,
        "response_headers": _headers_json(exchange.response),
        "response_body": _body_json(exchange.response),
        "duration_ms": round(exchange.duration_ms, 3),
        "account": exchange.account,
        "truncated": exchange.truncated,
        "fault": exchange.planned_fault,
        "contract": {
            "request": _faults_json(exchange.request_errors),
            "response": _faults_json(exchange.response_errors),
        },
    }


def _headers_json(message: JournalMessage) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in message.headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        shown[key] = f"{shown[key]}, {text}" if key in shown else text
    return shown


def _body_json(message: JournalMessage) -> Any:
    """JSON as what it says, other text as it is, nothing as null."""
    if not message.body:
        return None
    text = message.body.decode("utf-8", "replace")
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode("utf-8")  # else it could not be sent
    except (ValueError, RecursionError):
        return text
    return value


def _faults_json(faults: tuple[Triple, ...]) -> list[dict[str, str]]:
    return [{"pointer": pointer, "message": message, "code": code} for pointer, message, code in faults]
