"""The observer of control calls: a payment or a moved clock is an event on which claims of the page rest."""

from __future__ import annotations

from mockserver.coverage.claims.events import is_telling
from mockserver.web.control.resource import Observe
from mockserver.web.exchange.tally import ExchangeTally
from mockserver.web.http.reply import Reply
from mockserver.web.http.request import Request


def observer_of(tally: ExchangeTally) -> Observe:
    """An observer of control calls: some of them are events of an account."""

    def observe(request: Request, reply: Reply) -> None:
        if is_telling(request.path):
            tally.add_event(request, reply)

    return observe
