"""The accounts that a run opened on a running mock: they go when the run is over.

The account of a key that the user gave by name stays: it is the user's own.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Collection, Iterable
from typing import Final

from mockserver_contracts.exchange import Exchange, NoResponse, Request
from mockserver_contracts.target.gate import NotSent
from mockserver_contracts.target.target import Target
from mockserver_contracts.target.transport.http_transport import HttpTransport

_SECONDS: Final = 5.0
_SECONDS_AFTER_DEADLINE: Final = 0.6
_UNKNOWN_KEY: Final = 401


def reset_accounts(
    target: Target, exchanges: Iterable[Exchange], *, key_header: str, own: Collection[str], deadline: float | None
) -> None:
    """Reset the accounts of the keys that the mock served, but for the user's own.

    Gives up after some seconds, and soon after the deadline, which is a monotonic time.
    """
    if not target.is_mock or not isinstance(target.transport, HttpTransport):
        return
    served = {_key_of(each.request, key_header) for each in exchanges if each.status != _UNKNOWN_KEY}
    now = time.monotonic()
    # A run may end within a second of its time budget; a spent budget is no reason to leave accounts behind.
    ends = min(now + _SECONDS, math.inf if deadline is None else max(deadline, now) + _SECONDS_AFTER_DEADLINE)
    for key in sorted({*served, target.key.value} - {"", *own}):
        left = ends - time.monotonic()
        if left <= 0 or not _reset(target.transport, key, within=left):
            return


def _key_of(request: Request, key_header: str) -> str:
    """The key that the mock reads: whatever the case of the header's name, and without spaces around it."""
    values = (value for name, value in request.headers.items() if name.lower() == key_header.lower())
    return next(values, "").strip(" \t")


def _reset(transport: HttpTransport, key: str, *, within: float) -> bool:
    """Reset the account of the key; False if the mock does not answer in time."""
    body = json.dumps({"key": key.encode("latin-1").decode("utf-8", "replace")}).encode()
    request = Request("POST", f"{transport.url}/_mock/reset", {"content-type": "application/json"}, body)
    try:
        transport.exchange(request, within=within)
    except (NoResponse, NotSent):
        return False
    return True
