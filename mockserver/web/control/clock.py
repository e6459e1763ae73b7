"""`/_mock/clock` and `/_mock/clocks`: time travel."""

from __future__ import annotations

from typing import Final

from mockserver.billing import Accounts, Clocks
from mockserver.domain.duration import duration
from mockserver.domain.errors import FieldError, InvalidRequest
from mockserver.domain.instant import parse_instant
from mockserver.web.control.account_field import read_account
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.reply import Reply
from mockserver.web.shapes.clock_json import clock_json

_MOVES: Final = ("advance", "now", "frozen")


class ClockHandlers:
    """Show, move and reset clocks."""

    def __init__(self, clocks: Clocks, accounts: Accounts) -> None:
        self._clocks = clocks
        self._accounts = accounts
        key = frozenset({"key"})
        self.methods = {
            "GET": Method(self.show, query=key),
            "POST": Method(self.move, body=key | {*_MOVES}),
            "DELETE": Method(self.reset, query=key),
        }
        self.all_methods = {"GET": Method(self.show_all)}

    async def show(self, request: ControlRequest) -> Reply:
        """Show a clock."""
        account = await read_account(request.query, self._accounts)
        return Reply.json(clock_json(await self._clocks.face(account)))

    async def show_all(self, request: ControlRequest) -> Reply:
        """Show the common clock, and those of accounts that have one of their own."""
        faces = await self._clocks.faces()
        own = [{"account": account, **clock_json(face)} for account, face in faces.own.items()]
        return Reply.json({"common": clock_json(faces.common), "own": own})

    async def move(self, request: ControlRequest) -> Reply:
        """Advance, set, freeze or resume one clock, or all."""
        body = request.body
        if sum(move in body for move in _MOVES) != 1:
            message = 'one of {"advance": "24h"}, {"now": "2030-01-01T00:00:00Z"} and {"frozen": true} is needed'
            raise InvalidRequest(message, field_errors=[FieldError("", message, "one_of")])
        frozen = body.boolean("frozen")
        by = duration(body.get("advance")) if "advance" in body else None
        instant = parse_instant(body.get("now")) if "now" in body else None
        account = await read_account(body, self._accounts)
        if by is not None:
            face = await self._clocks.advance(account, by)
        elif instant is not None:
            face = await self._clocks.set_to(account, instant)
        else:
            face = await (self._clocks.freeze(account) if frozen else self._clocks.resume(account))
        return Reply.json(clock_json(face))

    async def reset(self, request: ControlRequest) -> Reply:
        """Reset an account's clock to the common one, or all clocks to real time."""
        account = await read_account(request.query, self._accounts)
        return Reply.json(clock_json(await self._clocks.reset(account)))
