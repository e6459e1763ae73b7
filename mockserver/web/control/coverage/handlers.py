"""`/_mock/coverage`: the parts of the contract that the exchanges so far have exercised."""

from __future__ import annotations

from mockserver.coverage.report.json_form import report_json
from mockserver.domain.errors import CoverageOff
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.exchange.tally import ExchangeTally
from mockserver.web.http.reply import Reply


class CoverageHandlers:
    """Show and forget the counts of this mock; without a tally, refuse."""

    def __init__(self, tally: ExchangeTally | None) -> None:
        self._tally = tally
        self.methods = {"GET": Method(self.show), "DELETE": Method(self.forget)}

    async def show(self, _: ControlRequest) -> Reply:
        """Show the counts."""
        return await self._reply(self._require())

    async def forget(self, _: ControlRequest) -> Reply:
        """Forget the counts, and show that none are left."""
        tally = self._require()
        tally.forget()
        return await self._reply(tally)

    async def _reply(self, tally: ExchangeTally) -> Reply:
        return Reply.json(report_json(await tally.report()))

    def _require(self) -> ExchangeTally:
        if self._tally is None:
            raise CoverageOff("this mock does not count the coverage of its contract; start it with --coverage")
        return self._tally
