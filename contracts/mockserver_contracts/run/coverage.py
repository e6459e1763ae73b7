"""The coverage of a subject's contract by the exchanges of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.contract import Contract
from mockserver.coverage.counter import CoverageCounter, contract_name
from mockserver.coverage.exchange import SeenExchange, decoded_path, key_account
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver_contracts.exchange import Exchange, encode_headers

CONTROL = "/_mock"


class ExchangeCount:
    """Counts the exchanges with a target, and with its control API."""

    def __init__(self, document: Mapping[str, Any], profile: str) -> None:
        self._counter = CoverageCounter(Contract(document), contract_name(document, profile))

    def listener(self, base: str, *, below: str = "") -> Callable[[Exchange], None]:
        """A listener for a gate to the base URL; the paths there stand below another one."""

        def listen(exchange: Exchange) -> None:
            self._counter.add(_seen(exchange, base, below))

        return listen

    def report(self) -> CoverageReport:
        """The counts so far."""
        return self._counter.report()


def _seen(exchange: Exchange, base: str, below: str) -> SeenExchange:
    request, response = exchange.request, exchange.response
    path, query = (part.decode("latin-1") for part in request.target_below(base))
    headers = [(name.lower(), value) for name, value in encode_headers(request.headers)]
    return SeenExchange(
        method=request.method,
        path=below + decoded_path(path),
        query=query,
        headers=headers,
        body=request.body,
        status=exchange.status,
        media_type=exchange.header("content-type"),
        reply=response.body,
        account=key_account(headers),
        location=exchange.header("location") or "",
        encoded_path=path,
    )
