"""openapi-core, the authority behind the compiled validators: it explains the values in which the walk finds nothing.

Rule 1: it is imported for the first explanation, and not before.
Rule 2: it sees the document's own server, so the `servers` never decide.
Rule 3: it gets only values that parse_json accepts, so its tolerance of NaN never shows.

It is adapted to the specifications in three points: patterns (ECMA 262, bounded time), formats (those of
jsonschema-rs) and, in OpenAPI 3.0, the keywords beside a $ref (ignored).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # ships no types
from jsonschema_path import SchemaPath
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.request import V30RequestBodyValidator, V31RequestBodyValidator
from openapi_core.validation.request.validators import APICallRequestBodyValidator
from openapi_core.validation.response import V30ResponseDataValidator, V31ResponseDataValidator
from openapi_core.validation.response.validators import APICallResponseDataValidator
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, OAS31Validator

from mockserver.contract.schema.explanation.keywords import start_counting, validators_factory
from mockserver.contract.schema.explanation.schema_errors import missing_members, violations_in
from mockserver.contract.schema.formats import STANDARD_FORMATS, has_format
from mockserver.contract.schema.translation import is_marked, is_openapi_30
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json


class OperationLike(Protocol):
    """The properties of an operation that an explanation needs."""

    method: str
    path: str
    json_type: str | None

    @property
    def servers(self) -> list[Mapping[str, Any]]:
        """The servers of the operation."""


@dataclass
class _Request:
    """A request in the form that openapi-core reads."""

    host_url: str
    path: str
    method: str
    body: bytes
    content_type: str
    parameters: RequestParameters = field(default_factory=RequestParameters)


@dataclass
class _Response:
    """A response in the form that openapi-core reads."""

    status_code: int
    content_type: str
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class _JsonReaders(dict[str, Any]):
    """A reader of JSON for every media type: this module sends JSON under any declared type."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, _: str) -> Any:
        return lambda raw, **_parameters: json.loads(raw)


class Authority:
    """openapi-core's validators of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        spec = SchemaPath.from_dict(dict(document))
        bodies: type[APICallRequestBodyValidator] = V31RequestBodyValidator
        data: type[APICallResponseDataValidator] = V31ResponseDataValidator
        write = read = OAS31Validator
        if is_openapi_30(document):
            bodies, write = V30RequestBodyValidator, OAS30WriteValidator
            data, read = V30ResponseDataValidator, OAS30ReadValidator
        adapted: dict[str, Any] = {
            "extra_format_validators": {name: partial(has_format, name) for name in STANDARD_FORMATS},
            "extra_media_type_deserializers": _JsonReaders(),
        }
        self._requests = bodies(spec, schema_validators_factory=validators_factory(write), **adapted)
        self._responses = data(spec, schema_validators_factory=validators_factory(read), **adapted)

    def request_violations(
        self, operation: OperationLike, body: Json, media_type: str | None = None
    ) -> tuple[Violation, ...]:
        """The violations that openapi-core finds in a request body; none if it accepts the body."""
        return self._explain(lambda: self._requests.iter_errors(self._request(operation, body, media_type)), "readOnly")

    def response_violations(
        self, operation: OperationLike, status: int, media_type: str, body: Json
    ) -> tuple[Violation, ...]:
        """The violations that openapi-core finds in a response body; none if it accepts the body."""
        response = _Response(status, media_type, json.dumps(body).encode())
        return self._explain(lambda: self._responses.iter_errors(self._request(operation, None), response), "writeOnly")

    def _explain(self, errors: Callable[[], Iterable[Exception]], forbidden: str) -> tuple[Violation, ...]:
        """The violations; none if openapi-core fails on the document or the value.

        The value is refused already, and the caller has another explanation.
        """
        start_counting()
        try:
            return violations_in(errors(), lambda error: self._is_excused(error, forbidden))
        except Exception:
            logging.getLogger(__name__).debug("openapi-core failed to explain", exc_info=True)
            return ()

    def _is_excused(self, error: ValidationError, forbidden: str) -> bool:
        """The missing members must be missing. openapi-core overlooks this in OpenAPI 3.1."""
        missing = missing_members(error) if error.validator == "required" and isinstance(error.schema, Mapping) else []
        members = error.schema.get("properties", {}) if missing else {}
        return bool(missing) and all(is_marked(members.get(name), forbidden, self._document) for name in missing)

    def _request(self, operation: OperationLike, body: Json, media_type: str | None = None) -> _Request:
        servers = operation.servers or [{"url": "/"}]
        url = str(servers[0].get("url", "/"))
        for name, variable in (servers[0].get("variables") or {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        parts = urlsplit(url)
        return _Request(
            host_url=f"{parts.scheme or 'http'}://{parts.netloc or 'localhost'}",
            path=parts.path.rstrip("/") + operation.path,
            method=operation.method.lower(),
            body=json.dumps(body).encode(),
            content_type=media_type or operation.json_type or "application/json",
        )
