from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract import Contract, Json, Operation, load
from tests.contract.builders import a_checkout, a_document, a_file, operation_of, taking_body, the_operation, the_thing


@pytest.fixture
def checkout() -> Operation:
    return the_operation("page", "POST", "/billing/checkout")


def test_operation_has_body_key_and_media_types(checkout: Operation) -> None:
    assert (checkout.method, checkout.path) == ("POST", "/billing/checkout")
    assert (checkout.needs_key, checkout.takes_body, checkout.body_required) == (True, True, True)
    assert checkout.media_types == ("application/json",)
    usage = the_operation("page", "GET", "/billing/usage")
    assert (usage.needs_key, usage.takes_body, usage.body_required, usage.media_types) == (True, False, False, ())


@pytest.mark.parametrize(
    ("security", "needs_key"),
    [
        ([{"Key": []}], True),
        ([{"Key": []}, {"Key": [], "Login": []}], True),
        ([{"Key": []}, {"Login": []}], False),
        ([{"Key": []}, {}], False),
        ([{}], False),
        ([], False),
        (None, True),
    ],
)
def test_operation_needs_a_key_if_every_alternative_does(security: Any, needs_key: bool) -> None:
    schemes = {"Key": {"type": "apiKey", "in": "header", "name": "x"}, "Login": {"type": "http", "scheme": "basic"}}
    own = {} if security is None else {"security": security}
    document = a_document({}, components={"securitySchemes": schemes}, **own) | {"security": [{"Key": []}]}
    assert the_thing(document).needs_key is needs_key


AMOUNT_MISSING = "amount is missing; a payment needs an amount; only mode subscription does without"
NO_URL = "an absolute http or https URL with a host, of printable ASCII without spaces is needed"


