"""The cause of a failed Schemathesis check: one cause is one finding.

Schemathesis describes a failure by the request that showed it. The cause keeps only the parts that stay the same
from request to request: a place (a JSON pointer) and a word for the fault there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from schemathesis.core.failures import AcceptedNegativeData, Failure, ServerError
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.case import Case
from schemathesis.openapi.checks import (
    IgnoredAuth,
    JsonSchemaError,
    MissingHeaderNotRejected,
    RejectedPositiveData,
    UndefinedContentType,
    UndefinedStatusCode,
    UnsupportedMethodResponse,
)

from mockserver_contracts.document.body_violations import BodyViolationsOf, general_pointer
from mockserver_contracts.exchange import Response

_ACCEPTED: Final = "A request that the contract forbids is accepted"
_POINTER: Final = re.compile(r"(/([^/~]|~[01])*)*")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a check failed: where, in a word, and in sentences."""

    pointer: str
    word: str
    title: str
    expected: str
    actual: str
    # Another implementation may rightly refuse with another 4xx than the contract names.
    is_exact_status: bool = False
    # A link without its host, where the schema asks for a URI: what many mean by it.
    is_relative_link: bool = False
    # Other causes that the same failure may have.
    also: tuple[Cause, ...] = ()


def cause_of(
    failure: Failure, case: Case[Any], body: bytes, response: Response, violations_of: BodyViolationsOf
) -> Cause:
    """The cause of a check's failure."""
    title, status = failure.title, response.status
    if isinstance(failure, ServerError):
        return Cause("", f"status {status}", title, "no answer of the 5xx family", str(status))
    if isinstance(failure, UndefinedStatusCode):
        expected = f"one of the documented statuses: {', '.join(failure.defined_status_codes)}"
        return Cause("", f"status {status}", title, expected, str(status), is_exact_status=400 <= status < 500)
    if isinstance(failure, UndefinedContentType):
        received = failure.content_type.split(";")[0].strip()
        word = f"{_family(status)}: {received}"
        return Cause("", word, title, " or ".join(failure.defined_content_types), failure.content_type)
    if isinstance(failure, JsonSchemaError):
        return _schema_cause(failure, status)
    if isinstance(failure, AcceptedNegativeData):
        return _accepted(case, body, status, violations_of)
    if isinstance(failure, RejectedPositiveData):
        where, word = _complaint(response)
        return Cause(where, word, title, "a 2xx to a request that is valid by the contract", f"{status}, {word}")
    if isinstance(failure, IgnoredAuth):
        expected = "401 without a valid key"
        return Cause("", str(failure.scenario), title, expected, f"{status}: {failure.title}")
    if isinstance(failure, UnsupportedMethodResponse):
        word = failure.failure_reason if status == 405 else f"{_family(status)} for an undeclared method"
        is_exact = 400 <= status < 500 and status != 405
        return Cause("", word, title, "405 with Allow", str(status), is_exact_status=is_exact)
    if isinstance(failure, MissingHeaderNotRejected):
        return Cause("", failure.header_name.lower(), title, "a refusal without the header", str(status))
    message = failure.message.strip().splitlines() or [failure.title]
    return Cause("", type(failure).__name__, title, "an answer that is true to the contract", f"{status}, {message[0]}")


def _schema_cause(failure: JsonSchemaError, status: int) -> Cause:
    keyword = str(failure.schema_path[-1]) if failure.schema_path else "schema"
    # The first line names the property that is missing; only for `required` is it free of generated values.
    sentence = failure.message.strip().splitlines()[0]
    word = f"{_family(status)}: {sentence if keyword == 'required' else keyword}"
    where = general_pointer(failure.instance_path)
    value = json.dumps(failure.instance, ensure_ascii=False)
    excerpt = value if len(value) <= 200 else value[:197] + "..."
    constraint = failure.schema.get(keyword)
    expected = f"{keyword}: {json.dumps(constraint, ensure_ascii=False)[:200]}" if constraint is not None else sentence
    is_link = keyword == "format" and constraint == "uri" and str(failure.instance).startswith(("/", "./", "?", "#"))
    return Cause(where, word, failure.title, expected, excerpt, is_relative_link=is_link)


def forbidden(faults: Sequence[tuple[str, str]], status: int) -> Cause:
    """The cause where a body with these faults is accepted."""
    first, *others = (_forbidden(where, keyword, _ACCEPTED, status) for where, keyword in faults)
    return replace(first, also=tuple(others))


def _accepted(case: Case[Any], body: bytes, status: int, violations_of: BodyViolationsOf) -> Cause:
    title = _ACCEPTED
    meta = case.meta
    location = meta.phase.data.parameter_location if meta is not None else None
    parameter = (meta.phase.data.parameter if meta is not None else None) or ""
    if location in (None, ParameterLocation.BODY):
        faults = violations_of(case.operation.path, case.operation.method, body)
        if faults:
            return forbidden(faults, status)
        return Cause("", "body", title, "a refusal of the body", str(status))
    place = str(location.value) if location is not None else ""
    if parameter:
        return _unfit(f"{place} {parameter}", title, status)
    names = {mutation.parameter for mutation in meta.phase.data.mutations} if meta is not None else set()
    also = tuple(_unfit(f"{place} {name}", title, status) for name in sorted(filter(None, names)))
    return replace(_unfit(place, title, status), also=also)


def _forbidden(where: str, keyword: str, title: str, status: int) -> Cause:
    return Cause(where, keyword, title, f"a refusal: {keyword} at {where or 'the body'}", str(status))


def _unfit(word: str, title: str, status: int) -> Cause:
    return Cause("", word, title, f"a refusal: {word} is not valid", str(status))


def _complaint(response: Response) -> tuple[str, str]:
    try:
        body = json.loads(response.body)
    except (ValueError, RecursionError):
        return "", f"status {response.status}"
    if not isinstance(body, dict):
        return "", f"status {response.status}"
    word = str(body.get("error_code") or f"status {response.status}")
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    where = re.sub(r"/\d+(?=/|$)", "/0", str(first.get("pointer", "")))
    # The word of a server under test: whatever is no pointer is left out.
    where = where if _POINTER.fullmatch(where) else ""
    return where, " ".join(filter(None, (word, str(first.get("code", "")))))


def _family(status: int) -> str:
    return f"{status // 100}xx"
