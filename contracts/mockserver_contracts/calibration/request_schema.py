"""The changes to the schema of an order, if a server accepts or refuses other orders than the contract says.

Rule 1: a keyword is removed only if the server accepted every request that violates nothing else.
Rule 2: a keyword is added only if it separates all refused requests from all accepted ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.replay.replay import CorpusExchange

SCHEMA: Final = "$.paths['/billing/checkout'].post.requestBody.content['application/json'].schema"
# Only these keywords are removed; a schema has no keyword for text that is not JSON.
_DROPPED: Final = frozenset(
    {"minimum", "maximum", "multipleOf", "type", "enum", "pattern", "minLength", "maxLength", "anyOf", "required"}
)
_MOST_PROBES: Final = 24


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """Actions of an overlay, and a sentence with their evidence."""

    actions: tuple[Mapping[str, Any], ...]
    evidence: str


Predicate = Callable[[Mapping[str, Any]], bool]
ExplainedChanges = Iterator[tuple[SchemaChange, Predicate]]
Accepts = Callable[[Mapping[str, Any]], bool]
Bodies = Sequence[Mapping[str, Any]]


def changes(
    document: Mapping[str, Any], pairs: Sequence[tuple[CorpusExchange, CorpusExchange]], accepts: Accepts
) -> Iterator[SchemaChange]:
    """Derive the changes to the schema of an order; `accepts` sends the server a further body."""
    orders = [(_body(there), here.is_accepted, there.is_accepted, there) for here, there in pairs if _is_order(there)]
    mine = [(body, there) for body, here, there, _ in orders if here and isinstance(body, dict)]
    accepted, refused = [body for body, there in mine if there], [body for body, there in mine if not there]
    reasons: list[Predicate] = []
    for change, explained in _added(document, accepted, refused, accepts):
        reasons.append(explained)
        yield change
    # A request that the server refuses for a reason of its own is no evidence about the contract's keywords.
    plain = [one for one in orders if isinstance(one[0], dict) and not any(reason(one[0]) for reason in reasons)]
    yield from _dropped(document, plain, BodyViolations(document))


def _is_order(exchange: CorpusExchange) -> bool:
    miss = exchange.entry.miss
    is_plain = dict(exchange.entry.headers).get("content-type") == "application/json"
    is_keyed = miss is None or miss.cause != "without a key"
    return exchange.request.method == "POST" and exchange.entry.path == CHECKOUT and is_plain and is_keyed


def _dropped(
    document: Mapping[str, Any], orders: Sequence[tuple[Any, bool, bool, CorpusExchange]], violations: BodyViolations
) -> Iterator[SchemaChange]:
    by_fault: dict[tuple[str, str], list[bool]] = {}
    for body, here, there, exchange in orders:
        found = violations.of(CHECKOUT, "post", exchange.request.body)
        if not here and isinstance(body, dict) and len(found) == 1:
            by_fault.setdefault(found[0], []).append(there)
    for (where, keyword), accepted in sorted(by_fault.items()):
        actions = tuple(_without(document, where, keyword)) if keyword in _DROPPED and all(accepted) else ()
        if actions:
            yield SchemaChange(actions, f"takes {keyword} at {where or 'the body'}, {len(accepted)} seen")


def _without(document: Mapping[str, Any], where: str, keyword: str) -> Iterator[Mapping[str, Any]]:
    name = where.removeprefix("/").partition("/")[0]
    if not name:
        if keyword in _schema(document):
            yield {"target": f"{SCHEMA}.{keyword}", "remove": True}
        return
    schema = _schema(document).get("properties", {}).get(name, {})
    if "$ref" in schema:
        # Other members may use the referenced schema, so it stays; this member loses its reference.
        yield {"target": f"{SCHEMA}.properties['{name}']['$ref']", "remove": True}
        return
    if keyword in schema:
        yield {"target": f"{SCHEMA}.properties['{name}'].{keyword}", "remove": True}


def _added(document: Mapping[str, Any], accepted: Bodies, refused: Bodies, accepts: Accepts) -> ExplainedChanges:
    remaining = list(refused)
    for part in (_required, _limited, _worded, _long):
        if remaining:
            for change, explained in part(document, accepted, remaining, accepts):
                remaining = [body for body in remaining if not explained(body)]
                yield change, explained


def _required(document: Mapping[str, Any], accepted: Bodies, refused: Bodies, accepts: Accepts) -> ExplainedChanges:
    for name in _schema(document).get("properties", {}):
        missing = [body for body in refused if name not in body]
        is_why = bool(missing) and bool(accepted) and all(name in body for body in accepted)
        if is_why and any(name in body for body in accepted):
            action = {"target": SCHEMA, "update": {"required": [name]}}
            yield SchemaChange((action,), f"refuses what has no {name}, {len(missing)} seen"), partial(_lacks, name)


def _limited(document: Mapping[str, Any], accepted: Bodies, refused: Bodies, accepts: Accepts) -> ExplainedChanges:
    for name, schema in _schema(document).get("properties", {}).items():
        if schema.get("type") not in ("number", "integer"):
            continue
        good = [body for body in accepted if _is_number(body.get(name))]
        if not good:
            continue
        most, least = max(b[name] for b in good), min(b[name] for b in good)
        over = [body[name] for body in refused if _is_number(body.get(name)) and body[name] > most]
        under = [body[name] for body in refused if _is_number(body.get(name)) and body[name] < least]
        base = next(body for body in good if body[name] == most)
        if over:
            bound = _bound(int(most), int(min(over)), partial(_accepts_number, accepts, base, name))
            yield _limit(name, "maximum", bound), partial(_is_over, name, bound)
        if under:
            bound = -_bound(-int(least), -int(max(under)), partial(_accepts_negative, accepts, base, name))
            yield _limit(name, "minimum", bound), partial(_is_under, name, bound)


def _limit(name: str, word: str, bound: int) -> SchemaChange:
    target = f"{SCHEMA}.properties['{name}']"
    return SchemaChange(({"target": target, "update": {word: bound}},), f"the {word} of {name} is {bound}")


def _worded(document: Mapping[str, Any], accepted: Bodies, refused: Bodies, accepts: Accepts) -> ExplainedChanges:
    for name, schema in _schema(document).get("properties", {}).items():
        words = schema.get("enum", ())
        good = {body[name] for body in accepted if name in body}
        bad = {body[name] for body in refused if name in body} - good
        if bad and good and bad <= set(words):
            target = f"{SCHEMA}.properties['{name}']"
            kept = [word for word in words if word not in bad]
            actions = ({"target": f"{target}.enum", "remove": True}, {"target": target, "update": {"enum": kept}})
            values = f"refuses {name} {' and '.join(sorted(map(str, bad)))}"
            yield SchemaChange(actions, values), partial(_has_word, name, frozenset(bad))


def _long(document: Mapping[str, Any], accepted: Bodies, refused: Bodies, accepts: Accepts) -> ExplainedChanges:
    for name in _schema(document).get("properties", {}):
        good = [body for body in accepted if isinstance(body.get(name), str)]
        if not good:
            continue
        most = max(len(body[name]) for body in good)
        over = [len(body[name]) for body in refused if isinstance(body.get(name), str) and len(body[name]) > most]
        if over:
            base = next(body for body in good if len(body[name]) == most)
            bound = _bound(most, min(over), partial(_accepts_length, accepts, base, name))
            target = f"{SCHEMA}.properties['{name}']"
            action = {"target": target, "update": {"maxLength": bound}}
            yield SchemaChange((action,), f"{name} has {bound} characters at most"), partial(_is_longer, name, bound)


def _lacks(name: str, body: Mapping[str, Any]) -> bool:
    return name not in body


def _is_over(name: str, bound: int, body: Mapping[str, Any]) -> bool:
    return _is_number(body.get(name)) and body[name] > bound


def _is_under(name: str, bound: int, body: Mapping[str, Any]) -> bool:
    return _is_number(body.get(name)) and body[name] < bound


def _has_word(name: str, words: frozenset[Any], body: Mapping[str, Any]) -> bool:
    return body.get(name) in words


def _is_longer(name: str, bound: int, body: Mapping[str, Any]) -> bool:
    return isinstance(body.get(name), str) and len(body[name]) > bound


def _accepts_number(accepts: Accepts, base: Mapping[str, Any], name: str, number: int) -> bool:
    return accepts({**base, name: number})


def _accepts_negative(accepts: Accepts, base: Mapping[str, Any], name: str, number: int) -> bool:
    return accepts({**base, name: -number})


def _accepts_length(accepts: Accepts, base: Mapping[str, Any], name: str, length: int) -> bool:
    return accepts({**base, name: str(base[name]).ljust(length, "x")})


def _bound(accepted: int, refused: int, accepts: Callable[[int], bool]) -> int:
    """Find the largest accepted number between an accepted and a refused one, by bisection."""
    for _ in range(_MOST_PROBES):
        if refused - accepted <= 1:
            break
        middle = (accepted + refused) // 2
        accepted, refused = (middle, refused) if accepts(middle) else (accepted, middle)
    return accepted


def _schema(document: Mapping[str, Any]) -> Mapping[str, Any]:
    body = document["paths"][CHECKOUT]["post"]["requestBody"]
    schema: Mapping[str, Any] = body["content"]["application/json"]["schema"]
    return schema


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _body(exchange: CorpusExchange) -> Any:
    try:
        return json.loads(exchange.request.body)
    except (ValueError, RecursionError):
        return None
