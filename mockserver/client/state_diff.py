"""The difference between two states, in sentences. A state is the JSON of `GET /_mock/state`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from decimal import Decimal
from json import dumps
from typing import Any, Final

from mockserver.printable import count

StateJson = dict[str, Any]
"""A state, by spec/state.schema.json."""

_MICRO: Final = 1_000_000
_TOLD_OF_SESSION: Final = frozenset({"status", "attempts"})
_TOLD_BY_STATUS: Final = frozenset({"completed_at", "buyer"})
_NOBODY: Final[StateJson] = {"sessions": [], "entries": [], "invoices": [], "plan": None, "auto_recharge": None}


def diff_states(before: StateJson, after: StateJson) -> list[str]:
    """A sentence for each difference, account by account; none for time that has passed by itself."""
    lines: list[str] = []
    if before["clock"] and after["clock"]:
        lines += _clock("the common clock", before["clock"], after["clock"])
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
    yield from _invoices(_by_id(before["invoices"]), _by_id(after["invoices"]))
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
        yield from _clock("the clock", before["clock"], after["clock"])


def _sessions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in [each for each in before if each not in after]:
        yield f"session {name} was deleted"
    for name, session in after.items():
        old = before.get(name)
        if old is None:
            yield f"session {name} over {_dollars(session['order']['cents'])} was created; it is {session['status']}"
        elif old["status"] != session["status"]:
            yield f"session {name} went from {old['status']} to {session['status']}"
        if old is not None:
            told = _TOLD_OF_SESSION if old["status"] == session["status"] else _TOLD_OF_SESSION | _TOLD_BY_STATUS
            yield from _members(f"session {name}", _flat(old), _flat(session), told)
        attempts = old["attempts"] if old else []
        kept = _common(attempts, session["attempts"])
        if kept < len(attempts):
            yield f"session {name}: {count(len(attempts) - kept, 'attempt')} deleted"
        for attempt in session["attempts"][kept:]:
            yield f"session {name}: attempt with card …{attempt['card_last4']}, {attempt['outcome']}"


def _entries(before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    balances = [sum(each["microcredits"] for each in entries) for entries in (before, after)]
    kept = _common(before, after)
    for each in before[kept:]:
        yield f"ledger: {_entry(each)}, deleted"
    for each in after[kept:]:
        yield f"ledger: {_entry(each)}"
    if balances[0] != balances[1]:
        yield f"the balance went from {_credits(balances[0])} to {_credits(balances[1])}"


def _entry(entry: Mapping[str, Any]) -> str:
    kind = entry["kind"] + (f" ({entry['category']})" if entry["category"] else "")
    return f"{_credits(entry['microcredits'], signed=True)}, {kind}"


def _invoices(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name, old in before.items():
        if name not in after:
            yield f"invoice {name} over {_dollars(old['cents'])} was deleted"
    for name, invoice in after.items():
        if name not in before:
            yield f"invoice {name} over {_dollars(invoice['cents'])} was added: {invoice['description']}"
        else:
            yield from _members(f"invoice {name}", before[name], invoice)


def _clock(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before["frozen"] != after["frozen"]:
        yield f"{name} {'stands still' if after['frozen'] else 'runs'} at {after['now']}"
    moved = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    # a state is not taken in no time; somebody who moves a running clock moves it by more
    stood_still = before["frozen"] and after["frozen"]
    if abs(moved) >= (timedelta.resolution if stood_still else timedelta(minutes=1)):
        by = timedelta(seconds=abs(moved).total_seconds() if stood_still else round(abs(moved).total_seconds()))
        yield f"{name} moved {'back ' if moved < timedelta(0) else ''}by {by}, to {after['now']}"


def _faults(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name, fault in after.items():
        if name not in before:
            yield f"fault {name} was planned"
        else:
            yield from _members(f"fault {name}", before[name], fault, {"met", "struck"})
        struck = fault["struck"] - before.get(name, {"struck": 0})["struck"]
        if struck:
            yield f"fault {name} struck {count(struck, 'time')}"
    for name in [each for each in before if each not in after]:
        yield f"fault {name} was deleted"


def _members(
    owner: str, before: Mapping[str, Any], after: Mapping[str, Any], told: Set[str] = frozenset()
) -> Iterator[str]:
    """A sentence for each member that differs and that no other sentence tells."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new and name not in told:
            yield f"{owner}: {name} went from {_shown(old)} to {_shown(new)}"


def _flat(session: Mapping[str, Any]) -> Mapping[str, Any]:
    """The session with the members of its order as its own."""
    return {**{name: value for name, value in session.items() if name != "order"}, **session["order"]}


def _common(before: Sequence[Any], after: Sequence[Any]) -> int:
    """The number of rows at the beginning that are the same."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((number for number, (old, new) in pairs if old != new), min(len(before), len(after)))


def _shown(value: Any) -> str:
    return "none" if value is None else str(value) if isinstance(value, str) else dumps(value, ensure_ascii=False)


def _by_id(rows: Sequence[Any]) -> dict[str, Any]:
    return {row["id"]: row for row in rows}


def _dollars(cents: int) -> str:
    return f"${Decimal(cents) / 100:.2f}"


def _credits(microcredits: int, *, signed: bool = False) -> str:
    count = (Decimal(microcredits) / _MICRO).normalize()
    return f"{count:{'+' if signed else ''}f} credits"
