"""What a target lets a check do; found out, never assumed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Ability(Enum):
    """One thing that a check may need."""

    CREATE = "the target creates no session"
    LIST = "the list of checkouts is not implemented by the target"
    USAGE = "the usage statistics are not implemented by the target"
    SESSIONS = "no control of sessions"
    PAY = "no control of payments"
    CANCEL = "no control of cancellations"
    CLOCK = "no clock control"
    SECOND = "no second account; name its key with --second-token-env"
    ACCOUNTS = "the target knows no key but those it was given"
    FREE = "a rail forbids it"

    @property
    def reason(self) -> str:
        """Why a check stays undecided without it."""
        return self.value


# Statuses by which a server says that it has no such thing.
ABSENT: Final = frozenset({404, 405, 501})


def is_absent(status: int, body: object) -> bool:
    """Whether the answer says that the call does not exist; an unknown session is another matter."""
    code = body.get("error_code") if isinstance(body, Mapping) else None
    return status in ABSENT and code not in ("session_not_found",)


_HOW: Final[Mapping[str, str]] = {
    Ability.SESSIONS.value: "a control API of its sessions, named with --control",
    Ability.PAY.value: "a control API that pays, named with --control",
    Ability.CANCEL.value: "a control API that cancels, named with --control",
    Ability.CLOCK.value: "a control API with a clock, named with --control",
    Ability.SECOND.value: "the key of a second account",
    Ability.FREE.value: "a run on this machine, or on a mock,",
    "a payment page has to be looked at": "a person who opens it",
    "the target is another server": "a run against that server",
    "time budget": "a longer --time-budget",
    "no control of expiry": "a control API that expires sessions, named with --control",
    "only pending sessions can be made": "a control API that pays and expires, named with --control",
    "the URL leads to another host": "a person who opens it",
}


def how_to_decide(reason: str) -> str:
    """What would decide a claim that is undecided for the reason; empty where nothing is known to."""
    return _HOW.get(reason, "")
