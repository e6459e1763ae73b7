"""Rules of SARIF: the checks that have findings.

A claim is described by its statement, a rule of the harness by its promise, any other check by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.printable import escape_line
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.sarif.message import message
from mockserver_contracts.results.finding import RULE_PREFIX, FindingKind
from mockserver_contracts.results.verdict import ClaimVerdict

_GRAVITY: Final = ("note", "warning", "error")
_RULE: Final = (
    "A rule of the harness that supplements the claims of VideoDB's page. docs/check.md describes claims and rules."
)
_HELP: Final[Mapping[FindingKind, str]] = {
    "claim": "A claim of VideoDB's page. `mockserver claims` lists all claims.",
    "fuzz": "A check of every answer to the corpus, the same requests for every server. docs/check.md describes it.",
    "drift": "The target and the mock answer the same request differently. docs/drift.md describes the comparison.",
}


class RuleTable:
    """The rules by name, in the order of their first result."""

    def __init__(self, record: RunRecord) -> None:
        self._record = record
        self._claims = {claim.id: claim for claim in record.claims}
        self._kinds: dict[str, FindingKind] = {}
        self._levels: dict[str, str] = {}
        self._promises: dict[str, str] = {}

    def add(self, check: str, kind: FindingKind, level: str, promise: str = "") -> int:
        """The index of the check's rule. The rule has the gravest level of its results."""
        self._kinds.setdefault(check, kind)
        self._promises[check] = promise or self._promises.get(check, "")
        self._levels[check] = max(level, self._levels.get(check, "note"), key=_GRAVITY.index)
        return list(self._kinds).index(check)

    def descriptors(self) -> list[dict[str, Any]]:
        """The descriptors of all rules."""
        return [self._descriptor(check, kind) for check, kind in self._kinds.items()]

    def _descriptor(self, check: str, kind: FindingKind) -> dict[str, Any]:
        claim = self._claims.get(check)
        description = self._description(check, claim)
        voice = {} if claim is None else {"voice": claim.voice, "place": self._record.place(check)}
        return {
            "id": check,
            "shortDescription": message(description),
            "fullDescription": message(description),
            "help": message(self._help(check, kind, claim)),
            "defaultConfiguration": {"level": self._levels[check]},
            "properties": {"kind": kind, "tags": [kind], **voice},
        }

    def _description(self, check: str, claim: ClaimVerdict | None) -> str:
        if claim is not None:
            return escape_line(claim.statement)
        return self._promises[check] or check.replace("_", " ").replace("-", " ").capitalize()

    def _help(self, check: str, kind: FindingKind, claim: ClaimVerdict | None) -> str:
        if claim is None:
            return _RULE if check.startswith(RULE_PREFIX) else _HELP[kind]
        place = self._record.place(claim.id)
        at = f", {place}" if place else ""
        return f"Made by: {claim.voice}{at}. {_HELP['claim']}"
