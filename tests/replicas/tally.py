"""A plain count beside the auditor, for accounts that nobody resets: answered changes against the last survey."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tests.auditor import Exchange
from tests.auditor.rules import account_of

_PAYMENT: Final = re.compile(r"/_mock/sessions/([^/]+)/pay")


@dataclass(slots=True)
class Tally:
    """The changes that were answered and are not there, and the credits that are there too often."""

    changes: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


class LastSurvey:
    """One account as the last survey shows it."""

    def __init__(self, key: str, surveyed: Sequence[Exchange]) -> None:
        own = [each for each in surveyed if key in (each.key, each.query.get("key"))]
        self.sessions: Mapping[str, Mapping[str, Any]] = {
            view["id"]: view for each in own if each.path == "/_mock/sessions" for view in each.answer["sessions"]
        }
        self.completed = [view for view in self.sessions.values() if view["status"] == "completed"]
        self.invoices = sum(len(each.answer["data"]) for each in own if each.path == "/billing/invoices")
        [usage] = [each.answer["data"] for each in own if each.path == "/billing/usage"]
        self.credits = Decimal(usage["credit_balance"]) + Decimal(usage["credit_used"])


def count(exchanges: Sequence[Exchange], keys: Sequence[str], *, surveyed: float) -> Tally:
    """The count for the accounts of these keys; the survey began at a moment."""
    tally = Tally()
    survey = [each for each in exchanges if each.sent >= surveyed]
    before = [each for each in exchanges if each.sent < surveyed]
    names: dict[str, str] = {}
    for each in before:
        if each.is_executed and each.path == "/billing/checkout" and each.method == "POST" and each.answer:
            names[each.answer["id"]] = str(each.key)
    for key in keys:
        _count_account(tally, LastSurvey(key, survey), key, before, names)
    return tally


def _count_account(
    tally: Tally, last: LastSurvey, key: str, before: Sequence[Exchange], names: Mapping[str, str]
) -> None:
    created = [name for name, owner in names.items() if owner == key]
    own = {*created, *last.sessions}
    matches = [match for each in before if each.is_executed and (match := _PAYMENT.fullmatch(each.path))]
    paid = [match[1] for match in matches if match[1] in own]
    tally.lost += [f"session {name}" for name in created if name not in last.sessions]
    completed = {view["id"] for view in last.completed}
    tally.lost += [f"payment of {name}" for name in paid if name not in completed]
    grants = [each for each in before if each.path == "/_mock/credits" and each.body.get("key") == key]
    given = _sum(each.body["credits"] for each in grants if each.is_executed)
    maybe = _sum(each.body["credits"] for each in grants if each.is_unknown)
    sold = _sum(view["credits"] for view in last.completed)
    if last.credits < sold + given:
        tally.lost.append(f"{sold + given - last.credits} credits of {account_of(key)}")
    if last.credits > sold + given + maybe:
        tally.doubled.append(f"{last.credits - sold - given - maybe} credits of {account_of(key)}")
    if last.invoices != len(last.completed):
        tally.doubled.append(f"{last.invoices} invoices for {len(last.completed)} payments of {account_of(key)}")
    tally.changes += len(created) + len(paid) + len(grants)


def _sum(values: Any) -> Decimal:
    return sum((Decimal(value) for value in values), Decimal())
