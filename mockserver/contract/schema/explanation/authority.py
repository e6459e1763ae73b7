"""openapi-core, the authority behind the compiled validators: it explains what was refused.

Rule 1: it is imported when something is explained for the first time, and nowhere else.
Rule 2: it sees the document's own server and no network address: `servers` never decide.
Rule 3: it gets only values that parse_json lets through, so its acceptance of NaN never shows.

Three of its habits are mended here, since strangers read a published contract by the specifications: patterns are
those of ECMA 262 and take no time to speak of, formats are jsonschema-rs', and OpenAPI 3.0 ignores what stands beside
a $ref.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # ships no types
from jsonschema.validators import create, extend  # type: ignore[import-untyped] # ships no types
from jsonschema_path import SchemaPath
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.request import V30RequestBodyValidator, V31RequestBodyValidator
from openapi_core.validation.request.validators import APICallRequestBodyValidator
from openapi_core.validation.response import V30ResponseDataValidator, V31ResponseDataValidator
from openapi_core.validation.response.validators import APICallResponseDataValidator
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, OAS31Validator

from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.translation import STANDARD_FORMATS, has_format, is_marked, is_openapi_30
from mockserver.contract.schema.violation import Failure, Violation, unexpected, violations_of
from mockserver.contract.strict_json import Json


class Described(Protocol):
    """What is asked of an operation here."""

    method: str
    path: str
    json_type: str | None

    @property
    def servers(self) -> list[Mapping[str, Any]]:
        """The servers the document names for it."""


@dataclass
class _Request:
    """A request as openapi-core wants it."""

    host_url: str
    path: str
    method: str
    body: bytes
    content_type: str
    parameters: RequestParameters = field(default_factory=RequestParameters)


@dataclass
class _Response:
    """A response as openapi-core wants it."""

    status_code: int
    content_type: str
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class _JsonReaders(dict[str, Any]):
    """Every body here is JSON, whatever media type or range the document declares it under."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, _: str) -> Any:
        return lambda raw, **_parameters: json.loads(raw)


