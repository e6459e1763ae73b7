"""The calibrated profile: the mock answers with it as the observed server does. Each entry names its evidence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from mockserver_contracts.calibration.accepted import accepted_bodies, response_json
from mockserver_contracts.calibration.overlay import overlays
from mockserver_contracts.calibration.price_map import price_gaps
from mockserver_contracts.calibration.refusal_template import RefusalTemplate, refusal_of
from mockserver_contracts.calibration.reply_template import (
    INVOICE_NAMES,
    RECHARGE_NAMES,
    SETTING_NAMES,
    USAGE_NAMES,
    Names,
    ObservedBody,
    list_in,
    named_template,
    template_of,
    with_items,
)
from mockserver_contracts.calibration.request_schema import Accepts, changes
from mockserver_contracts.checks.observed import OVERDRAFT
from mockserver_contracts.corpus.entry import Expected
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, TOPUP, USAGE
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.run.observations import Observations
from mockserver_contracts.target.answer import session_of

_DAY: Final = 24 * 3600
_LISTED: Final = {
    "pending": ("list after create",),
    "completed": ("pay",),
    "expired": ("expire", "when its life is over"),
}


@dataclass(slots=True)
class CalibratedProfile:
    """The profile as data, and sentences about behaviour that a profile cannot express."""

    profile: dict[str, Any]
    gaps: list[str] = field(default_factory=list)


class ProfileBuilder:
    """Builds a profile from the responses of two servers and the profile of their run."""

    def __init__(self, base: Mapping[str, Any], document: Mapping[str, Any], observations: Observations) -> None:
        self._base = base
        self._document = document
        self._observations = observations
        self._evidence: list[dict[str, str]] = []
        self._gaps: list[str] = []
        self._life = self._observed_life()
        self._words = self._observed_words()

    def profile(self, *, name: str, url: str, upheld: Sequence[str], accepts: Accepts) -> CalibratedProfile:
        """Build the profile. `upheld` are the claims that the server upholds; `accepts` sends it one more order."""
        refusal = refusal_of(self._observations.pairs)
        if refusal is not None:
            self._gaps += refusal.gaps
            self._add_evidence("error", f"{sum(there.is_refused for _, there in self._observations.pairs)} refusals")
        schema_changes = list(changes(self._document, self._observations.pairs, accepts))
        for change in schema_changes:
            self._add_evidence("overlays", change.evidence)
        self._report_fixed_limits()
        self._report_prices()
        reply = {
            **self._base["reply"],
            **self._created("checkout", CHECKOUT),
            **self._list(),
            **self._named("usage", "GET", USAGE, USAGE_NAMES),
            **self._created("topup", TOPUP),
            **self._invoices(),
            **self._named("auto_recharge", "GET", AUTO_RECHARGE, SETTING_NAMES),
            **self._named("auto_recharge_set", "POST", AUTO_RECHARGE, RECHARGE_NAMES),
        }
        profile = {
            "name": name,
            "description": f"Calibrated against {url}: the mock answers as this server was seen to.",
            "overlays": overlays(
                self._base, self._document, self._observations, changes=schema_changes, refusal=refusal
            ),
            "reply": reply,
            "error": self._error(refusal),
            "status_words": self._words,
            "amount_unit": self._base.get("amount_unit", "dollars"),
            "session_ttl": f"{round(self._life.total_seconds())}s",
            "overdraft": self._overdraft(upheld),
            "promises": list(upheld),
            "evidence": self._evidence,
        }
        return CalibratedProfile(profile, sorted(set(self._gaps)))

    def _add_evidence(self, entry: str, observed: str) -> None:
        self._evidence.append({"entry": entry, "seen": observed})

    def _observed_life(self) -> timedelta:
        step = self._observations.steps.get("create")
        lifetime = step.facts.get("life", "unknown") if step is not None else "unknown"
        if lifetime == "unknown":
            return timedelta(seconds=_DAY)
        self._add_evidence("session_ttl", f"a session is told to live {lifetime}")
        return timedelta(seconds=int(lifetime.split()[0]))

    def _observed_words(self) -> dict[str, str]:
        words = {
            "pending": "pending",
            "completed": "completed",
            "expired": "expired",
            **self._base.get("status_words", {}),
        }
        for ours, steps in _LISTED.items():
            observed = [self._observations.steps[step] for step in steps if step in self._observations.steps]
            listed = [step.facts.get("listed_as") for step in observed]
            known = [word for word in listed if word not in (None, "not listed", "None")]
            if known:
                words[ours] = str(known[0])
                self._add_evidence(f"status_words.{ours}", f"listed as {known[0]} after: {steps[0]}")
        return words

    def _created(self, name: str, path: str) -> dict[str, Any]:
        observed = [
            ObservedBody(body, self._known(exchange))
            for exchange, body in accepted_bodies(self._observations, "POST", path)
        ]
        usual = Counter(_form(each.body) for each in observed).most_common(1)
        same_form = [each for each in observed if usual and _form(each.body) == usual[0][0]]
        if not same_form or not isinstance(same_form[0].body, dict):
            return {}
        template = template_of(same_form, life=self._life)
        self._gaps += [f"{name}: {words}" for words in template.gaps]
        self._add_evidence(f"reply.{name}", f"{len(same_form)} answers to new sessions")
        return {name: template.body}

    def _known(self, exchange: CorpusExchange) -> dict[str, Any]:
        order = json.loads(exchange.request.body) if exchange.request.body else {}
        session = session_of(exchange, 0)
        return {
            "id": session.id if session is not None else None,
            "url": session.url if session is not None else None,
            **_of_order(order),
            "status": self._words["pending"],
            "currency": "usd",
        }

    def _list(self) -> dict[str, Any]:
        orders = {}
        for exchange, _ in accepted_bodies(self._observations, "POST", CHECKOUT):
            known = self._known(exchange)
            orders[known["id"]] = known
        items: list[ObservedBody] = []
        whole: Any = None
        for _, body in accepted_bodies(self._observations, "GET", CHECKOUTS):
            found = list_in(body)
            if found is not None and found[1]:
                whole = (body, found[0]) if whole is None else whole
                items += [ObservedBody(item, known) for item in found[1] for known in _owners(item, orders)]
        if whole is None or not items:
            return {}
        template = template_of(items, life=self._life)
        self._gaps += [f"checkouts: {words}" for words in template.gaps]
        self._add_evidence("reply.checkouts", f"{len(items)} entries of lists")
        return {"checkouts": with_items(*whole), "checkouts_item": template.body}

    def _invoices(self) -> dict[str, Any]:
        for _, body in accepted_bodies(self._observations, "GET", INVOICES):
            found = list_in(body)
            if found is not None and found[1]:
                template = named_template(found[1][0], INVOICE_NAMES)
                self._gaps += [f"invoices: {words}" for words in template.gaps]
                self._add_evidence("reply.invoices", f"{len(found[1])} invoices")
                return {"invoices": with_items(body, found[0]), "invoices_item": template.body}
        return {}

    def _named(self, name: str, method: str, path: str, names: Names) -> dict[str, Any]:
        observed = accepted_bodies(self._observations, method, path)
        if not observed or not isinstance(observed[0][1], dict):
            return {}
        template = named_template(observed[0][1], names)
        self._gaps += [f"{name}: {words}" for words in template.gaps]
        self._add_evidence(f"reply.{name}", f"{len(observed)} answers")
        return {name: template.body}

    def _report_fixed_limits(self) -> None:
        """Report the limits of the mock's parser, which no profile changes."""
        for mock, target in self._observations.pairs:
            miss = mock.entry.miss
            if miss is None or mock.entry.expected is not Expected.REFUSED_BY_LIMIT:
                continue
            if mock.is_refused and target.is_accepted:
                self._gaps.append(f"the server takes {miss.cause}; the mock's parser refuses it with every profile")

    def _report_prices(self) -> None:
        """Report the prices of units, which settings give, unless the mock has the same."""
        for mock, target in self._observations.pairs:
            is_usage = (target.request.method, target.entry.path) == ("GET", USAGE)
            if is_usage and target.is_accepted:
                self._gaps += price_gaps(response_json(mock), response_json(target))
                return

    def _overdraft(self, upheld: Sequence[str]) -> bool:
        """An account can be overdrawn; where the server shows nothing of it, as the base says."""
        step = self._observations.steps.get("consume too much")
        if step is not None:
            self._add_evidence("overdraft", f"consumption of more than the balance is {step.facts['outcome']}")
            return step.facts["outcome"] == "accepted"
        if OVERDRAFT in upheld:
            self._add_evidence("overdraft", "a balance is below zero")
            return True
        return bool(self._base.get("overdraft", False))

    def _error(self, refusal: RefusalTemplate | None) -> dict[str, Any]:
        base: dict[str, Any] = self._base["error"]
        if refusal is None or not isinstance(refusal.body, dict):
            return base
        error = {"body": refusal.body, "status": {**base.get("status", {}), **refusal.status}}
        return {**error, "codes": refusal.codes} if refusal.codes else error


def _of_order(order: Any) -> dict[str, Any]:
    fields = order if isinstance(order, dict) else {}
    amount = fields.get("amount")
    mode = fields.get("mode", "payment")
    known: dict[str, Any] = {}
    # The document does not give a plan's price.
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
