"""What a document answers of its own: which response, status, media type and headers, and the body.

Rule 1: a body, header or example is sent only if the operation's own schema accepts it; where an example does not
        keep to its schema, the next one is taken and a note says so.
Rule 2: without a wish the answer is the same each time: an example, else default, constant, what the schema makes.
Rule 3: what cannot be answered is said (NoAnswer), never guessed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from mockserver.contract.media import concrete, kind_of
from mockserver.contract.mocking.preferences import Wish
from mockserver.contract.mocking.sample import NothingFound, sampled, varied
from mockserver.contract.mocking.serialization import content_type, written
from mockserver.contract.operation import Operation
from mockserver.contract.pointer import dereferenced
from mockserver.contract.request.accept import liked
from mockserver.contract.schema.translation import validator
from mockserver.contract.strict_json import Json

BODILESS: Final = frozenset({204, 205, 304})
NOTHING_DECLARED: Final = 204
"""The status of an operation that declares no response at all: done, and nothing to say."""
OFFERED: Final = frozenset({"example", "examples", "default", "enum"})
"""The words by which a schema itself names values."""

NOT_OURS: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "upgrade"}
    | {"date", "server", "trailer", "te", "proxy-connection", "vary"}
)
"""Headers that the transport or the mock itself says, whatever a document declares."""

Cause = Literal["code", "example", "accept", "schema", "responses"]


class NoAnswer(Exception):
    """The document has no answer to give; `cause` says what there is none for."""

    def __init__(self, cause: Cause, message: str) -> None:
        self.cause = cause
        self.message = message
        super().__init__(message)


class Answer(NamedTuple):
    """An answer ready to be sent; `value` is what the body says, `notes` what was passed over to get there."""

    status: int
    media_type: str | None
    content: bytes
    value: Json
    headers: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


class _Body(NamedTuple):
    value: Json
    content: bytes
    notes: tuple[str, ...]


class Answers:
    """The answers of one operation; those that stay the same are made once."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self._document = operation.document
        self._responses = operation.responses
        self._kept: dict[tuple[int, str, str | None, str | None], Answer | NoAnswer] = {}
        self._making = threading.Lock()

    def kept(self, wish: Wish) -> Answer | None:
        """The answer, if it was made before; raises NoAnswer."""
        return None if wish.is_dynamic else self._remembered(self._key(wish))

    def make(self, wish: Wish, *, turn: int = 0) -> Answer:
        """The answer, which may take its time; raises NoAnswer. A dynamic one is another at every turn."""
        key = self._key(wish)
        if wish.is_dynamic:
            return self._made(key, seed=wish.seed or str(turn))
        with self._making:
            if (kept := self._remembered(key)) is not None:
                return kept
            try:
                self._kept[key] = self._made(key, seed=None)
            except NoAnswer as nothing:
                self._kept[key] = nothing
                raise
            return self._kept[key]  # type: ignore[return-value]  # what was just put there

    def _remembered(self, key: tuple[int, str, str | None, str | None]) -> Answer | None:
        kept = self._kept.get(key)
        if isinstance(kept, NoAnswer):
            raise NoAnswer(kept.cause, kept.message)
        return kept

    def _key(self, wish: Wish) -> tuple[int, str, str | None, str | None]:
        """Status, the name of its response, the declared media type and the example; raises NoAnswer."""
        status, name = self._status(wish.code)
        content = self._content(name)
        if not content or status in BODILESS:
            if wish.example is not None:
                raise self._no_example(wish.example, status)
            return status, name, None, None
        accepted = liked(wish.accept, list(content))
        if not accepted:
            declared = " or ".join(content)
            raise NoAnswer("accept", f"Accept is {(wish.accept or '')[:80]!r}; {status} has {declared}")
        if wish.example is None:
            return status, name, _joined(accepted[0]), None
        for each in accepted:
            if wish.example in self._examples(content[each[0]]):
                return status, name, _joined(each), wish.example
        raise self._no_example(wish.example, status)

    def _no_example(self, example: str, status: int) -> NoAnswer:
        names = [
            name for content in self._content(self._status(status)[1]).values() for name in self._examples(content)
        ]
        known = ", ".join(dict.fromkeys(names)) or "none"
        return NoAnswer("example", f"no example of {status} is called {example[:80]!r}; there are: {known[:400]}")

    def _status(self, code: int | None) -> tuple[int, str]:
        """The status to answer and the name under which its response is declared."""
        declared = list(self._responses)
        if not declared and code is None:
            return NOTHING_DECLARED, ""
        if code is not None:
            for name in (str(code), f"{code // 100}XX", "DEFAULT"):
                if name in self._responses and 200 <= code <= 599:
                    return code, name
            known = ", ".join(name.lower() if name == "DEFAULT" else name for name in declared)
            raise NoAnswer("code", f"{self._named} declares no {code}; it has {known}")
        plain = sorted(int(name) for name in declared if name.isdecimal() and len(name) == 3 and "200" <= name <= "599")
        for status in plain:
            if status < 300:
                return status, str(status)
        if "2XX" in self._responses:
            return 200, "2XX"
        if "DEFAULT" in self._responses:
            return 200, "DEFAULT"
        if plain:
            return plain[0], str(plain[0])
        ranges = sorted(name for name in declared if name in ("3XX", "4XX", "5XX"))
        if ranges:
            return int(ranges[0][0]) * 100, ranges[0]
        raise NoAnswer("responses", f"{self._named} declares no response that can be sent")

    @property
    def _named(self) -> str:
        return f"{self.operation.method} {self.operation.path}"

    def _content(self, name: str) -> Mapping[str, Any]:
        content = self._responses.get(name, {}).get("content")
        return content if isinstance(content, dict) else {}

    def _examples(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        named = content.get("examples")
        return named if isinstance(named, dict) else {}

    def _made(self, key: tuple[int, str, str | None, str | None], *, seed: str | None) -> Answer:
        status, name, media, example = key
        headers, header_notes = self._headers(name, seed)
        if media is None:
            return Answer(status, None, b"", None, headers, header_notes)
        declared, _, sent = media.partition("\n")
        body = self._body(status, self._content(name)[declared], sent, example, seed)
        return Answer(status, content_type(sent), body.content, body.value, headers, (*header_notes, *body.notes))

    def _body(
        self, status: int, content: Mapping[str, Any], media_type: str, example: str | None, seed: str | None
    ) -> _Body:
        schema = content.get("schema", True)
        is_varied = seed is not None and example is None
        notes: list[str] = []
        judge = validator(schema, self._document, "response")
        for name, offered in () if is_varied else self._offered(content, example):
            for value in _readings(offered, media_type):
                if judge.is_valid(value) or _is_plain_xml(value, media_type):
                    return _Body(value, written(value, media_type, schema, self._document), tuple(notes))
            notes.append(f"{name} of {status} is not as its own schema has it, and was not sent")
        value = self._sampled(
            schema, f"{status} {media_type}", seed if is_varied else None, has_schema="schema" in content
        )
        return _Body(value, written(value, media_type, schema, self._document), tuple(notes))

    def _sampled(self, schema: Json, what: str, seed: str | None, *, has_schema: bool) -> Json:
        if not has_schema:
            kind = kind_of(what.partition(" ")[2])
            return {} if kind in ("json", "form", "multipart") else None if kind == "binary" else ""
        if seed is not None:
            try:
                return varied(schema, self._document, seed=f"{self._named} {what} {seed}")
            except NothingFound:
                pass  # what is the same each time is better than nothing
        try:
            return sampled(schema, self._document)
        except NothingFound:
            raise NoAnswer(
                "schema", f"no value was found that the schema of {self._named} {what} accepts; there may be none"
            ) from None

    def _offered(self, content: Mapping[str, Any], example: str | None) -> Iterator[tuple[str, Json]]:
        """The examples of a media type, by what they are called in a note."""
        if "example" in content and example is None:
            yield "the example", content["example"]
        for name, each in self._examples(content).items():
            if example is None or name == example:
                told = self._resolved(each)
                if "value" in told:
                    yield f"the example {name}", told["value"]

    def _headers(self, name: str, seed: str | None) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        found: list[tuple[str, str]] = []
        notes: list[str] = []
        headers = self._responses.get(name, {}).get("headers")
        for header, each in (headers if isinstance(headers, dict) else {}).items():
            if header.lower() in NOT_OURS or header.lower().startswith("access-control-"):
                continue
            told = self._resolved(each)
            if told.get("content"):
                media = next(iter(told["content"].values()))
                schema, offered = media.get("schema", True), list(self._offered(media, None))
            else:
                schema, offered = told.get("schema", {"type": "string"}), list(self._offered(told, None))
            as_text = partial(_header_text, is_json=bool(told.get("content")), explode=told.get("explode") is True)
            text = self._header(schema, offered, header, seed, notes, as_text)
            if text is not None:
                found.append((header, text))
        return tuple(found), tuple(notes)

    def _header(
        self,
        schema: Json,
        offered: Sequence[tuple[str, Json]],
        header: str,
        seed: str | None,
        notes: list[str],
        as_text: Callable[[Json], str | None],
    ) -> str | None:
        judge = validator(schema, self._document, "response")
        for name, value in offered if seed is None else ():
            if not judge.is_valid(value):
                notes.append(f"{name} of the header {header} is not as its own schema has it, and was not sent")
            elif (text := as_text(value)) is not None:
                return text
        told = self._resolved(schema)
        # what the schema itself offers may be what no header can hold
        others = [{"enum": [each]} for each in told["enum"]] if isinstance(told.get("enum"), list) else [{}]
        plain = {word: each for word, each in told.items() if word not in OFFERED}
        for each in (schema, *({**plain, **other} for other in others)):
            try:
                value = self._sampled(each, f"header {header}", seed, has_schema=True)
            except NoAnswer as nothing:
                notes.append(nothing.message)
                return None
            if (text := as_text(value)) is not None:
                return text
        notes.append(f"no value of the header {header} was found that a header can hold, and none was sent")
        return None

    def _resolved(self, value: Any) -> Mapping[str, Any]:
        try:
            told = dereferenced(self._document, value)
        except LookupError:
            return {}
        return told if isinstance(told, dict) else {}


def _joined(accepted: tuple[str, str]) -> str:
    return "\n".join(accepted)


def _readings(offered: Json, media_type: str) -> Iterator[Json]:
    """What an example may mean: itself, or the JSON that it is the text of."""
    yield offered
    if isinstance(offered, str) and kind_of(media_type) in ("json", "xml", "form", "multipart"):
        try:
            yield json.loads(offered)
        except (ValueError, RecursionError):
            return


def _is_plain_xml(value: Json, media_type: str) -> bool:
    """Whether an example is XML as it would be sent, of which a schema for its value says nothing."""
    return isinstance(value, str) and value.lstrip()[:1] == "<" and kind_of(concrete(media_type)) == "xml"


def _header_text(value: Json, *, is_json: bool, explode: bool) -> str | None:
    """A header's value in style simple; None where it cannot stand in a header."""
    if is_json:
        text = json.dumps(value)
    elif isinstance(value, list):
        text = ",".join(_plain(each) for each in value)
    elif isinstance(value, dict):
        pairs = value.items()
        text = ",".join(f"{name}{'=' if explode else ','}{_plain(each)}" for name, each in pairs)
    elif value is None:
        return None
    else:
        text = _plain(value)
    is_sendable = text.isprintable() and text == text.strip() and all(ord(letter) < 256 for letter in text)
    return text if is_sendable else None


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
