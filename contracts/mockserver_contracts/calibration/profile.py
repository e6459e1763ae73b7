"""The profile with which the mock answers as a server was seen to, each entry with what it rests on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from mockserver_contracts.calibration.inferred_schema import schema_of
from mockserver_contracts.calibration.refusal_template import Refusal, refusal_of
from mockserver_contracts.calibration.reply_template import (
    INVOICE_NAMES,
    RECHARGE_NAMES,
    USAGE_NAMES,
    Names,
    Seen,
    list_in,
    named_template,
    template_of,
    with_items,
)
from mockserver_contracts.calibration.request_schema import Takes, changes
from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.document.free_form import maps_in
from mockserver_contracts.replay.replay import Exchange
from mockserver_contracts.run.observations import Observations
from mockserver_contracts.target.answer import Answer, session_of
from mockserver_contracts.target.client import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, TOPUP, USAGE

_DAY: Final = 24 * 3600
_REPLY: Final = "reply-"
_LISTED: Final = {
    "pending": ("list after create",),
    "completed": ("pay",),
    "expired": ("expire", "when its life is over"),
}
_ANSWERED: Final = (
    ("POST", CHECKOUT),
    ("GET", CHECKOUTS),
    ("GET", USAGE),
    ("POST", TOPUP),
    ("GET", INVOICES),
    ("GET", AUTO_RECHARGE),
    ("POST", AUTO_RECHARGE),
)
_OVERLAY: Final = {
    "overlay": "1.0.0",
    "info": {"title": "What the server was seen to do otherwise", "version": "1.0.0"},
}


@dataclass(slots=True)
class Calibrated:
    """The profile as data, and in sentences what of the server it cannot say."""

    profile: dict[str, Any]
    left: list[str] = field(default_factory=list)


class Calibration:
    """Draws a profile from what two servers answered, on the ground of the profile that they were run with."""

    def __init__(self, base: Mapping[str, Any], document: Mapping[str, Any], notes: Observations) -> None:
        self._base = base
        self._document = document
        self._notes = notes
        self._evidence: list[dict[str, str]] = []
        self._left: list[str] = []
        self._life = self._seen_life()
        self._words = self._seen_words()

    def profile(self, *, name: str, url: str, upheld: Sequence[str], takes: Takes) -> Calibrated:
        """The profile; `upheld` are the claims that the server upholds, `takes` asks it whether it takes a body."""
        refusal = refusal_of(self._notes.pairs)
        if refusal is not None:
            self._left += refusal.left
            self._rests("error", f"{sum(there.is_refused for _, there in self._notes.pairs)} refusals")
        actions = [*self._actions(refusal, takes)]
        self._note_what_stays()
        reply = {
            **self._base["reply"],
            **self._created("checkout", CHECKOUT),
            **self._list(),
            **self._named("usage", "GET", USAGE, USAGE_NAMES),
            **self._created("topup", TOPUP),
            **self._invoices(),
            **self._named("auto_recharge", "GET", AUTO_RECHARGE, RECHARGE_NAMES),
            **self._named("auto_recharge_set", "POST", AUTO_RECHARGE, RECHARGE_NAMES),
        }
        profile = {
            "name": name,
            "description": f"Calibrated against {url}: the mock answers as this server was seen to.",
            # An overlay without an action is none.
            "overlays": [*self._overlays(), *([{**_OVERLAY, "actions": actions}] if actions else [])],
            "reply": reply,
            "error": self._error(refusal),
            "status_words": self._words,
            "amount_unit": self._base.get("amount_unit", "dollars"),
            "session_ttl": f"{round(self._life.total_seconds())}s",
            "promises": list(upheld),
            "evidence": self._evidence,
        }
        return Calibrated(profile, sorted(set(self._left)))

    def _rests(self, entry: str, seen: str) -> None:
        self._evidence.append({"entry": entry, "seen": seen})

    def _overlays(self) -> Iterator[Any]:
        """The overlays of the base, but for those about replies: what is seen takes their place."""
        for overlay in self._base["overlays"]:
            if not isinstance(overlay, str):
                yield overlay
                continue
            file = overlay.rpartition("/")[2].removesuffix(".yaml").removeprefix("bundled:")
            if not file.startswith(_REPLY):
                yield f"bundled:{file}" if overlay.startswith(("../overlays/", "bundled:")) else overlay

    def _seen_life(self) -> timedelta:
        step = self._notes.steps.get("create")
        told = step.facts.get("life", "unknown") if step is not None else "unknown"
        if told == "unknown":
            return timedelta(seconds=_DAY)
        self._rests("session_ttl", f"a session is told to live {told}")
        return timedelta(seconds=int(told.split()[0]))

    def _seen_words(self) -> dict[str, str]:
        words = {
            "pending": "pending",
            "completed": "completed",
            "expired": "expired",
            **self._base.get("status_words", {}),
        }
        for ours, steps in _LISTED.items():
            told = [self._notes.steps[step].facts.get("listed_as") for step in steps if step in self._notes.steps]
            known = [word for word in told if word not in (None, "not listed", "None")]
            if known:
                words[ours] = str(known[0])
                self._rests(f"status_words.{ours}", f"listed as {known[0]} after: {steps[0]}")
        return words

    def _accepted(self, method: str, path: str) -> list[tuple[Exchange, Any]]:
        found = []
        for mock, target in self._notes.pairs:
            if (target.request.method, target.entry.path) == (method, path) and mock.is_accepted and target.is_accepted:
                body = _json(target)
                if body is not None:
                    found.append((target, body))
        return found

    def _created(self, name: str, path: str) -> dict[str, Any]:
        seen = [Seen(body, self._known(exchange)) for exchange, body in self._accepted("POST", path)]
        usual = Counter(_form(each.body) for each in seen).most_common(1)
        alike = [each for each in seen if usual and _form(each.body) == usual[0][0]]
        if not alike or not isinstance(alike[0].body, dict):
            return {}
        template = template_of(alike, life=self._life)
        self._left += [f"{name}: {words}" for words in template.left]
        self._rests(f"reply.{name}", f"{len(alike)} answers to new sessions")
        return {name: template.body}

    def _known(self, exchange: Exchange) -> dict[str, Any]:
        order = json.loads(exchange.request.body) if exchange.request.body else {}
        session = session_of(Answer(*exchange.shown), 0)
        return {
            "id": session.id if session is not None else None,
            "url": session.url if session is not None else None,
            **_of_order(order),
            "status": self._words["pending"],
            "currency": "usd",
        }

    def _list(self) -> dict[str, Any]:
        orders = {}
        for exchange, _ in self._accepted("POST", CHECKOUT):
            known = self._known(exchange)
            orders[known["id"]] = known
        items: list[Seen] = []
        whole: Any = None
        for _, body in self._accepted("GET", CHECKOUTS):
            found = list_in(body)
            if found is not None and found[1]:
                whole = (body, found[0]) if whole is None else whole
                items += [Seen(item, known) for item in found[1] for known in _owners(item, orders)]
        if whole is None or not items:
            return {}
        template = template_of(items, life=self._life)
        self._left += [f"checkouts: {words}" for words in template.left]
        self._rests("reply.checkouts", f"{len(items)} entries of lists")
        return {"checkouts": with_items(*whole), "checkouts_item": template.body}

    def _invoices(self) -> dict[str, Any]:
        for _, body in self._accepted("GET", INVOICES):
            found = list_in(body)
            if found is not None and found[1]:
                template = named_template(found[1][0], INVOICE_NAMES)
                self._left += [f"invoices: {words}" for words in template.left]
                self._rests("reply.invoices", f"{len(found[1])} invoices")
                return {"invoices": with_items(body, found[0]), "invoices_item": template.body}
        return {}

    def _named(self, name: str, method: str, path: str, names: Names) -> dict[str, Any]:
        seen = self._accepted(method, path)
        if not seen or not isinstance(seen[0][1], dict):
            return {}
        template = named_template(seen[0][1], names)
        self._left += [f"{name}: {words}" for words in template.left]
        self._rests(f"reply.{name}", f"{len(seen)} answers")
        return {name: template.body}

    def _note_what_stays(self) -> None:
        """What the mock's parser refuses it refuses with every profile, and what it knows nothing of it takes."""
        for mock, target in self._notes.pairs:
            miss = mock.entry.miss
            if miss is None or mock.entry.expected is not Expected.REFUSED_BY_LIMIT:
                continue
            if mock.is_refused and target.is_accepted:
                self._left.append(f"the server takes {miss.cause}; the mock's parser refuses it with every profile")

    def _error(self, refusal: Refusal | None) -> dict[str, Any]:
        base: dict[str, Any] = self._base["error"]
        if refusal is None or not isinstance(refusal.body, dict):
            return base
        told = {"body": refusal.body, "status": {**base.get("status", {}), **refusal.status}}
        return {**told, "codes": refusal.codes} if refusal.codes else told

    def _actions(self, refusal: Refusal | None, takes: Takes) -> Iterator[Mapping[str, Any]]:
        """What the overlay changes: requests first, then what is answered."""
        for change in changes(self._document, self._notes.pairs, takes):
            self._rests("overlays", change.evidence)
            for action in change.actions:
                yield {**action, "description": f"Seen: {change.evidence}."}
        for method, path in _ANSWERED:
            bodies = [body for _, body in self._accepted(method, path)]
            place = f"$.paths['{path}'].{method.lower()}.responses['200'].content['application/json']"
            if bodies and path in self._document.get("paths", {}):
                yield {"target": f"{place}.schema", "remove": True}
                yield {"target": place, "update": {"schema": schema_of(bodies, maps=maps_in(self._document))}}
        refused = [_json(there) for here, there in self._notes.pairs if here.is_refused and there.is_refused]
        if refused and "Error" in self._document.get("components", {}).get("schemas", {}):
            yield {"target": "$.components.schemas.Error", "remove": True}
            schema = schema_of([body for body in refused if isinstance(body, dict)])
            yield {"target": "$.components.schemas", "update": {"Error": schema}}
        yield from self._statuses(refusal)

    def _statuses(self, refusal: Refusal | None) -> Iterator[Mapping[str, Any]]:
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        answer = {"description": "A refusal, as the server was seen to answer it.", "content": content}
        statuses = sorted(set(refusal.status.values())) if refusal is not None else []
        for path, item in self._document.get("paths", {}).items():
            for method, operation in item.items():
                missing = {str(s): answer for s in statuses if str(s) not in operation.get("responses", {})}
                if missing:
                    yield {"target": f"$.paths['{path}'].{method}.responses", "update": missing}


def _of_order(order: Any) -> dict[str, Any]:
    fields = order if isinstance(order, dict) else {}
    amount = fields.get("amount")
    mode = fields.get("mode", "payment")
    known: dict[str, Any] = {}
    # A plan's price is the mock's to know.
    if isinstance(amount, int | float) and not isinstance(amount, bool) and mode == "payment":
        known = {"amount": amount, "amount_cents": amount * 100}
    return {**known, "mode": mode, "plan_id": fields.get("plan_id")}


def _owners(item: Any, orders: Mapping[Any, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict):
        owner = next((value for value in item.values() if isinstance(value, str) and value in orders), None)
        if owner is not None and "amount" in orders[owner]:
            yield orders[owner]


def _form(body: Any) -> str:
    return json.dumps(sorted(_places(body, "")))


def _places(value: Any, place: str) -> Iterable[str]:
    if isinstance(value, dict):
        return [each for name, member in value.items() for each in _places(member, f"{place}/{name}")]
    return [place]


def _json(exchange: Exchange) -> Any:
    try:
        return json.loads(exchange.response.body)
    except (ValueError, RecursionError):
        return None
