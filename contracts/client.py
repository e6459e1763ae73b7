"""A small client of the checkout API for the checks; every request goes through the run's door.

Rule 1: what the target answers is taken as it comes; only what a check cannot do without makes it undecided.
Rule 2: control calls name their account or session, so that nothing of anybody else's moves.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from contracts.door import Door, RawAnswer, RawRequest, Unanswered
from contracts.finding import Request, Response
from contracts.way import InProcess

CHECKOUT: Final = "/billing/checkout"
CHECKOUTS: Final = "/billing/checkouts"
USAGE: Final = "/billing/usage"
JSON: Final = "application/json"
DECLINED: Final = "4000000000000002"
# By these a server says that it does not serve anybody, or not now.
_AWAY: Final = frozenset({429, 502, 503, 504})
_MOST_PAGES: Final = 5
_LARGEST_PAGE: Final = 100
# Of many large answers the first are enough to remember.
_MOST_LARGE: Final = 20
_LARGE: Final = 64 * 1024


class Undecided(Exception):
    """A check cannot go on; the message is the reason."""


class Away(Undecided):
    """The target says that it serves nobody, or not now."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the target answered {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """One exchange: the request as it was sent and the answer as it came."""

    request: Request
    response: Response
    seconds: float = 0.0

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.response.status

    @property
    def is_accepted(self) -> bool:
        """Whether the answer says that the request was done."""
        return 200 <= self.response.status < 300

    @property
    def is_refused(self) -> bool:
        """Whether the answer refuses the request, as it should be refused."""
        return 400 <= self.response.status < 500

    @property
    def json(self) -> Any:
        """The body as JSON with exact numbers; None where it is none."""
        try:
            return json.loads(self.response.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            return None

    def at(self, *names: str) -> Any:
        """The value at the names, one inside the other; None where there is none."""
        value = self.json
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def header(self, name: str) -> str | None:
        """The value of the header."""
        return next((value for key, value in self.response.headers.items() if key.lower() == name), None)

    @property
    def told(self) -> str:
        """The answer in a few words."""
        code = self.at("error_code")
        return f"{self.status} {code}" if isinstance(code, str) and code else str(self.status)


@dataclass(frozen=True, slots=True)
class Session:
    """A checkout session as the answer to its creation tells of it."""

    id: str
    url: str
    dollars: int
    expires_at: str | None
    answer: Answer


@dataclass(slots=True)
class Wire:
    """Sends requests through the door and remembers what has to be remembered of all of them."""

    door: Door
    url: str
    key_header: str
    is_in_process: bool
    control: str | None
    control_door: Door | None = None
    seen: list[Answer] = field(default_factory=list)
    unanswered: list[tuple[Request, Unanswered]] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    # The answer on which every claim about the form of an answer is decided.
    reply: Answer | None = None
    on_rails: bool = False
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _sent: int = 0

    def close(self) -> None:
        """Close the loop in which an application of this process answers."""
        self._loop.close()

    @property
    def requests_sent(self) -> int:
        """How many requests went out, through both doors."""
        return self.door.requests_sent + (self.control_door.requests_sent if self.control_door else 0)

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """The target's answer; raises Undecided where there is none."""
        return self.together([(method, path, headers, body, query)])[0]

    def together(
        self, calls: Sequence[tuple[str, str, Mapping[str, str], bytes, Mapping[str, object] | None]]
    ) -> list[Answer]:
        """The answers to requests that are sent at once."""
        raw = [self._raw(*call) for call in calls]
        cases = [f"check-{self._sent + number}" for number in range(len(raw))]
        self._sent += len(raw)
        door, url = self._door(raw[0])
        began = time.monotonic()
        if self.is_in_process or len(raw) == 1:

            async def all_at_once() -> list[RawAnswer]:
                return await asyncio.gather(*(door.answer(one, case) for one, case in zip(raw, cases, strict=True)))

            answers = self._loop.run_until_complete(all_at_once())
        else:
            with ThreadPoolExecutor(len(raw)) as pool:
                answers = list(pool.map(lambda pair: asyncio.run(door.answer(*pair)), zip(raw, cases, strict=True)))
        seconds = time.monotonic() - began
        return [
            self._answer(one, case, answer, door, url, seconds)
            for one, case, answer in zip(raw, cases, answers, strict=True)
        ]

    def _answer(self, raw: RawRequest, case: str, answer: RawAnswer, door: Door, url: str, seconds: float) -> Answer:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw.headers}
        request = Request(raw.method, url.rstrip("/") + raw.target.decode("latin-1"), headers, raw.body)
        if case in door.unsent:
            raise Undecided(_why(door, on_rails=self.on_rails))
        if (unanswered := door.unanswered.get(case)) is not None:
            self.unanswered.append((request, unanswered))
            raise Undecided("a request got no whole answer")
        if door.failure is not None:
            raise Undecided(_why(door, on_rails=self.on_rails))
        if answer.status in _AWAY:
            if (failure := door.looks_gone()) is not None:
                door.fail(failure)
            raise Away(answer.status)
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
        result = Answer(request, Response(answer.status, told, answer.body), seconds)
        if len(self.seen) < _MOST_LARGE or len(answer.body) <= _LARGE:
            self.seen.append(result)
        if raw.method == "POST" and raw.path == CHECKOUT.encode() and (session := session_of(result, 1)) is not None:
            self.sessions.append(session)
        return result

    def _raw(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, object] | None
    ) -> RawRequest:
        lines = [("accept", "*/*"), ("user-agent", "videodb-mockserver-check"), *headers.items()]
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(("content-length", str(len(body))))
        # Over HTTP a name goes out as it is written; an application of this process gets it as a server hands it on.
        cased = (lambda name: name.lower()) if self.is_in_process else str
        encoded = [(cased(name).encode(), value.encode()) for name, value in lines]
        return RawRequest(method, path.encode(), urlencode(query or {}).encode(), encoded, body)

    def _door(self, request: RawRequest) -> tuple[Door, str]:
        if self.control_door is not None and request.path.startswith(b"/sessions"):
            return self.control_door, self.control or self.url
        if self.control_door is not None and request.path in (b"/clock", b"/usage", b"/credits"):
            return self.control_door, self.control or self.url
        return self.door, self.url

    def control_call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """The answer to a call of the control API."""
        return self.control_calls(1, method, path, body, query)[0]

    def control_calls(
        self,
        times: int,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> list[Answer]:
        """The answers to the same call, sent so many times at once."""
        if self.on_rails:
            raise Undecided("a rail forbids it")
        if self.control is None:
            raise Undecided("no control API")
        if self.control_door is None:
            path = urlsplit(self.control).path.removeprefix(urlsplit(self.url).path.rstrip("/")) + path
        sent = b"" if body is None else json.dumps(body).encode()
        headers = {"content-type": JSON} if body is not None else {}
        return self.together([(method, path, headers, sent, query)] * times)


def _why(door: Door, *, on_rails: bool) -> str:
    if door.failure is not None:
        return "the target stopped answering"
    if door.stopped is not None:
        return "time budget" if "time budget" in door.stopped else door.stopped
    return "a rail forbids it" if on_rails else "the request cannot be sent"


@dataclass(frozen=True, slots=True)
class Account:
    """All that belongs to one API key, as its owner sees it."""

    wire: Wire
    key: str

    @property
    def auth(self) -> dict[str, str]:
        """The header by which the account is known."""
        return {self.wire.key_header: self.key}

    def post(self, body: bytes, content_type: str | None = JSON) -> Answer:
        """The answer to the body at the checkout."""
        headers = self.auth if content_type is None else {**self.auth, "content-type": content_type}
        return self.wire.send("POST", CHECKOUT, headers, body)

    def ask(self, **fields: object) -> Answer:
        """The answer to a checkout with the fields."""
        return self.post(json.dumps(fields).encode())

    def dollars(self, dollars: int) -> int:
        """The amount, or what the rails allow of it."""
        return 1 if self.wire.on_rails else dollars

    def create(self, *, dollars: int = 50, **fields: object) -> Session:
        """A new session; raises Undecided where there is none or it cannot be told which."""
        dollars = self.dollars(dollars)
        answer = self.ask(**{"amount": dollars, **fields})
        return self.created(answer, dollars)

    def ask_at_once(self, times: int) -> list[Answer]:
        """The answers to so many orders of a dollar, sent at once."""
        headers = {**self.auth, "content-type": JSON}
        return self.wire.together([("POST", CHECKOUT, headers, b'{"amount": 1}', None)] * times)

    def created(self, answer: Answer, dollars: int) -> Session:
        """The session that the answer tells of."""
        session = session_of(answer, dollars)
        if session is None:
            raise Undecided(
                "the target creates no session" if not answer.is_accepted else "the session has no id or URL"
            )
        return session

    def page(self, **query: object) -> Answer:
        """One page of the list of checkouts."""
        return self.wire.send("GET", CHECKOUTS, self.auth, query=query)

    def listed(self, *, at_least: int = 0) -> list[dict[str, Any]]:
        """The entries of the list, page by page; of a long list its beginning."""
        entries: list[dict[str, Any]] = []
        for number in range(max(_MOST_PAGES, at_least // _LARGEST_PAGE + 2)):
            page = entries_of(self.page(limit=_LARGEST_PAGE, offset=number * _LARGEST_PAGE))
            entries += page
            if len(page) < _LARGEST_PAGE:
                break
        return entries

    def entry(self, session: Session) -> dict[str, Any] | None:
        """The session as the list shows it, if it does."""
        return next((entry for entry in self.listed() if entry.get("id") == session.id), None)

    def usage(self) -> Answer:
        """The usage statistics."""
        return self.wire.send("GET", USAGE, self.auth)

    def balance(self) -> Decimal:
        """The credits left; raises Undecided where they are not told."""
        answer = self.usage()
        balance = answer.at("data", "credit_balance")
        if not answer.is_accepted or isinstance(balance, bool) or not isinstance(balance, int | Decimal):
            raise Undecided("the usage statistics tell no balance")
        return Decimal(balance)

    def look(self, session: Session) -> Answer:
        """The session as the control API shows it."""
        return self.wire.control_call("GET", f"/sessions/{session.id}")

    def pay(self, session: Session, *, card: str | None = None) -> Answer:
        """Pay the session."""
        return self.wire.control_call("POST", f"/sessions/{session.id}/pay", {} if card is None else {"card": card})

    def pay_at_once(self, session: Session, times: int) -> list[Answer]:
        """Pay the session so many times at once."""
        return self.wire.control_calls(times, "POST", f"/sessions/{session.id}/pay", {})

    def cancel(self, session: Session) -> Answer:
        """Cancel the session."""
        return self.wire.control_call("POST", f"/sessions/{session.id}/cancel", {})

    def expire(self, session: Session) -> Answer:
        """Let the session expire."""
        return self.wire.control_call("POST", f"/sessions/{session.id}/expire", {})

    def now(self) -> datetime | None:
        """The time by the account's clock."""
        return instant(self.wire.control_call("GET", "/clock", query={"key": self.key}).at("now"))

    def freeze(self) -> bool:
        """Stop the account's clock; whether it stands still."""
        answer = self.wire.control_call("POST", "/clock", {"frozen": True, "key": self.key})
        return answer.is_accepted and answer.at("frozen") is True

    def advance(self, seconds: int) -> None:
        """Move the account's clock; raises Undecided where it does not move."""
        answer = self.wire.control_call("POST", "/clock", {"advance": f"{seconds}s", "key": self.key})
        if not answer.is_accepted:
            raise Undecided("the clock does not move")

    def reset_clock(self) -> None:
        """Let the account follow the common clock again."""
        answer = self.wire.control_call("DELETE", "/clock", query={"key": self.key})
        if not answer.is_accepted:
            self.wire.control_call("POST", "/clock", {"frozen": False, "key": self.key})


def session_of(answer: Answer, dollars: int) -> Session | None:
    """The session of which an answer tells in any of the page's voices."""
    if not answer.is_accepted:
        return None
    url = _first_text(answer.at("data", "url"), answer.at("checkout_url"), answer.at("checkoutUrl"))
    url = url or _first_text(answer.at("data", "checkout_url"))
    segment = urlsplit(url).path.rstrip("/").rpartition("/")[2] if url else ""
    id_ = _first_text(answer.at("id"), answer.at("data", "id"), segment)
    told = answer.at("data", "expires_at")
    return Session(id_, url, dollars, told if isinstance(told, str) else None, answer) if id_ else None


def entries_of(answer: Answer) -> list[dict[str, Any]]:
    """The entries of a page of the list; raises Undecided where there is no list."""
    data = answer.at("data")
    if not answer.is_accepted or not isinstance(data, list):
        raise Undecided("the target shows no list of checkouts")
    return [entry for entry in data if isinstance(entry, dict)]


def instant(text: object) -> datetime | None:
    """The time that an RFC 3339 text tells; None where it tells none."""
    try:
        told = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return None if told is None else told.replace(tzinfo=told.tzinfo or UTC)


def in_process(way: object) -> bool:
    """Whether the way leads into an application of this process."""
    return isinstance(way, InProcess)


def _first_text(*values: object) -> str:
    return next((value for value in values if isinstance(value, str) and value), "")
