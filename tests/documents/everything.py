"""One document with every feature of OpenAPI, in more than a hundred operations; always the same."""

from __future__ import annotations

from typing import Any

JSON = "application/json"
REF = "#/components/schemas/"

COMPONENTS: dict[str, Any] = {
    "Name": {"type": "string", "minLength": 1, "maxLength": 20},
    "Tree": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"$ref": f"{REF}Name"},
            "parent": {"$ref": f"{REF}Tree"},
            "children": {"type": "array", "items": {"$ref": f"{REF}Tree"}},
        },
    },
    "Pet": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"cat": f"{REF}Cat", "dog": f"{REF}Dog"}},
    },
    "Cat": {
        "allOf": [
            {"$ref": f"{REF}Pet"},
            {
                "type": "object",
                "required": ["lives"],
                "properties": {"kind": {"enum": ["cat"]}, "lives": {"type": "integer"}},
            },
        ]
    },
    "Dog": {
        "allOf": [
            {"$ref": f"{REF}Pet"},
            {
                "type": "object",
                "required": ["barks"],
                "properties": {"kind": {"enum": ["dog"]}, "barks": {"type": "boolean"}},
            },
        ]
    },
    "Account": {
        "type": "object",
        "required": ["id", "email", "password"],
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "email": {"type": "string", "format": "email"},
            "password": {"type": "string", "format": "password", "writeOnly": True},
        },
    },
    "Problem": {
        "type": "object",
        "required": ["title"],
        "properties": {"title": {"type": "string"}, "status": {"type": "integer"}},
    },
}
FORMATS = ("date-time", "date", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "byte", "password")
SCHEMAS: list[dict[str, Any]] = [
    *({"type": "string", "format": name} for name in FORMATS),
    {"type": "string", "minLength": 3, "maxLength": 5},
    {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3,5}$"},
    {"type": "string", "enum": ["a", "b", "c"], "default": "b"},
    {"type": "integer", "format": "int32"},
    {"type": "integer", "format": "int64", "minimum": 5, "maximum": 9},
    {"type": "integer", "multipleOf": 7, "minimum": 10},
    {"type": "number", "format": "double", "minimum": 0.5, "maximum": 0.75},
    {"type": "boolean"},
    {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 4, "uniqueItems": True},
    {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1},
    {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}}},
    {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "string", "example": "x"}}},
    {"$ref": f"{REF}Tree"},
    {"type": "array", "items": {"$ref": f"{REF}Tree"}},
    {
        "oneOf": [{"$ref": f"{REF}Cat"}, {"$ref": f"{REF}Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": f"{REF}Cat", "dog": f"{REF}Dog"}},
    },
    {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
    {
        "allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
            {"required": ["b"], "properties": {"b": {"type": "string"}}},
        ]
    },
    {"type": "string", "not": {"enum": ["text"]}},
    {"$ref": f"{REF}Account"},
    {
        "type": "object",
        "properties": {
            "at": {"type": "string", "format": "date-time", "example": "no time"},
            "n": {"type": "integer", "example": 3},
        },
    },
]
ONLY_30: list[dict[str, Any]] = [
    {"type": "string", "nullable": True},
    {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "maximum": 3, "exclusiveMaximum": True},
]
ONLY_31: list[dict[str, Any]] = [
    {"type": ["string", "null"], "minLength": 2},
    {"const": {"a": [1, None]}},
    {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2},
    {"type": "array", "items": {"type": "string"}, "contains": {"const": "q"}},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "dependentRequired": {"a": ["b"]}},
    {
        "type": "object",
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 2,
    },
    {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "minProperties": 1},
    {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "allOf": [{"properties": {"b": {"type": "string"}}}],
        "unevaluatedProperties": False,
    },
    {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"enum": [1, 2]}},
        "if": {"properties": {"a": {"const": 1}}},
        "then": {"required": ["b"]},
        "else": {"required": ["c"]},
    },
    {"$ref": f"{REF}Name", "maxLength": 4},
]
LIST = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
POINT = {
    "type": "object",
    "required": ["x"],
    "additionalProperties": False,
    "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
}
PARAMETERS: list[dict[str, Any]] = [
    {"in": "query", "schema": {"type": "integer", "minimum": 1}},
    {"in": "query", "schema": {"type": "string", "enum": ["a", "b"]}},
    {"in": "query", "schema": {"type": "boolean"}},
    {"in": "query", "schema": LIST},
    {"in": "query", "schema": LIST, "explode": False},
    {"in": "query", "schema": LIST, "style": "pipeDelimited", "explode": False},
    {"in": "query", "schema": LIST, "style": "spaceDelimited", "explode": False},
    {"in": "query", "schema": POINT, "style": "deepObject", "explode": True},
    {"in": "query", "content": {JSON: {"schema": POINT}}},
    {"in": "header", "schema": {"type": "integer"}},
    {"in": "header", "schema": LIST},
    {"in": "cookie", "schema": {"type": "integer"}},
    {"in": "path", "schema": {"type": "integer"}},
    {"in": "path", "schema": {"type": "string", "pattern": "^[a-z]{2,5}$"}},
    {"in": "path", "schema": LIST},
    {"in": "path", "schema": LIST, "style": "label"},
    {"in": "path", "schema": LIST, "style": "matrix"},
]
SECURITY: dict[str, Any] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.example/", "scopes": {}}}},
}
REQUIREMENTS: list[list[dict[str, list[str]]]] = [
    [],
    [{"header": []}],
    [{"bearer": []}],
    [{"oauth": []}, {"header": []}],
    [{"header": [], "bearer": []}],
]
BODIES: dict[str, Any] = {
    "application/x-www-form-urlencoded": POINT,
    "multipart/form-data": POINT,
    "text/plain": {"type": "string", "minLength": 1},
    "application/merge-patch+json": POINT,
    "application/octet-stream": {"type": "string", "format": "binary"},
}
ANSWERS: dict[str, Any] = {
    "text/plain": {"type": "string", "maxLength": 3},
    "text/csv": {"type": "string"},
    "application/hal+json": POINT,
    "application/xml": {**POINT, "xml": {"name": "point"}},
    "image/png": {"type": "string", "format": "binary"},
    "application/x-www-form-urlencoded": POINT,
    "application/octet-stream": {"type": "string", "format": "binary"},
}


