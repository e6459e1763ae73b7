"""Parameters and forms get the same verdicts and values as in openapi-core."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from mockserver.contract import Contract
from tests.contract.builders import a_document, operation_of
from tests.matrix import IS_LONG

repeatable = settings(
    derandomize=True,
    max_examples=60 if IS_LONG else 40,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SCHEMAS: list[dict[str, Any]] = [
    {"type": "integer", "minimum": 2},
    {"type": "number", "maximum": 10},
    {"type": "boolean"},
    {"type": "string", "maxLength": 3},
    {"type": "string", "enum": ["1", "true", "a"]},
    {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
    {"type": "array", "items": {"type": "string", "minLength": 2}},
]
# Where the two differ on purpose: openapi-core reads " 5", "+5" and "1_0" as Python does, and 0 and 1 as booleans.
TEXTS = st.one_of(
    st.integers(2, 20).map(str),
    st.sampled_from(["true", "false", "a", "ab", "abcd", "x y", "1.5", "-0.25", "-5"]),
)
PLACES = ["query", "header", "path", "cookie"]


class Request:
    """A request in the form that openapi-core reads."""

    host_url = "https://thing.example"
    method = "post"
    content_type = "application/json"

    def __init__(self, path: str, parameters: RequestParameters, body: bytes = b"", content_type: str = "") -> None:
        self.path = self.full_url_pattern = path
        self.parameters = parameters
        self.body = body
        self.content_type = content_type or self.content_type


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_parameter_is_read_as_openapi_core_reads_it(place: str, schema: dict[str, Any]) -> None:
    parameter = {"name": "v", "in": place, "required": True, "schema": schema}
    document = a_document({}, parameters=[parameter], requestBody={"content": {}})
    del document["paths"]["/thing"]["post"]["requestBody"], document["servers"]
    path = "/thing/{v}" if place == "path" else "/thing"
    document["paths"] = {path: document["paths"]["/thing"]}
    operation = operation_of(Contract(document), "POST", path.format(v="x"))
    authority = OpenAPI.from_dict(document)
    verdicts: Counter[bool] = Counter()

    def compare(texts: list[str]) -> None:
        joined = ",".join(texts)
        if place == "query":
            given_texts = texts if schema["type"] == "array" else texts[:1]
            pairs = [("v", text) for text in given_texts]
            ours, faults = operation.parameters(urlencode(pairs))
            theirs = Request("/thing", RequestParameters(query=ImmutableMultiDict(pairs)))
        elif place == "path":
            ours, faults = operation.parameters(path=f"/thing/{joined}")
            theirs = Request(f"/thing/{joined}", RequestParameters(path={"v": joined}))
        elif place == "header":
            ours, faults = operation.parameters(headers=[(b"v", joined.encode())])
            theirs = Request("/thing", RequestParameters(header=Headers([("v", joined)])))
        else:
            ours, faults = operation.parameters(headers=[(b"cookie", f"v={texts[0]}".encode())])
            theirs = Request("/thing", RequestParameters(cookie=ImmutableMultiDict([("v", texts[0])])))
        result = authority.unmarshal_request(theirs)
        assert bool(faults) is bool(result.errors), (texts, faults, result.errors)
        if not faults:
            value = getattr(result.parameters, place)["v"]
            assert ours["v"] == value, texts
        verdicts[not faults] += 1

    repeatable(given(TEXTS.map(lambda text: [text]) | st.lists(TEXTS, min_size=1, max_size=3))(compare))()
    assert min(verdicts[True], verdicts[False]) > 1, verdicts


FORM = "application/x-www-form-urlencoded"
FIELDS = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 3},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "is_on": {"type": "boolean"},
    },
}


def test_form_is_read_as_openapi_core_reads_it() -> None:
    document = a_document({}, requestBody={"required": True, "content": {FORM: {"schema": FIELDS}}})
    del document["servers"]
    operation = operation_of(Contract(document), "POST", "/thing")
    authority = OpenAPI.from_dict(document)
    body = operation.body(FORM)
    assert body is not None
    verdicts: Counter[bool] = Counter()

    def compare(pairs: list[tuple[str, str]]) -> None:
        firsts = {name: (name, text) for name, text in reversed(pairs) if name != "tags"}
        raw = urlencode([*firsts.values(), *(pair for pair in pairs if pair[0] == "tags")]).encode()
        _, faults = body.read(raw)
        result = authority.unmarshal_request(Request("/thing", RequestParameters(), raw, FORM))
        assert bool(faults) is bool(result.errors), (raw, faults, result.errors)
        verdicts[not faults] += 1

    names = st.sampled_from(list(FIELDS["properties"]))
    repeatable(given(st.lists(st.tuples(names, TEXTS), max_size=6))(compare))()
    assert min(verdicts[True], verdicts[False]) > 1, verdicts
