"""Compiled validators (jsonschema-rs) of a document's schemas."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.schema.formats import FORMATS
from mockserver.contract.schema.translation import Direction, is_openapi_30, standalone
from mockserver.contract.strict_json import Json

MAX_CACHED: Final = 32
_caching: Final = threading.Lock()
_compiled: Final[dict[tuple[int, int, str], tuple[jsonschema_rs.Validator, Json, Mapping[str, Any]]]] = {}


def compile_predicate(schema: Json, document: Mapping[str, Any], direction: Direction) -> Callable[[Any], bool]:
    """The predicate that is true of valid values."""
    return compile_validator(schema, document, direction).is_valid


def compile_validator(schema: Json, document: Mapping[str, Any], direction: Direction) -> jsonschema_rs.Validator:
    """The validator of a schema. It never uses the network.

    The last few validators are cached: mocking, validation and the journal ask for the same one.
    """
    key = (id(schema), id(document), direction)
    if (known := _compiled.get(key)) is not None:
        return known[0]
    validator = compile_uncached(schema, document, direction)
    if isinstance(schema, dict):
        with _caching:
            if len(_compiled) >= MAX_CACHED:
                del _compiled[next(iter(_compiled))]
            # an entry keeps its schema and document alive, so that no other object gets their ids
            _compiled[key] = (validator, schema, document)
    return validator


def compile_uncached(schema: Json, document: Mapping[str, Any], direction: Direction) -> jsonschema_rs.Validator:
    """The validator of a schema, for a caller that keeps it."""
    dialect = jsonschema_rs.Draft4Validator if is_openapi_30(document) else jsonschema_rs.Draft202012Validator
    try:
        return dialect(standalone(schema, document, direction), validate_formats=True, formats=FORMATS, offline=True)
    except ValueError as error:
        # loading reports an invalid document; a schema that slips through must not stop the server from answering
        reason = str(error).splitlines()[0]
        logging.getLogger(__name__).warning("a schema can't be used (%s); every value passes it", reason)
        return dialect({}, offline=True)
