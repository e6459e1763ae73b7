"""One operation of the contract: its parameters, bodies, security and responses.

The verdict is compiled (jsonschema-rs) on first use. A walk through the schema explains refused values; openapi-core,
the authority, is asked where the walk finds nothing. See schema/explanation.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.media import covering_type, essence_of, is_json, kind_of, media_parameter
from mockserver.contract.pointer import dereference
from mockserver.contract.request.body import Body
from mockserver.contract.request.headers import Headers
from mockserver.contract.request.security import Security
from mockserver.contract.schema.validators import compile_predicate
from mockserver.contract.schema.violation import UNEXPLAINED, Violation
from mockserver.contract.strict_json import Json

if TYPE_CHECKING:
    from mockserver.contract.request.parameter import Parameter
    from mockserver.contract.request.parameters import ParameterReading, Parameters
    from mockserver.contract.schema.explanation.authority import Authority

Verdict = Callable[[Any], bool]

KEY_HEADER: Final = "x-access-token"
STATEFUL: Final = "x-mockserver-stateful"
"""The member of an operation in the effective document that the mock serves with state."""
MAX_TYPES: Final = 64
_caching: Final = threading.Lock()
_authorities: Final[list[tuple[Mapping[str, Any], Authority]]] = []
ANYTHING: Final[Verdict] = lambda _: True  # noqa: E731 # a verdict like the compiled ones, by name


class Operation:
    """One method of one path of the contract."""

    def __init__(self, method: str, path: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.method = method
        self.path = path
        self.name = f"{method} {path}"
        self.document = document
        self._item = item
        self.data: Mapping[str, Any] = item[method.lower()]
        body = dereference(document, self.data.get("requestBody")) or {}
        self.body_required: bool = body.get("required") is True
        self.content: Mapping[str, Any] = body.get("content") or {}
        """The Media Type Objects of the request's body, by media type."""
        self.takes_body: bool = bool(self.content)
        """The operation describes a body. A body without a media type says nothing."""
        self.media_types: tuple[str, ...] = tuple(self.content)
        self.json_type: str | None = _json_among(self.content)
        self._verdicts: dict[tuple[int, str | None], Verdict | Violation] = {}
        self._bodies: dict[str, Body | None] = {}

    @property
    def accepts_body(self) -> Verdict:
        """A predicate: the contract accepts the value as a JSON body."""
        body = self.body(self.json_type)
        return ANYTHING if body is None else body.accepts

    def body_violations(self, value: Json) -> tuple[Violation, ...]:
        """Every violation of a value as a JSON body; none if the contract accepts it."""
        body = self.body(self.json_type)
        return () if body is None else body.violations(value)

    def body(self, content_type: str | None) -> Body | None:
        """The declared body of a Content-Type; None if the operation does not accept it."""
        given = content_type or ("application/octet-stream" if "*/*" in self.content else "")
        if given not in self._bodies:
            name = covering_type(given, self.content)
            body = None if name is None else Body(name, given, self.content[name], self.document, self._explain)
            if body is not None and body.kind == "multipart":
                return body  # every request has another boundary
            if len(self._bodies) >= MAX_TYPES:
                self._bodies.clear()
            self._bodies[given] = body if body is not None and body.is_readable else None
        return self._bodies[given]

    def refusal_of_type(self, content_type: str | None) -> str:
        """The sentence that refuses a Content-Type for which `body` has no body."""
        if content_type is None:
            given = "no Content-Type"
        elif covering_type(content_type, self.content) is not None:
            charset = media_parameter(content_type, "charset") or ""
            return f"the body has the charset {charset[:40]!r}; JSON and YAML are in UTF-8"
        else:
            given = f"Content-Type {content_type[:80]!r}"
        return f"the body has {given}; {' or '.join(self.media_types)} is needed"

    def _explain(self, media_type: str | None, body: Json) -> tuple[Violation, ...]:
        """The violations that openapi-core finds in a body."""
        return authority_of(self.document).request_violations(self, body, media_type)

    @cached_property
    def security(self) -> Security:
        """The security requirements of the operation."""
        return Security.of(self.data, self.document)

    @property
    def needs_key(self) -> bool:
        """Every alternative of the security requirements includes an API key."""
        return self.security.needs_key

    @property
    def is_stateful(self) -> bool:
        """The mock serves the operation with state, and not from the document alone."""
        return self.data.get(STATEFUL) is True

    @cached_property
    def is_videodb(self) -> bool:
        """The operation requires VideoDB's own key and nothing else."""
        return self.security.asks_only_for(KEY_HEADER)

    def parameters(
        self, query: str = "", *, path: str = "", headers: Headers = (), encoded_path: str = ""
    ) -> tuple[dict[str, Any], tuple[Violation, ...]]:
        """The typed parameters with their defaults, and their violations."""
        declared = self._parameters
        if declared is None:
            return {}, ()
        values, violations = declared.of_query(query)
        if not declared.has_more:
            return values, violations
        more, further = declared.of_rest(path, headers, encoded_path)
        return values | more, (*violations, *further)

    @property
    def declared_parameters(self) -> tuple[Parameter, ...]:
        """The parameters of the operation and of its path."""
        return () if self._parameters is None else self._parameters.declared

    def parameter_readings(
        self, query: str, *, path: str, headers: Headers, encoded_path: str = ""
    ) -> Iterable[ParameterReading]:
        """Each declared parameter as a request has it."""
        return () if self._parameters is None else self._parameters.readings(query, path, headers, encoded_path)

    def response_violations(self, status: int, content_type: str | None, body: Json | None) -> tuple[Violation, ...]:
        """Every violation of a response; none if the contract accepts it or declares no responses."""
        if not self.responses:
            return ()
        verdict = self._verdicts.get((status, content_type)) or self._response_verdict(status, content_type)
        if isinstance(verdict, Violation):
            return (verdict,)
        if verdict(body):
            return ()
        media_type = content_type or ""
        content = self.responses[self.declared(status) or ""]["content"]
        schema = content[covering_type(media_type, content) or ""]["schema"]
        from mockserver.contract.schema.explanation.explain import explain  # few responses are wrong

        found = explain(schema, self.document, "response", body)
        if not found.violations and found.is_complete:
            explained = authority_of(self.document).response_violations(self, status, essence_of(media_type), body)
            found = found._replace(violations=explained)
        return found.violations or (UNEXPLAINED,)

    @property
    def servers(self) -> list[Mapping[str, Any]]:
        """The servers of this operation."""
        for holder in (self._item, self.data, self.document):
            if servers := holder.get("servers"):
                return list(servers)
        return []

    @property
    def all_servers(self) -> list[Any]:
        """The servers of the operation, of its path and of the document."""
        return [each for holder in (self.data, self._item, self.document) for each in holder.get("servers") or ()]

    @cached_property
    def has_parameters(self) -> bool:
        """The operation or its path declares parameters."""
        return bool(self._item.get("parameters") or self.data.get("parameters"))

    @cached_property
    def _parameters(self) -> Parameters | None:
        if not self.has_parameters:
            return None
        # a checkout has no parameters, so its first reply need not import their reader
        from mockserver.contract.request.parameters import Parameters

        return Parameters(self.path, self._item, self.data, self.document)

    @cached_property
    def responses(self) -> Mapping[str, Mapping[str, Any]]:
        """The declared responses by status, range or DEFAULT, in upper case."""
        responses = self.data.get("responses") or {}
        resolved = {str(code).upper(): dereference(self.document, each) for code, each in responses.items()}
        return {code: each or {} for code, each in resolved.items() if not code.startswith("X-")}

    def declared(self, status: int) -> str | None:
        """The key of the response for a status: itself, its range or DEFAULT; None if none is declared."""
        for code in (str(status), f"{status // 100}XX", "DEFAULT"):
            if code in self.responses:
                return code
        return None

    def _response_verdict(self, status: int, content_type: str | None) -> Verdict | Violation:
        verdict = self._compile_verdict(status, content_type)
        if len(self._verdicts) >= MAX_TYPES:
            self._verdicts.clear()
        self._verdicts[status, content_type] = verdict
        return verdict

    def _compile_verdict(self, status: int, content_type: str | None) -> Verdict | Violation:
        code, media_type = self.declared(status), content_type or ""
        if code is None:
            known = ", ".join(name.lower() for name in self.responses)
            message = f"the status is {status}; {self.name} declares {known}"
            return Violation("", message, "undocumented_status")
        content = self.responses[code].get("content")
        if not content:
            return ANYTHING
        name = covering_type(media_type, content)
        if name is None:
            given = "missing" if content_type is None else content_type
            message = f"the content type is {given}; {' or '.join(content)} is needed"
            return Violation("", message, "content_type")
        if kind_of(media_type) not in ("json", "lines", "text"):
            return ANYTHING  # a schema describes values, and these bodies are bytes
        return self._verdict_on(content[name])

    def _verdict_on(self, content: Mapping[str, Any]) -> Verdict:
        schema = content.get("schema")
        return ANYTHING if schema is None else compile_predicate(schema, self.document, "response")


def authority_of(document: Mapping[str, Any]) -> Authority:
    """The authority of a document. The last two are cached."""
    from mockserver.contract.schema.explanation.authority import Authority

    with _caching:
        known = next((each for owner, each in _authorities if owner is document), None)
        if known is None:
            known = Authority(document)
            _authorities.append((document, known))
            del _authorities[:-2]
        return known


def _json_among(content: Mapping[str, Any]) -> str | None:
    return next((name for name in content if is_json(name) or essence_of(name) in ("application/*", "*/*")), None)
