"""The compiled validators and openapi-core come to the same verdict.

parse_json refuses values that openapi-core accepts and the compiled validators never see: NaN, and numbers beyond
binary64. So every body here goes through it.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from mockserver.contract import Contract, Json, load, parse_json
from mockserver.contract.schema.explanation.authority import Authority
from mockserver.contract.schema.explanation.explain import failures_of
from tests.contract.builders import operation_of
from tests.contract.schema.near_misses import REQUESTS, edge_replies, edge_requests, replies
from tests.matrix import IS_LONG, long_but, thinned

EXAMPLES = 500 if IS_LONG else 60
repeatable = settings(
    derandomize=True,
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    # a planted difference has to be found, not to be made small
    phases=[Phase.generate],
)


@cache
def contract_and_authority(profile: str) -> tuple[Contract, Authority]:
    contract, _ = load(profile)
    return contract, Authority(contract.document)


def as_received(body: Json) -> Json:
    return parse_json(json.dumps(body).encode())


def compare_requests(compiled: Contract, authority: Authority) -> Counter[bool]:
    """Compare both verdicts on many requests; raises AssertionError at the first difference."""
    operation = operation_of(compiled, "POST", "/billing/checkout")
    verdicts: Counter[bool] = Counter()

    def compare(body: Json) -> None:
        body = as_received(body)
        accepted = operation.accepts_body(body)
        assert accepted is not bool(authority.request_violations(operation, body)), body
        assert accepted is not bool(failures_of(request_schema(compiled.document), compiled.document, "request", body))
        verdicts[accepted] += 1

    for body in edge_requests():
        compare(body)
    repeatable(given(REQUESTS)(compare))()
    return verdicts


def compare_responses(
    compiled: Contract, authority: Authority, profile: str, *, of: str | None = None
) -> Counter[bool]:
    """Compare both verdicts on many responses, or on those of a path; raises AssertionError at the first difference."""
    verdicts: Counter[bool] = Counter()

    def compare(reply: tuple[str, str, int, Json]) -> None:
        method, path, status, body = reply
        body = as_received(body)
        operation = operation_of(compiled, method, path)
        accepted = not operation.response_violations(status, "application/json", body)
        assert accepted is not bool(authority.response_violations(operation, status, "application/json", body)), body
        verdicts[accepted] += 1

    # The profiles differ in few members; two thousand edges of one take seconds.
    edges = edge_replies(profile)
    for reply in thinned(edges, step=3) if of is None else (edge for edge in edges if edge[1] == of):
        compare(reply)
    repeatable(given(replies(profile))(compare))()
    return verdicts


@pytest.mark.parametrize("profile", long_but("page", of=["page", "openapi"]))
def test_verdicts_on_requests_agree_with_openapi_core(profile: str) -> None:
    verdicts = compare_requests(*contract_and_authority(profile))
    assert min(verdicts[True], verdicts[False]) > EXAMPLES // 10, verdicts


@pytest.mark.parametrize("profile", long_but("page", of=["page", "openapi"]))
def test_verdicts_on_responses_agree_with_openapi_core(profile: str) -> None:
    verdicts = compare_responses(*contract_and_authority(profile), profile)
    assert min(verdicts[True], verdicts[False]) > EXAMPLES // 10, verdicts


def request_schema(document: Any) -> Any:
    return document["paths"]["/billing/checkout"]["post"]["requestBody"]["content"]["application/json"]["schema"]


PLANTED_IN_REQUESTS: dict[str, Callable[[Any], Any]] = {
    "one dollar more": lambda document: request_schema(document)["properties"]["amount"].update(maximum=1_000_000),
    "fractions": lambda document: request_schema(document)["properties"]["amount"].pop("multipleOf"),
    "no amount needed": lambda document: request_schema(document).pop("anyOf"),
    "no plan needed": lambda document: request_schema(document)["anyOf"][1]["required"].remove("plan_id"),
    "an empty plan": lambda document: request_schema(document)["anyOf"][1]["properties"]["plan_id"].pop("minLength"),
    "a newline after a URL": lambda document: document["components"]["schemas"]["mockserver.RedirectUrl"].update(
        pattern=document["components"]["schemas"]["mockserver.RedirectUrl"]["pattern"][:-1] + "\n?$"
    ),
}
PLANTED_IN_RESPONSES: dict[str, Callable[[Any], Any]] = {
    "no amount in the list": lambda schemas: schemas["mockserver.Checkout"]["required"].remove("amount"),
    "no null for an amount": lambda schemas: schemas["mockserver.Checkout"]["properties"]["amount"].pop("nullable"),
    "any error code": lambda schemas: schemas["mockserver.Error"]["properties"]["error_code"].pop("enum"),
    "no such day": lambda schemas: schemas["mockserver.Checkout"]["properties"]["created_at"].pop("format"),
}


# The other responses have the error's schema.
LISTED = PLANTED_IN_RESPONSES.keys() - {"any error code"}


@pytest.mark.parametrize("planted", PLANTED_IN_REQUESTS)
def test_seeded_difference_in_a_request_schema_is_found(planted: str) -> None:
    contract, authority = contract_and_authority("page")
    changed = copy.deepcopy(dict(contract.document))
    PLANTED_IN_REQUESTS[planted](changed)
    with pytest.raises(AssertionError):
        compare_requests(Contract(changed), authority)


@pytest.mark.parametrize("planted", PLANTED_IN_RESPONSES)
def test_seeded_difference_in_a_response_schema_is_found(planted: str) -> None:
    contract, authority = contract_and_authority("page")
    changed = copy.deepcopy(dict(contract.document))
    PLANTED_IN_RESPONSES[planted](changed["components"]["schemas"])
    path = "/billing/checkouts" if planted in LISTED else "/billing/checkout"
    with pytest.raises(AssertionError):
        compare_responses(Contract(changed), authority, "page", of=path)
