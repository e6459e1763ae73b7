"""The workloads: the requests that are measured, and the state that they need."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from enum import StrEnum
from typing import Final

LIST_ACCOUNTS: Final = 5  # as in benchmarks/requests.lua
LIST_SESSIONS: Final = 100


class Workload(StrEnum):
    """A kind of request, by its name in `requests.lua`."""

    CHECKOUT = "checkout"
    REFUSED = "refused"
    LIST = "list"


def fill_accounts(port: int) -> None:
    """Create the sessions that the workload LIST reads."""
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for number in range(LIST_ACCOUNTS * LIST_SESSIONS):
            order = f"https://shop.example/{number}"
            connection.request(
                "POST",
                "/billing/checkout",
                json.dumps({"amount": 5 + number % 997, "success_url": order, "cancel_url": order}),
                {"content-type": "application/json", "x-access-token": f"sk-list-{number % LIST_ACCOUNTS}"},
            )
            connection.getresponse().read()
