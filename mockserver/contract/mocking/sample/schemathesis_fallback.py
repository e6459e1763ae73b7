"""Schemathesis makes a value where the search finds none. It handles almost every schema, but takes seconds.

It runs in a process of its own, which is killed after a time limit. So a hostile schema harms that process only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.mocking.sample.search import NoSample
from mockserver.contract.schema.translation import Direction, is_openapi_30, standalone
from mockserver.contract.strict_json import Json

SECONDS: Final = 8.0
EXAMPLES: Final = 5


def sample_with_schemathesis(
    schema: Json, document: Mapping[str, Any], direction: Direction, validator: jsonschema_rs.Validator
) -> Json:
    """A value that the validator accepts; raises NoSample, after SECONDS at the latest."""
    import subprocess  # most documents never need it

    alone = standalone(schema, document, direction)
    if is_openapi_30(document):
        alone = _modern(alone)
    command = [sys.executable, "-m", "mockserver.contract.mocking.sample.schemathesis_fallback"]
    try:
        done = subprocess.run(command, input=json.dumps(alone), capture_output=True, text=True, timeout=SECONDS)
        values = json.loads(done.stdout or "[]")
    except (subprocess.TimeoutExpired, ValueError, RecursionError):
        raise NoSample from None
    for value in values:
        if validator.is_valid(value):
            found: Json = value
            return found
    raise NoSample


def _modern(schema: Any) -> Any:
    """A schema of Draft 4, as schema/translation.py writes it, translated to 2020-12."""
    if isinstance(schema, list):
        return [_modern(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        return {"$ref": schema["$ref"].replace("#/definitions/", "#/$defs/")}
    modern = {("$defs" if word == "definitions" else word): each for word, each in schema.items()}
    for word, each in modern.items():
        if word not in ("enum", "required"):
            modern[word] = _modern(each)
    for bound, open_bound in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(modern.get(open_bound), bool):
            is_open = modern.pop(open_bound)
            if is_open and bound in modern:
                modern[open_bound] = modern.pop(bound)
    return modern


def main() -> None:
    """Read a schema from stdin, write a list of values to stdout."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    schema = json.load(sys.stdin)
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": ""}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/": {"post": operation}}}
    strategy = schemathesis.openapi.from_dict(document)["/"]["POST"].as_strategy()
    values: list[Any] = []

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Any) -> None:
        values.append(case.body)

    try:
        collect()
    finally:
        valid = []
        for value in values:
            try:
                valid.append(json.loads(json.dumps(value, allow_nan=False)))
            except (TypeError, ValueError):
                continue
        sys.stdout.write(json.dumps(valid))


if __name__ == "__main__":
    main()
