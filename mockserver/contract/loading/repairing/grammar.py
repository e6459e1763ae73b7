"""The objects of OpenAPI and the kinds of their members.

A kind is the name of an object, a scalar (text, boolean, number, count), any value, a list `[kind]` or a map `{kind}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.contract import METHODS

_READERS: Final = {"summary": "text", "description": "text"}
_VALUE: Final = {
    **{"description": "text", "required": "boolean", "deprecated": "boolean", "allowEmptyValue": "boolean"},
    **{"style": "text", "explode": "boolean", "allowReserved": "boolean", "schema": "schema"},
    **{"content": "{media_type}", "example": "any", "examples": "{example}"},
}

OBJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "document": {
        **{"openapi": "text", "info": "info", "servers": "[server]", "paths": "paths", "components": "components"},
        **{"security": "[requirement]", "tags": "[tag]", "externalDocs": "external_docs"},
    },
    "info": {
        **{"title": "text", "version": "text", "description": "text", "termsOfService": "text"},
        **{"contact": "contact", "license": "license"},
    },
    "contact": {"name": "text", "url": "text", "email": "text"},
    "license": {"name": "text", "url": "text"},
    "server": {"url": "text", "description": "text", "variables": "{server_variable}"},
    "server_variable": {"enum": "[text]", "default": "text", "description": "text"},
    "external_docs": {"url": "text", "description": "text"},
    "tag": {"name": "text", "description": "text", "externalDocs": "external_docs"},
    "path_item": {
        **{"$ref": "any", **_READERS, "servers": "[server]", "parameters": "[parameter]"},
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        **{**_READERS, "tags": "[text]", "externalDocs": "external_docs", "operationId": "text"},
        **{"parameters": "[parameter]", "requestBody": "request_body", "responses": "responses"},
        **{"callbacks": "{callback}", "deprecated": "boolean", "security": "[requirement]", "servers": "[server]"},
    },
    "parameter": {"name": "text", "in": "text", **_VALUE},
    "header": _VALUE,
    "request_body": {"description": "text", "content": "{media_type}", "required": "boolean"},
    "media_type": {"schema": "schema", "example": "any", "examples": "{example}", "encoding": "{encoding}"},
    "encoding": {
        **{"contentType": "text", "headers": "{header}", "style": "text"},
        **{"explode": "boolean", "allowReserved": "boolean"},
    },
    "response": {"description": "text", "headers": "{header}", "content": "{media_type}", "links": "{link}"},
    "example": {**_READERS, "value": "any", "externalValue": "text"},
    "link": {
        **{"operationId": "text", "operationRef": "text", "parameters": "{any}", "requestBody": "any"},
        **{"description": "text", "server": "server"},
    },
    "components": {
        **{"schemas": "{schema}", "responses": "{response}", "parameters": "{parameter}", "examples": "{example}"},
        **{"requestBodies": "{request_body}", "headers": "{header}", "securitySchemes": "{security_scheme}"},
        **{"links": "{link}", "callbacks": "{callback}"},
    },
    "security_scheme": {
        **{"type": "text", "description": "text", "name": "text", "in": "text", "scheme": "text"},
        **{"bearerFormat": "text", "flows": "flows", "openIdConnectUrl": "text"},
    },
    "flows": dict.fromkeys(("implicit", "password", "clientCredentials", "authorizationCode"), "flow"),
    "flow": {"authorizationUrl": "text", "tokenUrl": "text", "refreshUrl": "text", "scopes": "{text}"},
    "discriminator": {"propertyName": "text", "mapping": "{text}"},
    "xml": {
        **{"name": "text", "namespace": "text", "prefix": "text"},
        **{"attribute": "boolean", "wrapped": "boolean"},
    },
    "schema": {
        **dict.fromkeys(("title", "description", "format", "pattern"), "text"),
        **dict.fromkeys(("multipleOf", "maximum", "minimum"), "number"),
        **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"), "count"),
        **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly", "deprecated", "nullable"), "boolean"),
        **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "type", "default", "example"), "any"),
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), "[schema]"),
        **{"required": "[text]", "enum": "[any]", "properties": "{schema}", "additionalProperties": "schema"},
        **{"not": "schema", "items": "schema", "discriminator": "discriminator", "xml": "xml"},
        **{"externalDocs": "external_docs", "$ref": "any"},
    },
}
"""The members of each object in OpenAPI 3.0."""

MORE_IN_31: Final[Mapping[str, Mapping[str, str]]] = {
    "document": {"webhooks": "{path_item}", "jsonSchemaDialect": "text"},
    "info": {"summary": "text"},
    "license": {"identifier": "text"},
    "components": {"pathItems": "{path_item}"},
    "discriminator": {},
    "schema": {
        **dict.fromkeys(("$comment", "$id", "$schema", "$anchor", "$dynamicAnchor", "$dynamicRef"), "text"),
        **dict.fromkeys(("contentEncoding", "contentMediaType"), "text"),
        **dict.fromkeys(("maxContains", "minContains"), "count"),
        **dict.fromkeys(("contains", "propertyNames", "if", "then", "else", "contentSchema"), "schema"),
        **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties"), "schema"),
        **dict.fromkeys(("patternProperties", "dependentSchemas", "$defs", "definitions"), "{schema}"),
        **{"prefixItems": "[schema]", "dependentRequired": "{[text]}", "examples": "any", "const": "any"},
    },
}
"""The members that OpenAPI 3.1 adds."""

MAPS: Final = {"paths": "path_item", "responses": "response", "callback": "path_item", "requirement": "[text]"}
"""The objects that are maps, and the kind of their values."""

DEFINITIONS: Final = ("$defs", "definitions")
"""The members of a schema that JSON Schema has for schemas to refer to."""

REFERENCES: Final = frozenset(
    {"schema", "response", "parameter", "example", "request_body", "header", "security_scheme", "link", "callback"}
    | {"path_item"}
)
"""The objects for which a $ref may stand."""

MISSING: Final[Mapping[str, Mapping[str, Any]]] = {
    "document": {"info": {"title": "", "version": ""}},
    "info": {"title": "", "version": ""},
    "license": {"name": ""},
    "server": {"url": None},
    "server_variable": {"default": None},
    "external_docs": {"url": None},
    "tag": {"name": None},
    "parameter": {"name": None, "in": None},
    "request_body": {"content": None},
    "response": {"description": ""},
    "discriminator": {"propertyName": None},
    "security_scheme": {"type": None},
    "flow": {"scopes": {}},
}
"""The members that must not be missing, with the value that is taken for them; None costs the whole object."""

UNIQUE: Final = frozenset({"[tag]", "[parameter]", "[text]", "[requirement]", "[any]"})
"""The lists in which a value must not be repeated."""


def members_of(kind: str, *, is_30: bool) -> Mapping[str, str]:
    """The kinds of the members of an object."""
    return OBJECTS[kind] if is_30 else {**OBJECTS[kind], **MORE_IN_31.get(kind, {})}
