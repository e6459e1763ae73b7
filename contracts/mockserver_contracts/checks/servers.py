"""Claims that only a person, or a run against another server, can decide."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.undecided import Undecided


@check("preferred-payment-method", needs=())
def preferred_payment_method(context: CheckContext) -> Iterator[Finding]:
    """The payment page belongs to another party, so the claim stays undecided."""
    raise Undecided("a payment page has to be looked at")
    yield


@check("production-server", needs=())
def production_server(context: CheckContext) -> Iterator[Finding]:
    """The claim is upheld if the target is this server."""
    yield from _require_server(context, "https://api.videodb.io")


@check("staging-server", needs=())
def staging_server(context: CheckContext) -> Iterator[Finding]:
    """The claim is upheld if the target is this server."""
    yield from _require_server(context, "https://staging-api.videodb.io")


def _require_server(context: CheckContext, url: str) -> Iterator[Finding]:
    if urlsplit(context.target.client.url)[:2] != urlsplit(url)[:2]:
        raise Undecided("the target is another server")
    yield from ()