def everything(version: str) -> dict[str, Any]:
    """The document, in OpenAPI 3.0.x or 3.1.x."""
    schemas = SCHEMAS + (ONLY_30 if version.startswith("3.0") else ONLY_31)
    paths: dict[str, Any] = {}
    for number, schema in enumerate(schemas):
        paths[f"/schemas/{number}"] = {
            "get": _operation(_answer(schema)),
            "put": _operation(_answer(schema), _body({JSON: schema})),
        }
    for number, parameter in enumerate(PARAMETERS):
        path = f"/parameters/{number}" + ("/{v}" if parameter["in"] == "path" else "")
        paths[path] = {
            "get": {
                **_operation(_answer({"type": "boolean"})),
                "parameters": [{"name": "v", "required": True, **parameter}],
            }
        }
    for number, (media_type, schema) in enumerate(BODIES.items()):
        paths[f"/bodies/{number}"] = {"post": _operation(_answer({"type": "boolean"}), _body({media_type: schema}))}
    paths["/bodies/any"] = {
        "post": _operation(_answer({"type": "boolean"}), _body({JSON: POINT, "text/plain": BODIES["text/plain"]}))
    }
    paths["/bodies/optional"] = {
        "post": _operation(_answer({"type": "boolean"}), {**_body({JSON: POINT}), "required": False})
    }
    for number, (media_type, schema) in enumerate(ANSWERS.items()):
        paths[f"/answers/{number}"] = {
            "get": _operation({"200": {"description": "", "content": {media_type: {"schema": schema}}}})
        }
    for number, responses in enumerate(_statuses()):
        paths[f"/statuses/{number}"] = {"delete": _operation(responses)}
    for number, security in enumerate(REQUIREMENTS):
        paths[f"/security/{number}"] = {"get": {**_operation(_answer({"type": "boolean"})), "security": security}}
    components = COMPONENTS
    if not version.startswith("3.0"):
        # in 3.1 a validator requires writeOnly members too, and a response never contains them
        components = {**COMPONENTS, "Account": {**COMPONENTS["Account"], "required": ["id", "email"]}}
    return {
        "openapi": version,
        "info": {"title": "everything", "version": "1"},
        "servers": [{"url": "https://everything.example/v1"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": SECURITY,
            "responses": {
                "Problem": {
                    "description": "",
                    "content": {"application/problem+json": {"schema": {"$ref": f"{REF}Problem"}}},
                }
            },
        },
    }


def _operation(responses: dict[str, Any], body: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"responses": responses, **({} if body is None else {"requestBody": body})}


def _body(schemas: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema} for media_type, schema in schemas.items()}}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "200": {"description": "", "content": {JSON: {"schema": schema}}},
        "4XX": {"$ref": "#/components/responses/Problem"},
    }


def _statuses() -> list[dict[str, Any]]:
    headers = {
        "Location": {"required": True, "schema": {"type": "string", "format": "uri"}},
        "X-Rate-Limit": {"required": True, "schema": {"type": "integer", "minimum": 1}},
    }
    named = {"one": {"value": {"x": 1}}, "wrong": {"value": {"x": "1"}}, "two": {"value": {"x": 2}}}
    return [
        {"201": {"description": "", "headers": headers, "content": {JSON: {"schema": POINT}}}},
        {"202": {"description": ""}},
        {"204": {"description": ""}},
        {"2XX": {"description": "", "content": {JSON: {"schema": POINT}}}},
        {"default": {"description": "", "content": {JSON: {"schema": POINT, "examples": named}}}},
        {"303": {"description": "", "headers": headers}},
        {
            "200": {"description": "", "content": {JSON: {"schema": POINT, "example": {"x": "wrong"}}}},
            "503": {"$ref": "#/components/responses/Problem"},
        },
    ]
