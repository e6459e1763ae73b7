"""The JSON of a state, by spec/state.schema.json: in a stable order, without secrets."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import jsonschema_rs

from mockserver.billing.snapshots import ClockState, MockState, SavedAccount
from mockserver.contract.loading.bundled import spec_folder
from mockserver.domain.errors import FieldError, InvalidRequest
from mockserver.domain.instant import parse_instant, rfc3339
from mockserver.domain.invoice import Invoice
from mockserver.domain.ledger import CreditEntry, EntryKind
from mockserver.domain.order import Mode, Order
from mockserver.domain.payment.buyer import Buyer
from mockserver.domain.planned_fault import FaultKind, FixedAnswer, Match, PlannedFault
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import Attempt, CheckoutSession, Status
from mockserver.journal.redaction import redact_text

VERSION: Final = 1
FIELDS: Final = frozenset({"version", "clock", "accounts", "faults"})


def state_json(state: MockState) -> dict[str, Any]:
    """The state as JSON."""
    return {
        "version": VERSION,
        "clock": state.clock and _clock_json(state.clock),
        "accounts": [_account_json(each) for each in state.accounts],
        "faults": [_fault_json(each) for each in state.faults],
    }


def read_state(value: Any) -> MockState:
    """The state of a JSON value. Raises InvalidRequest, which names the first fault."""
    version = value.get("version") if isinstance(value, dict) else None
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise InvalidRequest(f"the state has version {version}, written by a newer mock; this one reads {VERSION}")
    for error in _validator().iter_errors(value):
        pointer = "".join(f"/{part}" for part in error.instance_path)
        message = f"the state is none that a mock has saved: {error.message[:300]}, at {pointer or 'its root'}"
        raise InvalidRequest(message, field_errors=[FieldError(pointer, error.message[:300], "state")])
    state = MockState(
        clock=value["clock"] and _read_clock(value["clock"]),
        accounts=[_read_account(each) for each in value["accounts"]],
        faults=[_read_fault(each) for each in value["faults"]],
    )
    _check_ids(state)
    for account in state.accounts:
        _check_payments(account)
    return state


def _validator() -> jsonschema_rs.Draft202012Validator:
    text = (spec_folder() / "state.schema.json").read_text("utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(text), validate_formats=True)


def _check_ids(state: MockState) -> None:
    """Raise InvalidRequest unless each id occurs once."""
    for name, ids in (
        ("account", [each.id for each in state.accounts]),
        ("session", [each.id for account in state.accounts for each in account.sessions]),
        ("invoice", [each.id for account in state.accounts for each in account.invoices]),
        ("entry of the session", [each.session for a in state.accounts for each in a.entries if each.session]),
        ("invoice of the session", [each.session for a in state.accounts for each in a.invoices if each.session]),
        ("fault", [each.id for each in state.faults]),
    ):
        twice = sorted({each for each in ids if ids.count(each) > 1}) if len(set(ids)) < len(ids) else []
        if twice:
            raise InvalidRequest(f"the state is none that a mock has saved: it has the {name} {twice[0]} twice")


def _check_payments(account: SavedAccount) -> None:
    """Raise InvalidRequest unless completed sessions, and no others, have a time of payment and may have credits."""
    credited = {each.session for each in account.entries} | {each.session for each in account.invoices}
    for each in account.sessions:
        is_completed = each.status is Status.COMPLETED
        if is_completed is (each.completed_at is None):
            fault = "has no completed_at" if is_completed else "has completed_at"
        elif each.id in credited and not is_completed:
            fault = "has a ledger entry or an invoice"
        else:
            continue
        message = f"the session {each.id} is {each.status.value}, and {fault}"
        raise InvalidRequest(f"the state is none that a mock has saved: {message}")


def _clock_json(clock: ClockState) -> dict[str, Any]:
    return {"now": rfc3339(clock.now), "frozen": clock.frozen}


def _read_clock(value: dict[str, Any]) -> ClockState:
    return ClockState(parse_instant(value["now"]), value["frozen"])


def _account_json(account: SavedAccount) -> dict[str, Any]:
    recharge = account.recharge
    return {
        "id": account.id,
        "key_hint": account.key_hint,
        "name": account.name,
        "clock": _clock_json(account.clock),
        "plan": account.plan,
        "email": account.email,
        "auto_recharge": {
            "enabled": recharge.enabled,
            "threshold": str(recharge.threshold),
            "amount": str(recharge.amount),
        },
        "sessions": [_session_json(each) for each in account.sessions],
        "entries": [
            {
                "kind": each.kind.value,
                "microcredits": each.microcredits,
                "at": rfc3339(each.at),
                "session": each.session,
                "category": each.category,
                "microunits": each.microunits,
            }
            for each in account.entries
        ],
        "invoices": [
            {
                "id": each.id,
                "description": each.description,
                "cents": each.cents,
                "microcredits": each.microcredits,
                "created_at": rfc3339(each.created_at),
                "session": each.session,
                "email": each.email,
            }
            for each in account.invoices
        ],
    }


def _read_account(value: dict[str, Any]) -> SavedAccount:
    name, recharge = value["id"], value["auto_recharge"]
    return SavedAccount(
        id=name,
        key_hint=value.get("key_hint"),
        name=value.get("name"),
        clock=_read_clock(value["clock"]),
        plan=value["plan"],
        email=value.get("email"),
        recharge=AutoRecharge(recharge["enabled"], Decimal(recharge["threshold"]), Decimal(recharge["amount"])),
        sessions=[_read_session(each, name) for each in value["sessions"]],
        entries=[
            CreditEntry(
                name,
                EntryKind(each["kind"]),
                each["microcredits"],
                parse_instant(each["at"]),
                each["session"],
                each["category"],
                each["microunits"],
            )
            for each in value["entries"]
        ],
        invoices=[
            Invoice(
                each["id"],
                name,
                each["description"],
                each["cents"],
                each["microcredits"],
                parse_instant(each["created_at"]),
                each["session"],
                each.get("email"),
            )
            for each in value["invoices"]
        ],
    )


def _session_json(session: CheckoutSession) -> dict[str, Any]:
    order = session.order
    return {
        "id": session.id,
        "status": session.status.value,
        "created_at": rfc3339(session.created_at),
        "expires_at": rfc3339(session.expires_at),
        "completed_at": session.completed_at and rfc3339(session.completed_at),
        "order": {
            "mode": order.mode.value,
            "plan_id": order.plan_id,
            "amount": None if order.amount is None else str(order.amount),
            "cents": order.cents,
            "microcredits": order.microcredits,
            "success_url": order.success_url and redact_text(order.success_url),
            "cancel_url": order.cancel_url and redact_text(order.cancel_url),
        },
        "attempts": [
            {
                "at": rfc3339(each.at),
                "card_brand": each.card_brand,
                "card_last4": each.card_last4,
                "outcome": each.outcome,
            }
            for each in session.attempts
        ],
        "buyer": session.buyer and session.buyer._asdict(),
    }


def _read_session(value: dict[str, Any], account: str) -> CheckoutSession:
    order = value["order"]
    return CheckoutSession(
        id=value["id"],
        account=account,
        order=Order(
            **{**order, "mode": Mode(order["mode"])},
        )._replace(amount=None if order["amount"] is None else Decimal(order["amount"])),
        created_at=parse_instant(value["created_at"]),
        expires_at=parse_instant(value["expires_at"]),
        status=Status(value["status"]),
        completed_at=value["completed_at"] and parse_instant(value["completed_at"]),
        attempts=tuple(
            Attempt(parse_instant(each["at"]), each["card_last4"], each["outcome"], each.get("card_brand", ""))
            for each in value["attempts"]
        ),
        buyer=Buyer(**value["buyer"]) if value.get("buyer") else None,
    )


def _fault_json(fault: PlannedFault) -> dict[str, Any]:
    return {
        "id": fault.id,
        "match": fault.match._asdict(),
        "then": _then_json(fault.then),
        "delay_ms": fault.delay // timedelta(milliseconds=1),
        "times": fault.times,
        "probability": fault.probability,
        "seed": fault.seed,
        "met": fault.met,
        "struck": fault.struck,
    }


def _then_json(then: FixedAnswer | FaultKind | None) -> Any:
    if not isinstance(then, FixedAnswer):
        return then and then.value
    headers = [[name, redact_text(value)] for name, value in then.headers]
    return {"status": then.status, "headers": headers, "body": redact_text(then.body.decode("utf-8"))}


def _read_fault(value: dict[str, Any]) -> PlannedFault:
    then = value["then"]
    if isinstance(then, dict):
        headers = tuple((name, text) for name, text in then["headers"])
        answer: FixedAnswer | FaultKind | None = FixedAnswer(then["status"], headers, then["body"].encode())
    else:
        answer = then and FaultKind(then)
    return PlannedFault(
        value["id"],
        Match(**value["match"]),
        answer,
        timedelta(milliseconds=value["delay_ms"]),
        *(value[name] for name in ("times", "probability", "seed", "met", "struck")),
    )
