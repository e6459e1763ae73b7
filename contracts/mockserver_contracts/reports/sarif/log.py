"""The record of a run as a SARIF 2.1.0 log with one run.

Rule 1: a finding is a result of the rule that is named as its check; an accepted finding is a suppressed result.
Rule 2: no result has a `baselineState`: it compares two runs, and a baseline of accepted findings is no run.
Rule 3: a category (`automationDetails`) has the command and the profile, so a drift does not replace the alerts of a
check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.sarif.invocation import NOTIFICATIONS, invocation
from mockserver_contracts.reports.sarif.location import OperationLocations
from mockserver_contracts.reports.sarif.message import message
from mockserver_contracts.reports.sarif.results import accepted_result, finding_result
from mockserver_contracts.reports.sarif.rules import RuleTable
from mockserver_contracts.reports.verdict_line import verdict_line

VERSION: Final = "2.1.0"
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION: Final = "https://docs.videodb.io/api-reference/billing/create_checkout"
"""The first of the project's URLs in pyproject.toml."""
_SEMANTIC: Final = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


def render_sarif(record: RunRecord) -> str:
    """Render the record as a SARIF log."""
    log = {"$schema": SCHEMA, "version": VERSION, "runs": [_run(record)]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _run(record: RunRecord) -> dict[str, Any]:
    rules, locations = RuleTable(record), OperationLocations(record.source)
    results = [finding_result(reported, rules, locations) for reported in record.findings]
    results += [accepted_result(accepted, rules, locations) for accepted in record.accepted]
    if record.accepted:
        # The results of a run have suppressions either all or none: an empty list says that a result has none.
        results = [{"suppressions": [], **result} for result in results]
    return {
        "tool": {"driver": _driver(record, rules)},
        "automationDetails": {"id": _category(record), "description": message(record.title)},
        "invocations": [invocation(record)],
        "results": results,
        "properties": _properties(record),
    }


def _driver(record: RunRecord, rules: RuleTable) -> dict[str, Any]:
    semantic: Mapping[str, str] = {"semanticVersion": record.version} if _SEMANTIC.fullmatch(record.version) else {}
    return {
        "name": "videodb-mockserver",
        "version": record.version,
        **semantic,
        "informationUri": INFORMATION,
        "rules": rules.descriptors(),
        "notifications": NOTIFICATIONS,
    }


def _category(record: RunRecord) -> str:
    # The id ends with a slash: the run has no name of its own in its category.
    profile = quote(record.profile.replace(", ", "+"), safe="+") or "unknown"
    return f"mockserver/{record.command}/{profile}/"


def _properties(record: RunRecord) -> dict[str, Any]:
    return {
        "command": record.command,
        "target": record.target,
        "profile": record.profile,
        "seed": record.seed,
        "strict": record.is_strict,
        "requestsSent": record.end.requests_sent,
        "verdict": verdict_line(record),
    }
