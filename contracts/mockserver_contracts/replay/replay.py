"""The entries of a corpus sent to one target, in order, with the run's key and the values of their links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from mockserver.contract.pointer import value_at
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Link
from mockserver_contracts.document.credentials import Credentials
from mockserver_contracts.exchange import Exchange, Headers, Request, Response, as_latin_1
from mockserver_contracts.target.gate import Gate, NotSent
from mockserver_contracts.target.transport.asgi_transport import new_event_loop

# A longer value of a link would make another path of it.
_LONGEST_VALUE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusExchange(Exchange):
    """The exchange of an entry; `links` has the values that its links took from earlier responses, by name."""

    entry: CorpusEntry
    links: Mapping[str, str]


class Replay:
    """Sends entries to one target; skips those that the gate does not let pass."""

    def __init__(self, gate: Gate, *, key: str, credentials: Credentials | None = None) -> None:
        self._gate = gate
        self._key = key
        self._credentials = credentials
        self._loop = new_event_loop()
        self._responses: dict[str, Response] = {}

    def close(self) -> None:
        """Close the loop in which an application of this process answers."""
        self._loop.close()

    def send_all(self, entries: Iterable[CorpusEntry]) -> Iterator[CorpusExchange]:
        """Send the entries one by one, until the gate closes."""
        for entry in entries:
            if self._gate.is_closed:
                return
            exchange = self.send(entry)
            if exchange is not None:
                yield exchange

    def send(self, entry: CorpusEntry) -> CorpusExchange | None:
        """Send the entry; None if it cannot be sent."""
        links = {link.name: self._value(link) for link in entry.links}
        try:
            exchange = self._loop.run_until_complete(self._gate.send(self._request(entry, links)))
        except NotSent:
            return None
        if self._gate.failure is not None:
            return None
        self._responses.setdefault(entry.id, exchange.response)
        return CorpusExchange(
            exchange.request, exchange.response, exchange.seconds, exchange.no_response, entry=entry, links=links
        )

    def _request(self, entry: CorpusEntry, links: Mapping[str, str]) -> Request:
        target, body = entry.target, entry.body
        for link in entry.links:
            value = links[link.name]
            target = target.replace(link.mark, quote(value, safe=""))
            body = body.replace(json.dumps(link.mark).encode(), json.dumps(value).encode())
        lines = [(name, value.replace(KEY, self._key) if KEY in value else value) for name, value in entry.headers]
        if self._credentials is not None and any(KEY in value for _, value in entry.headers):
            adds = entry.origin == "near-miss"
            target, lines = self._credentials.put(self._key, entry.operation, target, lines, adds=adds)
        if body or entry.method in ("POST", "PUT", "PATCH"):
            lines.append(("content-length", str(len(body))))
        headers = Headers((name, value.encode("latin-1", "replace").decode("latin-1")) for name, value in lines)
        return Request(entry.method, self._gate.url + as_latin_1(target), headers, body)

    def _value(self, link: Link) -> str:
        value: Any
        response = self._responses.get(link.parent)
        if response is None:
            return link.recorded
        if link.place == "header":
            value = response.header(link.where)
            return link.recorded if value is None else value
        try:
            value = value_at(json.loads(response.body), link.where)
        except (ValueError, LookupError, RecursionError):
            return link.recorded
        is_plain = isinstance(value, str | int) and not isinstance(value, bool) and str(value)
        return str(value)[:_LONGEST_VALUE] if is_plain else link.recorded