class Authority:
    """openapi-core's verdicts on one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        spec = SchemaPath.from_dict(dict(document))
        bodies: type[APICallRequestBodyValidator] = V31RequestBodyValidator
        data: type[APICallResponseDataValidator] = V31ResponseDataValidator
        write = read = OAS31Validator
        if is_openapi_30(document):
            bodies, write = V30RequestBodyValidator, OAS30WriteValidator
            data, read = V30ResponseDataValidator, OAS30ReadValidator
        mended: dict[str, Any] = {
            "extra_format_validators": {name: partial(has_format, name) for name in STANDARD_FORMATS},
            "extra_media_type_deserializers": _JsonReaders(),
        }
        self._requests = bodies(spec, schema_validators_factory=_factory(write), **mended)
        self._responses = data(spec, schema_validators_factory=_factory(read), **mended)

    def request_violations(
        self, operation: Described, body: Json, media_type: str | None = None
    ) -> tuple[Violation, ...]:
        """What openapi-core finds wrong with a request body of a media type; none if it accepts it."""
        return self._explained(
            lambda: self._requests.iter_errors(self._request(operation, body, media_type)), "readOnly"
        )

    def response_violations(
        self, operation: Described, status: int, media_type: str, body: Json
    ) -> tuple[Violation, ...]:
        """What openapi-core finds wrong with a response body; none if it accepts it."""
        response = _Response(status, media_type, json.dumps(body).encode())
        return self._explained(
            lambda: self._responses.iter_errors(self._request(operation, None), response), "writeOnly"
        )

    def _explained(self, errors: Callable[[], Iterable[Exception]], forbidden: str) -> tuple[Violation, ...]:
        """The violations; none where openapi-core can't cope with the document or the value.

        The verdict is not its own: whoever asks has another explanation.
        """
        try:
            return _violations(errors(), lambda error: self._is_excused(error, forbidden))
        except Exception:
            logging.getLogger(__name__).debug("openapi-core failed to explain", exc_info=True)
            return ()

    def _is_excused(self, error: ValidationError, forbidden: str) -> bool:
        """Whether all that is missing may not be there: in OpenAPI 3.1 openapi-core does not mind that."""
        missing = _missing(error) if error.validator == "required" and isinstance(error.schema, Mapping) else []
        members = error.schema.get("properties", {}) if missing else {}
        return bool(missing) and all(is_marked(members.get(name), forbidden, self._document) for name in missing)

    def _request(self, operation: Described, body: Json, media_type: str | None = None) -> _Request:
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


def _factory(validator: Any) -> SchemaValidatorsFactory:
    known = validator.VALIDATORS["additionalProperties"]
    keywords = {"pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _others(known)}
    mended = extend(validator, keywords)
    if validator is not OAS31Validator:
        mended = create(
            mended.META_SCHEMA,
            mended.VALIDATORS,
            type_checker=mended.TYPE_CHECKER,
            format_checker=mended.FORMAT_CHECKER,
            applicable_validators=_without_ref_siblings,
        )
    return SchemaValidatorsFactory(mended, validator.FORMAT_CHECKER)


def _without_ref_siblings(schema: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return [("$ref", schema["$ref"])] if "$ref" in schema else schema.items()


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(instance, "object"):
        for pattern, schema in patterns.items():
            for name, value in instance.items():
                if matches(pattern, name):
                    yield from validator.descend(value, schema, path=name, schema_path=pattern)


def _others(known: Any) -> Any:
    """additionalProperties as it is, but for objects whose members are known by patterns."""

    def additional(validator: Any, others: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not schema.get("patternProperties") or not validator.is_type(instance, "object"):
            yield from known(validator, others, instance, schema) or ()
            return
        extra = unexpected(instance, schema)
        if validator.is_type(others, "object"):
            for name in sorted(extra):
                yield from validator.descend(instance[name], others, path=name)
        elif not others and extra:
            yield ValidationError(f"Additional properties are not allowed ({', '.join(sorted(extra))})")

    return additional


def _violations(errors: Iterable[Exception], is_excused: Callable[[ValidationError], bool]) -> tuple[Violation, ...]:
    found: dict[Violation, None] = {}
    for error in errors:
        causes = list(_schema_errors(error))
        if not causes:
            found[Violation("", _last(error), "invalid")] = None
        for note, cause in _told(causes):
            if not is_excused(cause):
                found.update(dict.fromkeys(violations_of(_failure(cause), note=note)))
    # A value of the wrong type is wrong in one way; what else its schema asks of it says nothing more.
    mistyped = {violation.pointer for violation in found if violation.code == "type"}
    return tuple(each for each in found if each.code == "type" or each.pointer not in mistyped)


def _schema_errors(error: BaseException | None) -> Iterator[ValidationError]:
    while error is not None:
        yield from getattr(error, "schema_errors", ())
        error = error.__cause__


def _last(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__


def _told(errors: Iterable[ValidationError], note: str = "") -> Iterator[tuple[str, ValidationError]]:
    """The errors worth telling: of an anyOf or oneOf only those of the branch most likely meant."""
    plain = [error for error in errors if not (error.validator in ("anyOf", "oneOf") and error.context)]
    yield from ((note, error) for error in plain)
    told = {tuple(error.absolute_path) for error in plain if error.validator != "required"}
    for error in errors:
        if error not in plain:
            branch, meant = _branch_meant(error, told)
            description = branch.get("description", "") if isinstance(branch, Mapping) else ""
            yield from _told(meant, note=description)


def _branch_meant(error: ValidationError, told: Collection[tuple[str | int, ...]]) -> tuple[Any, list[ValidationError]]:
    branches: dict[int, list[ValidationError]] = {}
    for cause in error.context or ():
        branches.setdefault(int(cause.schema_path[0]), []).append(cause)
    for index, causes in branches.items():
        branches[index] = [
            cause for cause in causes if tuple(cause.absolute_path) not in told or cause.validator == "required"
        ]
    index = min(branches, key=lambda each: (sum(_is_choice(cause) for cause in branches[each]), len(branches[each])))
    return error.validator_value[index], branches[index]


def _is_choice(error: ValidationError) -> bool:
    """Whether the error says that another branch was meant: a fixed value differs."""
    return error.validator == "const" or (error.validator == "enum" and len(error.validator_value) == 1)


def _failure(error: ValidationError) -> Failure:
    expected = error.validator_value
    if error.validator == "required":
        expected = _missing(error)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    return Failure(str(error.validator), expected, error.instance, tuple(error.absolute_path), schema)


def _missing(error: ValidationError) -> list[str]:
    return [name for name in error.validator_value if error.message == f"{name!r} is a required property"]