@pytest.mark.parametrize(
    ("body", "violations"),
    [
        ({}, [("", AMOUNT_MISSING, "required")]),
        ({"mode": "payment", "plan_id": "x"}, [("", AMOUNT_MISSING, "required")]),
        ({"amount": 0}, [("/amount", "amount is 0; at least 1 is needed", "minimum")]),
        ({"amount": 1_000_000}, [("/amount", "amount is 1000000; at most 999999 is needed", "maximum")]),
        ({"amount": 10.5}, [("/amount", "amount is 10.5; a whole number is needed", "multipleOf")]),
        ({"amount": "50"}, [("/amount", 'amount is "50"; a number is needed', "type")]),
        ({"amount": True}, [("/amount", "amount is true; a number is needed", "type")]),
        ({"amount": None}, [("/amount", "amount is null; a number is needed", "type")]),
        (
            {"amount": 5, "mode": "gift"},
            [("/mode", 'mode is "gift"; one of "payment", "subscription" is needed', "enum")],
        ),
        ({"amount": 5, "mode": None}, [("/mode", "mode is null; a string is needed", "type")]),
        ({"mode": "subscription"}, [("", "plan_id is missing; a subscription needs a plan_id", "required")]),
        (
            {"mode": "subscription", "plan_id": "", "amount": 5},
            [("/plan_id", 'plan_id is ""; text that is not empty is needed', "minLength")],
        ),
        ({"mode": "subscription", "plan_id": 7}, [("/plan_id", "plan_id is 7; a string is needed", "type")]),
        (
            {"mode": "subscription", "plan_id": "x", "amount": 0},
            [("/amount", "amount is 0; at least 1 is needed", "minimum")],
        ),
        (
            {"amount": 5, "success_url": "javascript:alert(1)"},
            [("/success_url", f'success_url is "javascript:alert(1)"; {NO_URL}', "pattern")],
        ),
        ({"amount": 5, "cancelUrl": None}, [("/cancelUrl", "cancelUrl is null; a string is needed", "type")]),
        (
            {"amount": 0.5, "successUrl": "x", "cancel_url": []},
            [
                ("/amount", "amount is 0.5; a whole number is needed", "multipleOf"),
                ("/amount", "amount is 0.5; at least 1 is needed", "minimum"),
                ("/cancel_url", "cancel_url is an empty array; a string is needed", "type"),
                ("/successUrl", f'successUrl is "x"; {NO_URL}', "pattern"),
            ],
        ),
        ([], [("", "the body is an empty array; an object is needed", "type")]),
        (None, [("", "the body is null; an object is needed", "type")]),
        ("x", [("", 'the body is "x"; an object is needed', "type")]),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_body_violations_name_the_given_and_the_expected_value(
    checkout: Operation, body: Json, violations: list[tuple[str, str, str]]
) -> None:
    assert not checkout.accepts_body(body)
    assert sorted(checkout.body_violations(body)) == sorted(violations)


@pytest.mark.parametrize(
    "body",
    [
        {"amount": 50},
        {"amount": 50.0},
        {"amount": 999_999, "mode": "payment", "note": [1]},
        {"mode": "subscription", "plan_id": "plan-basic"},
        {"amount": 1, "success_url": "https://shop.example/?s={CHECKOUT_SESSION_ID}", "cancelUrl": "http://[::1]:80"},
    ],
    ids=str,
)
def test_bodies_of_the_page_have_no_violations(checkout: Operation, body: Json) -> None:
    assert checkout.accepts_body(body)
    assert checkout.body_violations(body) == ()


def test_long_value_is_shortened_in_a_message(checkout: Operation) -> None:
    (violation,) = checkout.body_violations({"amount": "5" * 10_000})
    assert len(violation.message) < 120


def test_pointer_is_escaped_by_rfc_6901() -> None:
    schema = {"properties": {"a/b~c": {"type": "array", "items": {"type": "string"}}}}
    (violation,) = the_thing(a_document(schema)).body_violations({"a/b~c": ["x", 1]})
    assert violation.pointer == "/a~1b~0c/1"


def test_unexpected_member_is_reported_by_its_name() -> None:
    schema = {"type": "object", "properties": {"a": {}}, "additionalProperties": False}
    violations = the_thing(a_document(schema)).body_violations({"a": 1, "c": 2, "b": 3})
    assert [(each.pointer, each.code) for each in violations] == [("/b", "unknown"), ("/c", "unknown")]


def test_server_with_path_and_variables_is_ignored() -> None:
    variables = {"scheme": {"default": "https"}, "base": {"default": "v2"}}
    server = {"url": "{scheme}://thing.example/{base}", "variables": variables}
    for servers in ([server], [{"url": "/v1"}], [{"url": "/"}], []):
        thing = the_thing(a_document({"type": "string"}) | {"servers": servers})
        assert [violation.code for violation in thing.body_violations(5)] == ["type"], servers


def test_violation_on_a_templated_path_is_explained() -> None:
    document = a_document({"type": "string"})
    document["paths"] = {"/things/{id}/parts": document["paths"]["/thing"], "/parts": {}}
    operation = operation_of(Contract(document), "POST", "/things/5/parts")
    assert [violation.code for violation in operation.body_violations(5)] == ["type"]


def test_valid_response_has_no_violations(checkout: Operation) -> None:
    _, profile = load()
    body = profile.checkout_body(a_checkout())
    for content_type in ("application/json", "application/json; charset=utf-8", "Application/JSON"):
        assert checkout.response_violations(200, content_type, body) == ()


@pytest.mark.parametrize(
    ("status", "content_type", "body", "code"),
    [
        (500, "application/json", {}, "undocumented_status"),
        (201, "application/json", {}, "undocumented_status"),
        (200, "text/html", "<html>", "content_type"),
        (200, None, None, "content_type"),
        (200, "application/json", None, "type"),
        (200, "application/json", {}, "required"),
        (400, "application/json", {"success": True, "message": "no", "error_code": "invalid_request"}, "enum"),
        (400, "application/json", {"success": False, "message": "no", "error_code": "surprise"}, "enum"),
    ],
)
def test_response_violations_are_reported(
    checkout: Operation, status: int, content_type: str | None, body: Json, code: str
) -> None:
    for _ in range(2):  # the second time the verdict is compiled already
        violations = checkout.response_violations(status, content_type, body)
        assert {violation.code for violation in violations} == {code}


def test_range_and_default_declare_statuses() -> None:
    content = {"content": {"application/json": {"schema": {"type": "string"}}}}
    responses = {"200": {"description": ""}, "4XX": {"description": "", **content}, "default": {"description": ""}}
    thing = the_thing(a_document({}, responses=responses))
    assert thing.response_violations(418, "application/json", "no") == ()
    assert [each.code for each in thing.response_violations(418, "application/json", 5)] == ["type"]
    assert thing.response_violations(500, "text/html", "anything") == ()
    assert thing.response_violations(200, None, None) == ()


def test_media_range_covers_its_media_types() -> None:
    content = {"text/*": {"schema": {"type": "string"}}, "*/*": {"schema": {"type": "integer"}}}
    thing = the_thing(a_document({}, responses={"200": {"description": "", "content": content}}))
    assert thing.response_violations(200, "text/plain", "x") == ()
    assert thing.response_violations(200, "application/json", 5) == ()
    assert thing.response_violations(200, "application/json", "x")


def test_json_type_is_found_among_the_media_types_of_a_body() -> None:
    content = {name: {"schema": {"type": "string"}} for name in ("multipart/form-data", "application/problem+json")}
    thing = the_thing(a_document({}, requestBody={"content": content}))
    assert (thing.json_type, thing.accepts_body(5)) == ("application/problem+json", False)
    assert [violation.code for violation in thing.body_violations(5)] == ["type"]
    bare = the_thing(a_document({}, requestBody={"content": {"text/plain": {}}}))
    assert (bare.json_type, bare.accepts_body(5)) == (None, True)


@pytest.mark.parametrize(
    "members", ["properties: {a: {pattern: '^(a+)+$'}}", "patternProperties: {'^(a+)+$': {type: integer}}"]
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_catastrophic_pattern_takes_bounded_time(tmp_path: Path, version: str, members: str) -> None:
    schema = f"{{type: object, {members}, additionalProperties: {{type: integer}}}}"
    text = f"""openapi: {version}
info: {{title: t, version: '1'}}
paths:
  /a:
    post:
      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}
      responses: {{200: {{description: ok}}}}
"""
    if version == "3.0.3" and "patternProperties" in members:
        text = text.replace("openapi: 3.0.3", "openapi: 3.1.0")
    contract, _ = load(spec=a_file(tmp_path, text))
    item = contract.path("/a")
    operation = item.operation("POST") if item else None
    assert operation is not None
    hostile = "a" * 40 + "!"
    assert operation.body_violations({"a": hostile, hostile: hostile}) != ()


@pytest.mark.parametrize(
    ("title", "wanted"), [("Bark", "text of the form ^[A-Z]+$"), ("a word in capitals", "a word in capitals")]
)
def test_title_describes_the_value_unless_it_is_a_name(title: str, wanted: str) -> None:
    document = a_document({"type": "string", "title": title, "pattern": "^[A-Z]+$"})
    (violation,) = the_thing(document).body_violations("abc")
    assert violation.message == f'the body is "abc"; {wanted} is needed'


@pytest.mark.parametrize(
    ("content_type", "sentence"),
    [
        (None, "the body has no Content-Type; application/json is needed"),
        ("text/plain", "the body has Content-Type 'text/plain'; application/json is needed"),
        ("application/json; charset=utf-16", "the body has the charset 'utf-16'; JSON and YAML are in UTF-8"),
    ],
)
def test_refusal_of_a_content_type_says_what_is_needed(content_type: str | None, sentence: str) -> None:
    operation = taking_body(**{"application/json": {"schema": {}}})
    assert operation.body(content_type) is None
    assert operation.refusal_of_type(content_type) == sentence


def test_body_without_media_types_is_not_described() -> None:
    assert not taking_body().takes_body
