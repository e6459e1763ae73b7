"""Validation of responses by a library that the mock does not use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator, oas30_format_checker, oas31_format_checker


def response_errors(document: Mapping[str, Any], responses: Mapping[str, Any], answer: httpx.Response) -> list[str]:
    """The errors of a response, by the declared responses of its operation."""
    status = str(answer.status_code)
    declared = next((responses[code] for code in (status, f"{status[0]}XX", "default") if code in responses), None)
    if declared is None:
        return [f"the status {status} is not declared"]
    if "$ref" in declared:
        declared = document["components"]["responses"][declared["$ref"].rpartition("/")[2]]
    missing = [
        name
        for name, each in declared.get("headers", {}).items()
        if each.get("required") and name not in answer.headers
    ]
    content = declared.get("content", {})
    if not content or not answer.content:
        return missing + (["a body that is not declared"] if answer.content and not content else [])
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type not in content:
        return [f"{media_type} is not declared"]
    if not media_type.endswith("json"):
        return missing
    return missing + [
        error.message
        for error in _validator(content[media_type]["schema"], document).iter_errors(json.loads(answer.content))
    ]


def _validator(schema: Any, document: Mapping[str, Any]) -> Any:
    is_30 = document["openapi"].startswith("3.0")
    validator = OAS30ReadValidator if is_30 else OAS31Validator
    checker = oas30_format_checker if is_30 else oas31_format_checker
    # the components stand beside the schema, so that references and discriminators resolve as in the document
    return validator({"components": document["components"], "allOf": [schema]}, format_checker=checker)
