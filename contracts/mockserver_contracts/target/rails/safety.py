"""The rails of a run on a server that is neither loopback nor a mock."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.exchange import Request
from mockserver_contracts.target.address import is_loopback
from mockserver_contracts.target.gate import Limits
from mockserver_contracts.target.rails.spending import may_cost_more_than_a_dollar

RAIL_REQUESTS: Final = 400
RAIL_PER_SECOND: Final = 10.0
NO_LIMITS: Final = Limits()


def describe_rails(url: str) -> tuple[str, ...]:
    """The rails, in sentences."""
    seconds = RAIL_REQUESTS / RAIL_PER_SECOND
    return (
        f"{url} is neither loopback nor a mock, so this run is on rails:",
        f"at most {RAIL_REQUESTS} requests, {RAIL_PER_SECOND:.0f} a second, {seconds:.0f} s; no redirect is followed;",
        "only GET operations and POST /billing/checkout of the document; no order goes out that any parser",
        "could read as one of more than 1 dollar or of a plan; no payment.",
    )


def describe_plan(url: str, host: str) -> tuple[str, ...]:
    """The plan of a run to an address to which nothing has been sent yet, in sentences."""
    if is_loopback(host):
        return (f"{url} is on this machine: no rails, nothing is held back.",)
    return (*describe_rails(url), "If it answers /_mock/health as a mock does, there are no rails.")


def forbids_spending(request: Request) -> bool:
    """The rails forbid the request: it might cost more than a dollar."""
    return may_cost_more_than_a_dollar(request.body, request.url.partition("?")[2])


RAILS: Final = Limits(requests=RAIL_REQUESTS, per_second=RAIL_PER_SECOND, forbids=forbids_spending)
