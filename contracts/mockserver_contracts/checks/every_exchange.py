"""The checks of every exchange: a request gets an answer, a refusal (4xx) has the one error body, and the control API
works.

The form of the error body is rule 12 of the design.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mockserver_contracts.exchange import Exchange, Response
from mockserver_contracts.results.finding import Finding

REFUSAL_BODY: Final = "refusal_body"
# RFC 9457 lets a problem have members of its own: the envelope's.
_ANNOUNCED: Final = frozenset({"application/json", "application/problem+json"})
_EXPECTED: Final = 'JSON: {"success": false, "message": text, "error_code": text}'


def check_error_body(operation: str, exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding if a refusal has another body."""
    if not exchange.is_refused or exchange.request.method == "HEAD":
        return
    cause = _violation_of(exchange.response)
    if cause is not None:
        yield Finding(
            kind="fuzz",
            check=REFUSAL_BODY,
            operation=operation,
            pointer="",
            cause=cause,
            severity="error",
            title="A refusal without the error body",
            expected=_EXPECTED,
            actual=f"{exchange.status}, {cause}",
            request=exchange.request,
            response=exchange.response,
        )


def unanswered_request(operation: str, exchange: Exchange) -> Finding:
    """The finding for a request without a whole answer."""
    reason = exchange.no_response
    assert reason is not None, "the request was answered"
    return Finding(
        kind="fuzz",
        check="every_request_is_answered",
        operation=operation,
        pointer="",
        cause=reason.cause,
        severity="error",
        title="A request without a whole answer",
        expected="an HTTP answer",
        actual=str(reason),
        request=exchange.request,
        response=None,
    )


def server_error(operation: str, exchange: Exchange) -> Finding:
    """The finding for a server error, the same as that of the corpus."""
    return Finding(
        kind="fuzz",
        check="not_a_server_error",
        operation=operation,
        pointer="",
        cause=f"status {exchange.status}",
        severity="error",
        title="Server error",
        expected="no answer of the 5xx family",
        actual=str(exchange.status),
        request=exchange.request,
        response=exchange.response,
    )


def deadly_request(operation: str, exchange: Exchange) -> Finding:
    """The finding for a request after which the target answered nothing any more."""
    finding = unanswered_request(operation, exchange)
    return replace(finding, cause="the target is gone", title="A request after which the target answers nothing")


def failed_control(operation: str, exchange: Exchange) -> Finding:
    """The finding for a call to the control API that it answered with a server error."""
    return Finding(
        kind="fuzz",
        check="control_api_works",
        operation=operation,
        pointer="",
        cause=f"status {exchange.status}",
        severity="error",
        title=f"The control API fails with {exchange.status}",
        expected="an answer of the 2xx or 4xx family",
        actual=exchange.summary,
        request=exchange.request,
        response=exchange.response,
    )


def _violation_of(response: Response) -> str | None:
    content_type = response.header("content-type") or ""
    if content_type.split(";")[0].strip().lower() not in _ANNOUNCED:
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
