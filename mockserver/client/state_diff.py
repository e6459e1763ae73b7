"""The difference between two states, in sentences. A state is the JSON of `GET /_mock/state`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

StateJson = dict[str, Any]
"""A state, by spec/state.schema.json."""

_MICRO: Final = 1_000_000
_NOBODY: Final[StateJson] = {"sessions": [], "entries": [], "invoices": [], "plan": None, "auto_recharge": None}


def diff_states(before: StateJson, after: StateJson) -> list[str]:
    """A sentence for each difference, account by account; none for time that has passed by itself."""
    lines: list[str] = []
    old, new = _by_id(before["accounts"]), _by_id(after["accounts"])
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            lines.append(f"account {name} was opened")
        if name not in new:
            lines.append(f"account {name} was deleted")
            continue
        prefix = "" if len(old.keys() | new.keys()) == 1 else f"{name}: "
        lines += [prefix + line for line in _account(old.get(name, _NOBODY), new[name])]
    lines += _faults(_by_id(before["faults"]), _by_id(after["faults"]))
    return lines


def _account(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    yield from _sessions(_by_id(before["sessions"]), _by_id(after["sessions"]))
    yield from _entries(before["entries"], after["entries"])
    invoices = _by_id(before["invoices"])
    for each in after["invoices"]:
        if each["id"] not in invoices:
            yield f"invoice {each['id']} over {_dollars(each['cents'])} was added: {each['description']}"
    if before["plan"] != after["plan"]:
        yield f"the plan went from {before['plan'] or 'none'} to {after['plan'] or 'none'}"
    if before["auto_recharge"] not in (None, after["auto_recharge"]):
        recharge = after["auto_recharge"]
        on = "on" if recharge["enabled"] else "off"
        yield f"auto recharge is {on}: threshold {recharge['threshold']}, amount {recharge['amount']}"
    if before.get("email") != after.get("email"):
        yield f"the buyer's e-mail address went from {before.get('email') or 'none'} to {after.get('email') or 'none'}"
    if before.get("name") != after.get("name"):
        yield f"the name went from {before.get('name') or 'none'} to {after.get('name') or 'none'}"
    if "clock" in before:
        yield from _clock(before["clock"], after["clock"])


def _sessions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in [each for each in before if each not in after]:
        yield f"session {name} was deleted"
    for name, session in after.items():
        old = before.get(name)
        if old is None:
            yield f"session {name} over {_dollars(session['order']['cents'])} was created; it is {session['status']}"
        elif old["status"] != session["status"]:
            yield f"session {name} went from {old['status']} to {session['status']}"
        for attempt in session["attempts"][len(old["attempts"]) if old else 0 :]:
            yield f"session {name}: attempt with card …{attempt['card_last4']}, {attempt['outcome']}"


def _entries(before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    balances = [sum(each["microcredits"] for each in entries) for entries in (before, after)]
    kept = before == after[: len(before)]
    for each in after[len(before) :] if kept else after:
        kind = each["kind"] + (f" ({each['category']})" if each["category"] else "")
        yield f"ledger: {_credits(each['microcredits'], signed=True)}, {kind}"
    if balances[0] != balances[1]:
        yield f"the balance went from {_credits(balances[0])} to {_credits(balances[1])}"


def _clock(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before["frozen"] != after["frozen"]:
        yield f"the clock {'stands still' if after['frozen'] else 'runs'} at {after['now']}"
    moved = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    # a state is not taken in no time; who moves a clock moves it by more
    if abs(moved) >= timedelta(minutes=1):
        yield f"the clock moved by {timedelta(seconds=round(moved.total_seconds()))}, to {after['now']}"


def _faults(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name, fault in after.items():
        if name not in before:
            yield f"fault {name} was planned"
        struck = fault["struck"] - before.get(name, {"struck": 0})["struck"]
        if struck:
            yield f"fault {name} struck {struck} times"
    for name in [each for each in before if each not in after]:
        yield f"fault {name} was deleted"


def _by_id(rows: Sequence[Any]) -> dict[str, Any]:
    return {row["id"]: row for row in rows}


def _dollars(cents: int) -> str:
    return f"${Decimal(cents) / 100:.2f}"


def _credits(microcredits: int, *, signed: bool = False) -> str:
    count = (Decimal(microcredits) / _MICRO).normalize()
    return f"{count:{'+' if signed else ''}f} credits"
