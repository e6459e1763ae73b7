"""Templates of replies: the bodies that were seen, with a placeholder wherever a value is one that the mock knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mockserver_contracts.drift.normalize import kind_of
from mockserver_contracts.target.answer import instant

# How long a run may take, and how far a clock may be off.
_NEAR: Final = timedelta(minutes=20)
Names = Mapping[str, tuple[str, ...]]
"""Placeholders, each with what others call it, without regard to case and underscores."""

USAGE_NAMES: Final[Names] = {
    "credit_balance": ("creditbalance", "balance", "credits", "remaining"),
    "usage_this_month": ("usagethismonth", "monthlyusage", "usage"),
    "breakdown": ("breakdown", "usagebreakdown"),
    "plan_id": ("planid", "plan"),
    "email": ("email", "useremail"),
    "credit_used": ("creditused", "creditsused", "used"),
}
INVOICE_NAMES: Final[Names] = {
    "id": ("id", "invoiceid", "number"),
    "amount": ("amount", "total"),
    "amount_cents": ("amountcents", "amountincents", "totalcents"),
    "currency": ("currency",),
    "status": ("status",),
    "pdf_url": ("pdfurl", "pdf", "url", "invoicepdf"),
    "created_at": ("createdat", "created", "date"),
}
RECHARGE_NAMES: Final[Names] = {
    "enabled": ("enabled", "active"),
    "threshold": ("threshold", "thresholdcredits"),
    "amount": ("amount", "rechargeamount"),
    "message": ("message", "detail"),
}


@dataclass(slots=True)
class Seen:
    """A body, and what is known of the session that it is about."""

    body: Any
    known: Mapping[str, Any]


@dataclass(slots=True)
class Template:
    """A body with placeholders; `left` names the places for which there is none."""

    body: Any
    left: list[str] = field(default_factory=list)


def template_of(seen: Sequence[Seen], *, life: timedelta, now: datetime | None = None) -> Template:
    """The template that gives all the bodies; the first stands for what does not vary."""
    template = Template(None)
    template.body = _fill([(each.body, each.known) for each in seen], "", template, life, now or datetime.now(UTC))
    return template


def named_template(body: Any, names: Names) -> Template:
    """The template of a body whose members are known by their names."""
    template = Template(None)
    template.body = _named(body, "", template, names)
    return template


def list_in(body: Any) -> tuple[str, list[Any]] | None:
    """The pointer of the first list in a body, and the list; None where there is none."""
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        pointer, value = waiting.pop(0)
        if isinstance(value, list):
            return pointer, value
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{name}", member) for name, member in value.items()]
    return None


def with_items(body: Any, pointer: str) -> Any:
    """The body of a list with a placeholder for its entries; numbers beside it count, and are left out."""
    if pointer == "":
        return "{items}"
    name, _, rest = pointer[1:].partition("/")
    inner = f"/{rest}" if rest else ""
    return {
        key: with_items(value, inner) if key == name else value
        for key, value in body.items()
        if key == name or kind_of(value) in ("boolean", "text")
    }


def _fill(
    seen: list[tuple[Any, Mapping[str, Any]]], place: str, template: Template, life: timedelta, now: datetime
) -> Any:
    first = seen[0][0]
    if isinstance(first, dict) and all(isinstance(body, dict) for body, _ in seen):
        filled = {}
        for name in first:
            having = [(body[name], known) for body, known in seen if name in body]
            if len(having) < len(seen):
                template.left.append(f"{place}/{name} is not always there")
                continue
            filled[name] = _fill(having, f"{place}/{name}", template, life, now)
        return filled
    for name in _names(seen):
        if all(name in known and _same(body, known[name]) for body, known in seen):
            return f"{{{name}}}"
    kinds = {kind_of(body) for body, _ in seen}
    if kinds == {"time"}:
        return _time(seen, place, template, life, now)
    if kinds == {"URL"}:
        return "{url}"
    if kinds == {"id"} and len({str(body) for body, _ in seen}) == len(seen) > 1:
        return "{id}"
    if any(body != first for body, _ in seen):
        template.left.append(f"{place} varies, and nothing that the mock knows is like it")
    return first


def _time(seen: Iterable[tuple[Any, Any]], place: str, template: Template, life: timedelta, now: datetime) -> str:
    times = [time for body, _ in seen if (time := instant(body)) is not None]
    if all(abs(time - now) < _NEAR for time in times):
        return "{created_at}"
    if not all(abs(time - now - life) < _NEAR for time in times):
        template.left.append(f"{place} is a time, but neither the session's first nor its last")
    return "{expires_at}"


def _names(seen: Sequence[tuple[Any, Mapping[str, Any]]]) -> list[str]:
    return list(seen[0][1])


def _same(value: Any, known: Any) -> bool:
    if value is None or known is None or isinstance(value, bool) or isinstance(known, bool):
        return False
    return bool(value == known and isinstance(value, str) == isinstance(known, str))


def _named(value: Any, name: str, template: Template, names: Names) -> Any:
    bare = "".join(sign for sign in name.lower() if sign.isalnum())
    for placeholder, others in names.items():
        if bare in others and (kind_of(value) == "object") == (placeholder == "breakdown"):
            return f"{{{placeholder}}}"
    if isinstance(value, dict):
        return {key: _named(member, key, template, names) for key, member in value.items()}
    if kind_of(value) in ("number", "time", "id", "e-mail address"):
        template.left.append(f"{name} is nothing that the mock counts")
    return value
