"""`/_mock/clock`: time travel."""

from __future__ import annotations

from typing import Any, Final

from mockserver.billing import Accounts, Clocks
from mockserver.domain.clock import ClockFace
from mockserver.domain.duration import duration
from mockserver.domain.errors import FieldError, InvalidRequest
from mockserver.domain.instant import parse_instant, rfc3339
from mockserver.web.control.noun import Call, Verb
from mockserver.web.control.who import account_named
from mockserver.web.reply import Reply

_MOVES: Final = ("advance", "now", "frozen")


class ClockNoun:
    """Shows, moves and resets clocks."""

    def __init__(self, clocks: Clocks, accounts: Accounts) -> None:
        self._clocks = clocks
        self._accounts = accounts
        key = frozenset({"key"})
        self.verbs = {
            "GET": Verb(self.show, query=key),
            "POST": Verb(self.move, body=key | {*_MOVES}),
            "DELETE": Verb(self.reset, query=key),
        }

    async def show(self, call: Call) -> Reply:
        """What a clock shows."""
        return _reply(await self._clocks.face(await account_named(call.query, self._accounts)))

    async def move(self, call: Call) -> Reply:
        """Move one clock, or all."""
        body = call.body
        if sum(move in body for move in _MOVES) != 1:
            message = 'one of {"advance": "24h"}, {"now": "2030-01-01T00:00:00Z"} and {"frozen": true} is needed'
            raise InvalidRequest(message, field_errors=[FieldError("", message, "one_of")])
        frozen = body.switch("frozen")
        by = duration(body.get("advance")) if "advance" in body else None
        instant = parse_instant(body.get("now")) if "now" in body else None
        account = await account_named(body, self._accounts)
        if by is not None:
            return _reply(await self._clocks.advance(account, by))
        if instant is not None:
            return _reply(await self._clocks.set_to(account, instant))
        return _reply(await (self._clocks.freeze(account) if frozen else self._clocks.resume(account)))

    async def reset(self, call: Call) -> Reply:
        """Back to real time, or to the common clock."""
        return _reply(await self._clocks.reset(await account_named(call.query, self._accounts)))


def clock_json(face: ClockFace) -> dict[str, Any]:
    """A clock as the control API shows it."""
    seconds = face.offset.total_seconds()
    return {
        "now": rfc3339(face.now),
        "offset_seconds": int(seconds) if seconds.is_integer() else round(seconds, 3),
        "frozen": face.frozen,
    }


def _reply(face: ClockFace) -> Reply:
    return Reply.json(clock_json(face))
