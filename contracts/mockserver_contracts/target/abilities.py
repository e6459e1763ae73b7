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
