"""The JSON of a planned fault in the control API. It is accepted as a plan again."""

from __future__ import annotations

import json
from typing import Any

from mockserver.domain.planned_fault import FixedAnswer, PlannedFault
from mockserver.web.http.media_types import is_json_type


def fault_json(fault: PlannedFault) -> dict[str, Any]:
    """The fault as JSON; `delay` is in seconds."""
    match = {"method": fault.match.method, "path": fault.match.path, "key": fault.match.account}
    return {
        "id": fault.id,
        "match": {name: value for name, value in match.items() if value is not None},
        "times": fault.times,
        "remaining": fault.remaining,
        "struck": fault.struck,
        "probability": fault.probability,
        "seed": fault.seed,
        "delay": fault.delay.total_seconds(),
        "then": _then_json(fault),
    }


def content_type_of(headers: dict[str, str]) -> str | None:
    """The Content-Type among a fault's headers."""
    return next((value for name, value in headers.items() if name.lower() == "content-type"), None)


def _then_json(fault: PlannedFault) -> Any:
    if not isinstance(fault.then, FixedAnswer):
        return None if fault.then is None else fault.then.value
    headers = dict(fault.then.headers)
    answer: dict[str, Any] = {"status": fault.then.status, "headers": headers}
    if fault.then.body:
        text = fault.then.body.decode("utf-8")
        answer["body"] = json.loads(text) if is_json_type(content_type_of(headers)) else text
    return answer
