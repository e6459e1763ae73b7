"""A request on its way to the correct server, and its answer on the way back; both can be had changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode

KEY_HEADER: Final = b"x-access-token"
CHECKOUT: Final = "/billing/checkout"
CHECKOUTS: Final = "/billing/checkouts"
USAGE: Final = "/billing/usage"
JSON: Final = b"application/json"
HTML: Final = b"text/html; charset=utf-8"

_CONTROLLED: Final = re.compile(r"/_mock/sessions/([^/]+)/(pay|cancel|expire)")
_PAGE: Final = re.compile(r"/(?:c/)?pay/([^/]+)")
_FORM_FIELDS: Final = 20

Headers = tuple[tuple[bytes, bytes], ...]
Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """What a buyer does with a session: pay, cancel or let it expire."""

    kind: str
    session: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request, read to its end."""

    scope: MutableMapping[str, Any]
    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes

    @property
    def key(self) -> str | None:
        """What stands in the header for the API key."""
        return next((value.decode("latin-1") for name, value in self.headers if name == KEY_HEADER), None)

    @property
    def is_billing(self) -> bool:
        """Whether it is a call of the API proper."""
        return self.path.startswith("/billing/")

    @property
    def is_control(self) -> bool:
        """Whether it is a call of the control API."""
        return self.path.startswith("/_mock/")

    @property
    def creates(self) -> bool:
        """Whether it asks for a new session."""
        return (self.method, self.path) == ("POST", CHECKOUT)

    @property
    def lists(self) -> bool:
        """Whether it asks for the list of sessions."""
        return (self.method, self.path) == ("GET", CHECKOUTS)

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        return _json(self.body)

    @property
    def fields(self) -> dict[str, Any]:
        """The body's fields; none where it is no JSON object."""
        found = self.json
        return found if isinstance(found, dict) else {}

    @property
    def act(self) -> Act | None:
        """What a buyer does by it, on the page or through the control API."""
        if self.method != "POST":
            return None
        if (controlled := _CONTROLLED.fullmatch(self.path)) is not None:
            return Act(controlled[2], controlled[1])
        if (page := _PAGE.fullmatch(self.path)) is not None and (kind := self.form.get("action")) is not None:
            return Act(kind, page[1])
        return None

    @property
    def form(self) -> dict[str, str]:
        """The fields of a page's form."""
        try:
            given = parse_qs(self.body.decode("ascii"), keep_blank_values=True, max_num_fields=_FORM_FIELDS)
        except ValueError:
            return {}
        return {name: values[-1] for name, values in given.items()}

    def number(self, name: str, otherwise: int) -> int:
        """A whole number of the query."""
        given = dict(parse_qsl(self.query.decode("latin-1"))).get(name, "")
        return int(given) if given.isascii() and given.isdigit() else otherwise

    def parameter(self, name: str) -> str | None:
        """A parameter of the query."""
        return dict(parse_qsl(self.query.decode("latin-1"))).get(name)

    def with_parameter(self, name: str, value: str | None) -> Call:
        """With the parameter of the query changed, or without it."""
        given = [pair for pair in parse_qsl(self.query.decode("latin-1"), keep_blank_values=True) if pair[0] != name]
        return replace(self, query=urlencode(given if value is None else [*given, (name, value)]).encode())

    def with_json(self, value: Any) -> Call:
        """With another body, which says that it is JSON."""
        body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return replace(self.with_header(b"content-type", JSON), body=body)

    def with_form(self, **fields: str) -> Call:
        """With some fields of the page's form changed."""
        return replace(self, body=urlencode({**self.form, **fields}).encode())

    def with_header(self, name: bytes, value: bytes | None) -> Call:
        """With one such header, or none."""
        kept = tuple(header for header in self.headers if header[0] != name)
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def with_key(self, key: str) -> Call:
        """With another API key."""
        return self.with_header(KEY_HEADER, key.encode("latin-1", "replace"))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole."""

    status: int
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, status: int, body: bytes, media_type: bytes) -> Answer:
        """An answer of our own."""
        return cls(status, ((b"content-type", media_type),), body)

    @classmethod
    def json_of(cls, status: int, value: Any) -> Answer:
        """An answer of our own, in JSON."""
        return cls.of(status, json.dumps(value).encode(), JSON)

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        return _json(self.body)

    @property
    def is_success(self) -> bool:
        """Whether it says that all went well, by whichever status."""
        return 200 <= self.status < 300

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The entries of a list; none where it is no list."""
        found = self.json
        data = found.get("data") if isinstance(found, dict) else None
        return data if isinstance(data, list) else []

    @property
    def location(self) -> str | None:
        """Where it redirects to."""
        return next((value.decode("latin-1") for name, value in self.headers if name == b"location"), None)

    def with_status(self, status: int) -> Answer:
        """Under another status."""
        return replace(self, status=status)

    def with_json(self, value: Any) -> Answer:
        """With another body, in JSON."""
        return self.with_body(json.dumps(value, ensure_ascii=False).encode())

    def with_rows(self, rows: list[dict[str, Any]]) -> Answer:
        """With other entries in its list."""
        return self.with_json({**self.json, "data": rows}) if isinstance(self.json, dict) else self

    def with_body(self, body: bytes) -> Answer:
        """With another body."""
        return replace(self, body=body)

    def with_header(self, name: bytes, value: bytes | None) -> Answer:
        """With one such header, or none."""
        kept = tuple(header for header in self.headers if header[0] != name)
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def redirecting(self, url: str) -> Answer:
        """Redirecting the buyer elsewhere, as a page or as the control API tells it."""
        if self.location is not None:
            return self.with_header(b"location", url.encode("latin-1", "replace"))
        found = self.json
        return self.with_json({**found, "redirect_url": url}) if isinstance(found, dict) else self


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
