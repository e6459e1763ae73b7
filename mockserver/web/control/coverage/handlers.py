"""`/_mock/coverage`: the parts of the contract that the exchanges so far have exercised."""

from __future__ import annotations

from typing import Final

from mockserver.coverage.report.json_form import report_json
from mockserver.domain.errors import CoverageOff
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.exchange.tally import ExchangeTally
from mockserver.web.http.address import Address
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.reply import HTML, Header, Reply

_GUARDS: Final[tuple[Header, ...]] = (
    # the page itself forbids everything but its own style
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_VARY: Final[Header] = (b"vary", b"Accept")


class CoverageHandlers:
    """Show and forget the counts of this mock; without a tally, refuse."""

    def __init__(self, tally: ExchangeTally | None, address: Address) -> None:
        self._tally = tally
        self._address = address
        self.methods = {"GET": Method(self.show), "DELETE": Method(self.forget)}

    async def show(self, request: ControlRequest) -> Reply:
        """Show the counts, to a browser as a page."""
        report = await self._require().report()
        if prefers_html(request.scope["headers"]):
            from mockserver.coverage.rendering.html import render_html  # imports Jinja

            page = render_html(report, self._address.base(request.scope))
            return Reply.text(page, media_type=HTML, headers=(*_GUARDS, _VARY))
        return Reply.json(report_json(report), headers=(_VARY,))

    async def forget(self, _: ControlRequest) -> Reply:
        """Forget the counts, and show that none are left."""
        tally = self._require()
        tally.forget()
        return Reply.json(report_json(await tally.report()))

    def _require(self) -> ExchangeTally:
        if self._tally is None:
            raise CoverageOff("this mock does not count the coverage of its contract; start it with --coverage")
        return self._tally
