"""Our own check of every refusal: a 4xx with the one error body (rule 12 of the design)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.exchange import Request, Response
from mockserver_contracts.results.finding import Finding, Severity

CHECK: Final = "refusal_body"
_EXPECTED: Final = 'JSON: {"success": false, "message": text, "error_code": text}'


def broken_refusals(operation: str, request: Request, response: Response) -> Iterator[Finding]:
    """A finding where the answer refuses in another form."""
    if not 400 <= response.status < 500 or request.method == "HEAD":
        return
    cause = _fault(response)
    if cause is not None:
        severity: Severity = "error"
        yield Finding(
            kind="fuzz",
            check=CHECK,
            operation=operation,
            pointer="",
            cause=cause,
            severity=severity,
            title="A refusal without the error body",
            expected=_EXPECTED,
            actual=f"{response.status}, {cause}",
            request=request,
            response=response,
        )


def _fault(response: Response) -> str | None:
    content_type = next((v for k, v in response.headers.items() if k.lower() == "content-type"), "")
    if content_type.split(";")[0].strip().lower() != "application/json":
        return "not announced as application/json"
    try:
        body = json.loads(response.body)
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(body, dict):
        return "not a JSON object"
    if body.get("success") is not False:
        return "success is not false"
    for name in ("message", "error_code"):
        if not isinstance(body.get(name), str) or not body[name]:
            return f"{name} is no text"
    return None
