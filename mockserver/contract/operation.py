"""One operation of the contract: what it takes, what it may answer.

The verdict is compiled (jsonschema-rs) when it is first asked for. Only when something is refused does
openapi-core, the authority, come in to explain; see validator.py.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.body import Body
from mockserver.contract.media import covering, essence_of, is_json, kind_of
from mockserver.contract.parameter import Parameter, parameters_of, read_cookies, read_headers, read_path, read_query
from mockserver.contract.pointer import dereferenced
from mockserver.contract.route import Template
from mockserver.contract.schema import compiled, failures_of, validator
from mockserver.contract.security import Headers, Security
from mockserver.contract.strict_json import Json
from mockserver.contract.violation import Violation, violations_of

if TYPE_CHECKING:
    from mockserver.contract.validator import Authority

Verdict = Callable[[Any], bool]

KEY_HEADER: Final = "x-access-token"
MOST_TYPES: Final = 64
MOST_REMEMBERED: Final = 1_000
LONGEST_REMEMBERED: Final = 1_000
_remembering: Final = threading.Lock()
_authorities: Final[list[tuple[Mapping[str, Any], Authority]]] = []
ANYTHING: Final[Verdict] = lambda _: True  # noqa: E731 # a verdict like the compiled ones, by name


class Operation:
    """What the contract says of one method of one path."""

    def __init__(self, method: str, path: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.method = method
        self.path = path
        self.document = document
        self._item = item
        self.data: Mapping[str, Any] = item[method.lower()]
        body = dereferenced(document, self.data.get("requestBody")) or {}
        self.takes_body: bool = bool(body)
        self.body_required: bool = body.get("required") is True
        self._content: Mapping[str, Any] = body.get("content") or {}
        self.media_types: tuple[str, ...] = tuple(self._content)
        self.json_type: str | None = _json_among(self._content)
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._bodies: dict[str, Body | None] = {}
        self._explanations: dict[tuple[str | None, str], tuple[Violation, ...]] = {}

    @property
    def accepts_body(self) -> Verdict:
        """Whether the contract accepts a value as a JSON body."""
        body = self.body(self.json_type)
        return ANYTHING if body is None else body.accepts

    def body_violations(self, value: Json) -> tuple[Violation, ...]:
        """Every fault of a value as a JSON body; none if the contract accepts it."""
        body = self.body(self.json_type)
        return () if body is None else body.violations(value)

    def body(self, content_type: str | None) -> Body | None:
        """What the operation takes as that Content-Type; None where it takes nothing of it."""
        given = content_type or ""
        if given not in self._bodies:
            name = covering(given, self._content)
            body = None if name is None else Body(name, given, self._content[name], self.document, self._explained)
            if body is not None and body.kind == "multipart":
                return body  # its boundary is another each time
            if len(self._bodies) >= MOST_TYPES:
                self._bodies.clear()
            self._bodies[given] = body if body is not None and body.is_readable else None
        return self._bodies[given]

    def _explained(self, media_type: str | None, body: Json) -> tuple[Violation, ...]:
        """What openapi-core says of a body; that is remembered of short ones, since tests say the same again."""
        key = (media_type, json.dumps(body))
        known = self._explanations.get(key)
        if known is None:
            known = authority_on(self.document).request_violations(self, body, media_type)
            if len(key[1]) <= LONGEST_REMEMBERED:
                if len(self._explanations) >= MOST_REMEMBERED:
                    self._explanations.clear()
                self._explanations[key] = known
        return known

    @cached_property
    def security(self) -> Security:
        """Whom the operation lets in."""
        return Security.of(self.data, self.document)

    @property
    def needs_key(self) -> bool:
        """Whether every way in asks for an API key."""
        return self.security.needs_key

    @cached_property
    def is_videodb(self) -> bool:
        """Whether the operation asks for VideoDB's own key and nothing else."""
        return self.security.asks_only_for(KEY_HEADER)

    @cached_property
    def has_more_parameters(self) -> bool:
        """Whether it has parameters beside those of its query."""
        return bool(self._in("path") or self._in("header") or self._in("cookie"))

    def more_parameters(self, path: str, headers: Headers) -> tuple[dict[str, Any], tuple[Violation, ...]]:
        """The values of the path, the headers and the cookies, and every fault."""
        found: dict[str, Any] = {}
        violations: list[Violation] = []
        for values, faults in (
            read_path(self._in("path"), self._variables(path)),
            read_headers(self._in("header"), headers),
            read_cookies(self._in("cookie"), headers),
        ):
            found |= values
            violations += faults
        return found, tuple(violations)

    def _variables(self, path: str) -> Mapping[str, str]:
        found = self._template.match(path.split("/")) or {}
        return {name: text.replace("%2F", "/") for name, text in found.items()}

    def _in(self, place: str) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self._all_parameters if parameter.place == place)

    @cached_property
    def _template(self) -> Template:
        return Template(self.path)

    def parameters(self, query: str) -> tuple[dict[str, Any], tuple[Violation, ...]]:
        """The query's parameters with their types and defaults, and what is wrong with them."""
        if not query:
            return dict(self._defaults), self._missing
        return read_query(self._parameters, query)

    def response_violations(self, status: int, content_type: str | None, body: Json | None) -> tuple[Violation, ...]:
        """Every fault of a response; none if the contract declares it so, or declares nothing at all."""
        if not self.responses:
            return ()
        media_type = (content_type or "").partition(";")[0].strip().lower()
        key = (self._declared(status) or "", media_type)
        verdict = self._verdicts.get(key)
        if verdict is None:
            found = self._response_verdict(*key, status=status, content_type=content_type)
            if isinstance(found, Violation):
                return (found,)
            verdict = self._verdicts[key] = found
        if verdict(body):
            return ()
        content = self.responses[key[0]]["content"]
        schema = content[covering(media_type, content) or ""]["schema"]
        told = authority_on(self.document).response_violations(self, status, media_type, body)
        return told or self._overlooked(schema, body)

    def _overlooked(self, schema: Json, body: Json) -> tuple[Violation, ...]:
        """What only the compiled validator refuses: openapi-core drops what 3.1 allows beside a body's $ref."""
        found = failures_of(validator(schema, self.document, "response"), body)
        return tuple(violation for failure in found for violation in violations_of(failure))

    @property
    def servers(self) -> list[Mapping[str, Any]]:
        """The servers the document names for this operation."""
        for holder in (self._item, self.data, self.document):
            if servers := holder.get("servers"):
                return list(servers)
        return []

    @cached_property
    def _all_parameters(self) -> tuple[Parameter, ...]:
        return parameters_of(self._item, self.data, self.document)

    @cached_property
    def _parameters(self) -> tuple[Parameter, ...]:
        return self._in("query")

    @cached_property
    def _defaults(self) -> Mapping[str, Any]:
        return read_query(self._parameters, "")[0]

    @cached_property
    def _missing(self) -> tuple[Violation, ...]:
        return read_query(self._parameters, "")[1]

    @cached_property
    def responses(self) -> Mapping[str, Mapping[str, Any]]:
        """The declared responses by status, range or DEFAULT, in upper case."""
        responses = self.data.get("responses") or {}
        told = {str(code).upper(): dereferenced(self.document, each) for code, each in responses.items()}
        return {code: each or {} for code, each in told.items() if not code.startswith("X-")}

    def _declared(self, status: int) -> str | None:
        for code in (str(status), f"{status // 100}XX", "DEFAULT"):
            if code in self.responses:
                return code
        return None

    def _response_verdict(
        self, code: str, media_type: str, *, status: int, content_type: str | None
    ) -> Verdict | Violation:
        if not code:
            known = ", ".join(name.lower() for name in self.responses)
            message = f"the status is {status}; {self.method} {self.path} declares {known}"
            return Violation("", message, "undocumented_status")
        content = self.responses[code].get("content")
        if not content:
            return ANYTHING
        name = covering(media_type, content)
        if name is None:
            given = "missing" if content_type is None else content_type
            message = f"the content type is {given}; {' or '.join(content)} is needed"
            return Violation("", message, "content_type")
        if kind_of(media_type) not in ("json", "lines", "text"):
            return ANYTHING  # a schema speaks of values, and of these bodies only the bytes are known here
        return self._verdict_on(content[name])

    def _verdict_on(self, content: Mapping[str, Any]) -> Verdict:
        schema = content.get("schema")
        return ANYTHING if schema is None else compiled(schema, self.document, "response")


def authority_on(document: Mapping[str, Any]) -> Authority:
    """The authority on a document; the last two are remembered."""
    from mockserver.contract.validator import Authority

    with _remembering:
        known = next((each for told, each in _authorities if told is document), None)
        if known is None:
            known = Authority(document)
            _authorities.append((document, known))
            del _authorities[:-2]
        return known


def _json_among(content: Mapping[str, Any]) -> str | None:
    return next((name for name in content if is_json(name) or essence_of(name) in ("application/*", "*/*")), None)
