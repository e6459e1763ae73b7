"""The plan of a fault, read from a control request.

A plan without an effect is refused, and so is one with an answer that HTTP cannot transmit.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Final

from mockserver.domain.duration import duration
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.planned_fault import LONGEST_DELAY, FaultKind, FixedAnswer, Match, PlannedFault
from mockserver.web.control.fields import Fields
from mockserver.web.http.media_types import is_json_type
from mockserver.web.http.methods import HTTP_METHODS
from mockserver.web.http.paths import CONTROL
from mockserver.web.http.reply import JSON
from mockserver.web.shapes.fault_json import content_type_of

PLAN_FIELDS: Final = frozenset({"match", "times", "probability", "seed", "delay", "then"})
MATCH_FIELDS: Final = frozenset({"method", "path", "key"})
THEN_FIELDS: Final = frozenset({"status", "headers", "body"})
MOST_TIMES: Final = 1_000_000

_BODILESS: Final = frozenset({204, 205, 304})
_SERVER_HEADERS: Final = frozenset(
    {
        "content-length",
        "transfer-encoding",
        "connection",
        "date",
        "keep-alive",
        "upgrade",
        "te",
        "trailer",
        "proxy-connection",
    }
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}", re.ASCII)
_VALUE: Final = re.compile(r"(?![\t ])[\t\x20-\x7e\xa0-\xff]{0,8000}(?<![\t ])")
_SLASHES: Final = re.compile("//+")


def read_plan(body: Fields) -> PlannedFault:
    """The planned fault, without its id and account; raises InvalidRequest."""
    match = body.member("match", known=MATCH_FIELDS)
    plan = PlannedFault(
        id="",
        match=Match(method=_method(match), path=_path(match)) if match else Match(),
        then=_then(body),
        delay=_delay(body),
        times=_times(body),
        probability=_probability(body),
        seed=_seed(body),
    )
    if plan.then is None and not plan.delay:
        raise body.error("then", "the plan has neither then nor delay; it has no effect", code="required")
    return plan


def _method(match: Fields) -> str | None:
    method = match.text("method")
    if method is None:
        return None
    if method.upper() not in HTTP_METHODS:
        raise match.error(
            "method", f"method is {method[:40]!r}; one of {', '.join(HTTP_METHODS)} is needed", code="enum"
        )
    return method.upper()


def _path(match: Fields) -> str | None:
    given = match.text("path")
    if given is None:
        return None
    path = _SLASHES.sub("/", given)  # as in the paths of requests
    if not path.startswith(("/", "*")) or len(path) > 1_000 or "?" in path or "#" in path:
        message = f"path is {given[:60]!r}; a path such as /billing/usage or /billing/*, without a query, is needed"
        raise match.error("path", message, code="pattern")
    if path == CONTROL or path.startswith(f"{CONTROL}/"):
        raise match.error("path", f"path is {path[:60]!r}; no fault strikes the control API", code="pattern")
    return path


def _then(body: Fields) -> FixedAnswer | FaultKind | None:
    given = body.get("then")
    if isinstance(given, str):
        if given not in list(FaultKind):
            message = f"then is {given[:40]!r}; {', '.join(FaultKind)} or an object with status is needed"
            raise body.error("then", message, code="enum")
        return FaultKind(given)
    answer = body.member("then", known=THEN_FIELDS)
    if answer is None:
        return None
    status = answer.required("status")
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        raise answer.error("status", f"status is {status!r:.40}; a number from 200 to 599 is needed")
    headers = _headers(answer)
    content = _content(answer, headers)
    if content and status in _BODILESS:
        raise answer.error("body", f"an answer with status {status} has no body")
    return FixedAnswer(status, tuple(headers.items()), content)


def _headers(answer: Fields) -> dict[str, str]:
    given = answer.get("headers")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise answer.error("headers", f"headers is {given!r:.60}; an object is needed")
    headers: dict[str, str] = {}
    for name, value in given.items():
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not _NAME.fullmatch(name):
            raise answer.error("headers", f"{name[:60]!r} is not a valid header name", code="pattern")
        if name.lower() in _SERVER_HEADERS:
            raise answer.error("headers", f"the server sets {name} itself; leave it out", code="forbidden")
        if not isinstance(text, str) or not _VALUE.fullmatch(text):
            message = f"{name} is {value!r:.60}; text of one line in Latin-1, without spaces at its ends, is needed"
            raise answer.error("headers", message)
        if name.lower() in {each.lower() for each in headers}:
            raise answer.error("headers", f"{name} is there twice; header names ignore case")
        headers[name] = text
    return headers


def _content(answer: Fields, headers: dict[str, str]) -> bytes:
    """The bytes of the body: JSON, or plain text if another Content-Type is given."""
    if not answer.has("body"):
        return b""
    body, media_type = answer.get("body"), content_type_of(headers)
    if media_type is None:
        headers["Content-Type"] = media_type = JSON
    if is_json_type(media_type):
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    if not isinstance(body, str):
        raise answer.error("body", f"body is {body!r:.60}; with Content-Type {media_type[:60]} a text is needed")
    return body.encode("utf-8")


def _delay(body: Fields) -> timedelta:
    given = body.get("delay")
    if given is None:
        return timedelta()
    try:
        delay = duration(given)
    except InvalidRequest as error:
        raise body.error("delay", f"delay: {error.message}", code="duration") from None
    if delay > LONGEST_DELAY:
        raise body.error("delay", f"delay is {given!r:.40}; an hour is the most", code="maximum")
    return delay


def _times(body: Fields) -> int | None:
    if not body.has("times"):
        return 1
    times = body.get("times")
    if times is None:
        return None
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
        raise body.error("times", f"times is {times!r:.40}; a whole number from 1 to {MOST_TIMES}, or null, is needed")
    return times


def _probability(body: Fields) -> float:
    given = body.get("probability")
    if given is None:
        return 1.0
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise body.error("probability", f"probability is {given!r:.40}; a number from 0 to 1 is needed")
    return float(given)


def _seed(body: Fields) -> int:
    given = body.get("seed")
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) >= 2**63:
        raise body.error("seed", f"seed is {given!r:.40}; a whole number is needed")
    return given
