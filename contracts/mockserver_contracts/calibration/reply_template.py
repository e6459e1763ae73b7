"""Templates of replies: observed bodies with placeholders for the values that the mock knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mockserver_contracts.calibration.price_map import PRICE_NAMES, bare_name, units_in
from mockserver_contracts.drift.normalize import type_of
from mockserver_contracts.target.answer import parse_time

# The longest duration of a run, and the largest error of a clock.
_NEAR: Final = timedelta(minutes=20)
_MAPS: Final = frozenset({"breakdown", "cost_metric"})
_UNITS: Final = {"...": "{units}"}
Names = Mapping[str, tuple[str, ...]]
"""Placeholders with the names that servers use for them, in lower case and without underscores."""

USAGE_NAMES: Final[Names] = {
    "credit_balance": ("creditbalance", "balance", "credits", "remaining"),
    "usage_this_month": ("usagethismonth", "monthlyusage", "usage"),
    "breakdown": ("breakdown", "usagebreakdown"),
    "plan_id": ("planid", "plan"),
    "email": ("email", "useremail"),
    "credit_used": ("creditused", "creditsused", "used"),
    "cost_metric": PRICE_NAMES,
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
# The answer that shows the settings has no message of the mock's.
SETTING_NAMES: Final[Names] = {name: others for name, others in RECHARGE_NAMES.items() if name != "message"}


_PLACEHOLDER: Final = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\??\}")


@dataclass(slots=True)
class ObservedBody:
    """A body, and the known values of its session."""

    body: Any
    known: Mapping[str, Any]


@dataclass(slots=True)
class ReplyTemplate:
    """A body with placeholders; `gaps` are the places without a fitting one."""

    body: Any
    gaps: list[str] = field(default_factory=list)


def template_of(observed: Sequence[ObservedBody], *, life: timedelta, now: datetime | None = None) -> ReplyTemplate:
    """Derive the template of several bodies; constant values come from the first."""
    template = ReplyTemplate(None)
    template.body = _fill([(each.body, each.known) for each in observed], "", template, life, now or datetime.now(UTC))
    return template


def named_template(body: Any, names: Names) -> ReplyTemplate:
    """Derive the template of a body by the names of its members."""
    template = ReplyTemplate(None)
    template.body = _named(body, "", template, names)
    return template


def list_in(body: Any) -> tuple[str, list[Any]] | None:
    """The pointer and the value of the first list of objects in a body, an empty one too; None if there is none."""
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        pointer, value = waiting.pop(0)
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return pointer, value
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{name}", member) for name, member in value.items()]
    return None


def with_items(body: Any, pointer: str) -> Any:
    """The body with a placeholder for the list at the pointer; numbers beside it are counters, and are left out."""
    if pointer == "":
        return "{items}"
    name, _, rest = pointer[1:].partition("/")
    inner = f"/{rest}" if rest else ""
    return {
        key: with_items(value, inner) if key == name else constant(value)
        for key, value in body.items()
        if key == name or type_of(value) in ("boolean", "text")
    }


def _fill(
    observed: list[tuple[Any, Mapping[str, Any]]], place: str, template: ReplyTemplate, life: timedelta, now: datetime
) -> Any:
    first = observed[0][0]
    if isinstance(first, dict) and all(isinstance(body, dict) for body, _ in observed):
        filled = {}
        for name in first:
            having = [(body[name], known) for body, known in observed if name in body]
            if len(having) < len(observed):
                template.gaps.append(f"{place}/{name} is not always there")
                continue
            filled[name] = _fill(having, f"{place}/{name}", template, life, now)
        return filled
    for name in _names(observed):
        if all(name in known and _same(body, known[name]) for body, known in observed):
            return f"{{{name}}}"
    kinds = {type_of(body) for body, _ in observed}
    if kinds == {"time"}:
        return _time(observed, place, template, life, now)
    if kinds == {"URL"}:
        return "{url}"
    if kinds == {"id"} and len({str(body) for body, _ in observed}) == len(observed) > 1:
        return "{id}"
    if any(body != first for body, _ in observed):
        template.gaps.append(f"{place} varies, and nothing that the mock knows is like it")
    return constant(first)


def _time(
    observed: Iterable[tuple[Any, Any]], place: str, template: ReplyTemplate, life: timedelta, now: datetime
) -> str:
    times = [time for body, _ in observed if (time := parse_time(body)) is not None]
    if all(abs(time - now) < _NEAR for time in times):
        return "{created_at}"
    if not all(abs(time - now - life) < _NEAR for time in times):
        template.gaps.append(f"{place} is a time, but neither the session's first nor its last")
    return "{expires_at}"


def _names(observed: Sequence[tuple[Any, Mapping[str, Any]]]) -> list[str]:
    return list(observed[0][1])


def _same(value: Any, known: Any) -> bool:
    if value is None or known is None or isinstance(value, bool) or isinstance(known, bool):
        return False
    return bool(value == known and isinstance(value, str) == isinstance(known, str))


def _named(value: Any, name: str, template: ReplyTemplate, names: Names) -> Any:
    for placeholder, others in names.items():
        if bare_name(name) in others and (type_of(value) == "object") == (placeholder in _MAPS):
            return f"{{{placeholder}}}"
    if isinstance(value, dict):
        units = units_in(value) if "cost_metric" in names else frozenset()
        filled = {key: _named(member, key, template, names) for key, member in value.items() if key not in units}
        return {**filled, **_UNITS} if units else filled
    if type_of(value) in ("number", "time", "id", "e-mail address"):
        template.gaps.append(f"{name} is nothing that the mock counts")
    return constant(value)


def constant(value: Any) -> Any:
    """The value as a constant of a template: a text that reads as a placeholder loses its braces."""
    if isinstance(value, str):
        return value.strip("{}") if _PLACEHOLDER.fullmatch(value) else value
    if isinstance(value, dict):
        return {name: constant(member) for name, member in value.items() if name != "..."}
    return [constant(item) for item in value] if isinstance(value, list) else value
