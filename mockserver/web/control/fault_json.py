"""A planned fault in JSON: read from a plan, and shown.

Rule 1: what is shown can be planned again.
Rule 2: a plan that could never strike, or whose answer HTTP cannot carry, is refused.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any, Final

from mockserver.domain.duration import duration
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.planned_fault import LONGEST_DELAY, FaultKind, FixedAnswer, Match, PlannedFault
from mockserver.web.control.fields import Fields
from mockserver.web.reply import JSON

PLAN: Final = frozenset({"match", "times", "probability", "seed", "delay", "then"})
MATCH: Final = frozenset({"method", "path", "key"})
THEN: Final = frozenset({"status", "headers", "body"})
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
CONTROL: Final = "/_mock"
MOST_TIMES: Final = 1_000_000

_TYPE: Final = "content-type"
_BODILESS: Final = frozenset({204, 205, 304})
_OURS: Final = frozenset(
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


def plan_of(body: Fields) -> PlannedFault:
    """The fault that a body plans, but for its id and account; raises InvalidRequest."""
    match = body.member("match", known=MATCH)
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
        raise body.wrong("then", "the plan has neither then nor delay; it would do nothing", code="required")
    return plan


def fault_json(fault: PlannedFault) -> dict[str, Any]:
    """The fault as JSON; `delay` in seconds."""
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


def _then_json(fault: PlannedFault) -> Any:
    if not isinstance(fault.then, FixedAnswer):
        return None if fault.then is None else fault.then.value
    headers = dict(fault.then.headers)
    shown: dict[str, Any] = {"status": fault.then.status, "headers": headers}
    if fault.then.body:
        text = fault.then.body.decode("utf-8")
        shown["body"] = json.loads(text) if _is_json(_content_type(headers)) else text
    return shown


def _method(match: Fields) -> str | None:
    method = match.text("method")
    if method is None:
        return None
    if method.upper() not in METHODS:
        raise match.wrong("method", f"method is {method[:40]!r}; one of {', '.join(METHODS)} is needed", code="enum")
    return method.upper()


def _path(match: Fields) -> str | None:
    given = match.text("path")
    if given is None:
        return None
    path = _SLASHES.sub("/", given)  # as a request's path is read
    if not path.startswith(("/", "*")) or len(path) > 1_000 or "?" in path or "#" in path:
        message = f"path is {given[:60]!r}; a path such as /billing/usage or /billing/*, without a query, is needed"
        raise match.wrong("path", message, code="pattern")
    if path == CONTROL or path.startswith(f"{CONTROL}/"):
        raise match.wrong("path", f"path is {path[:60]!r}; no fault strikes the control API", code="pattern")
    return path


def _then(body: Fields) -> FixedAnswer | FaultKind | None:
    given = body.get("then")
    if isinstance(given, str):
        if given not in list(FaultKind):
            message = f"then is {given[:40]!r}; {', '.join(FaultKind)} or an object with status is needed"
            raise body.wrong("then", message, code="enum")
        return FaultKind(given)
    answer = body.member("then", known=THEN)
    if answer is None:
        return None
    status = answer.needed("status")
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        raise answer.wrong("status", f"status is {status!r:.40}; a number from 200 to 599 is needed")
    headers = _headers(answer)
    content = _content(answer, headers)
    if content and status in _BODILESS:
        raise answer.wrong("body", f"an answer with status {status} has no body")
    return FixedAnswer(status, tuple(headers.items()), content)


def _headers(answer: Fields) -> dict[str, str]:
    given = answer.get("headers")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise answer.wrong("headers", f"headers is {given!r:.60}; an object is needed")
    headers: dict[str, str] = {}
    for name, value in given.items():
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not _NAME.fullmatch(name):
            raise answer.wrong("headers", f"{name[:60]!r} is no name of a header", code="pattern")
        if name.lower() in _OURS:
            raise answer.wrong("headers", f"{name} is the server's own to say; leave it out", code="forbidden")
        if not isinstance(text, str) or not _VALUE.fullmatch(text):
            message = f"{name} is {value!r:.60}; text of one line in Latin-1, without spaces at its ends, is needed"
            raise answer.wrong("headers", message)
        if name.lower() in {each.lower() for each in headers}:
            raise answer.wrong("headers", f"{name} is there twice; names of headers differ by more than case")
        headers[name] = text
    return headers


def _content(answer: Fields, headers: dict[str, str]) -> bytes:
    """The body's bytes: text as it stands where another Content-Type says so, else JSON."""
    if not answer.names("body"):
        return b""
    body, media_type = answer.get("body"), _content_type(headers)
    if media_type is None:
        headers["Content-Type"] = media_type = JSON
    if _is_json(media_type):
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    if not isinstance(body, str):
        raise answer.wrong("body", f"body is {body!r:.60}; with Content-Type {media_type[:60]} a text is needed")
    return body.encode("utf-8")


def _content_type(headers: dict[str, str]) -> str | None:
    return next((value for name, value in headers.items() if name.lower() == _TYPE), None)


def _is_json(media_type: str | None) -> bool:
    essence = (media_type or "").partition(";")[0].strip().lower()
    return essence == JSON or essence.endswith("+json")


def _delay(body: Fields) -> timedelta:
    given = body.get("delay")
    if given is None:
        return timedelta()
    try:
        delay = duration(given)
    except InvalidRequest as error:
        raise body.wrong("delay", f"delay: {error.message}", code="duration") from None
    if delay > LONGEST_DELAY:
        raise body.wrong("delay", f"delay is {given!r:.40}; an hour is the most", code="maximum")
    return delay


def _times(body: Fields) -> int | None:
    if not body.names("times"):
        return 1
    times = body.get("times")
    if times is None:
        return None
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
        raise body.wrong("times", f"times is {times!r:.40}; a whole number from 1 to {MOST_TIMES}, or null, is needed")
    return times


def _probability(body: Fields) -> float:
    given = body.get("probability")
    if given is None:
        return 1.0
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise body.wrong("probability", f"probability is {given!r:.40}; a number from 0 to 1 is needed")
    return float(given)


def _seed(body: Fields) -> int:
    given = body.get("seed")
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) >= 2**63:
        raise body.wrong("seed", f"seed is {given!r:.40}; a whole number is needed")
    return given
