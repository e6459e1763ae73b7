"""Advice for undecided claims: the control, key or setting that a decision needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockserver_contracts.target.abilities import Ability

_ADVICE: Final[Mapping[str, str]] = {
    Ability.SESSIONS.value: "a control API of its sessions, named with --control",
    Ability.PAY.value: "a control API that pays, named with --control",
    Ability.CANCEL.value: "a control API that cancels, named with --control",
    Ability.CLOCK.value: "a control API with a clock, named with --control",
    Ability.SECOND.value: "the key of a second account",
    Ability.FREE.value: "a run on this machine, or on a mock,",
    "a payment page has to be looked at": "a person who opens it",
    "the target is another server": "a run against that server",
    "time budget": "a longer --time-budget",
    "no control of consumption": "a control API that consumes credits and units, named with --control",
    "no control of expiry": "a control API that expires sessions, named with --control",
    "only pending sessions can be made": "a control API that pays and expires, named with --control",
    "the URL leads to another host": "a person who opens it",
}


def how_to_decide(reason: str) -> str:
    """The means to decide a claim that is undecided for this reason; empty if none is known."""
    return _ADVICE.get(reason, "")
