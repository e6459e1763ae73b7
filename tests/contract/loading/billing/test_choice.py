"""The billing operations of a document that are VideoDB's are served with state, and no others."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
import yaml

from mockserver.contract import Contract, ContractError, bundled_profiles, load, spec_folder
from mockserver.contract.loading.billing.operations import OPERATIONS
from tests.contract.builders import a_file
from tests.matrix import long_but

CHECKOUT = "/billing/checkout"
NAMES = [operation.name for operation in OPERATIONS]
KEY = {"type": "apiKey", "in": "header", "name": "x-access-token"}

Change = Callable[[Any], object]


def published() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((spec_folder() / "videodb.yaml").read_text("utf-8"))
    return document


def family() -> dict[str, Any]:
    """A document that declares all operations in its own, wider words."""
    document = published()
    paths = document["paths"]

    def replying(**data: Any) -> dict[str, Any]:
        schema = {"type": "object", "properties": {"success": {"type": "boolean"}, **data}}
        return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}

    def taking(**properties: Any) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}

    number = {"type": "number"}
    page = [{"name": name, "in": "query", "schema": {"type": "integer", "example": 10}} for name in ("limit", "offset")]
    session = {"type": "object", "properties": {"id": {"type": "string"}, "status": {"type": "string"}}}
    recharge = {"enabled": {"type": "boolean"}, "threshold": number, "amount": number}
    listed = {"type": "array", "items": session}
    paths["/billing/checkouts"] = {"get": {"parameters": page, "responses": replying(data=listed)}}
    paths["/billing/invoices"] = {"get": {"parameters": page, "responses": replying(data=listed)}}
    usage = {"type": "object", "properties": {"credit_balance": number}}
    document["components"]["schemas"] = {"Usage": usage, "Error": {"type": "object"}}
    paths["/billing/usage"] = {"get": {"responses": replying(data={"$ref": "#/components/schemas/Usage"})}}
    url = {"type": "object", "properties": {"url": {"type": "string"}}}
    paths["/billing/topup"] = {"post": {"requestBody": taking(amount=number), "responses": replying(data=url)}}
    paths["/billing/auto_recharge"] = {
        "get": {"responses": replying(data={"type": "object", "properties": recharge})},
        "post": {"requestBody": taking(**recharge), "responses": replying(message={"type": "string"})},
    }
    return document


def loaded(folder: Path, document: Any, profile: str = "page", **parts: Any) -> Contract:
    return load(profile, spec=a_file(folder, json.dumps(document), "openapi.json"), **parts)[0]


def stateful(contract: Contract) -> list[str]:
    return sorted(f"{operation.method} {operation.path}" for operation in contract.stateful)


def repeated(value: Any, path: str = "") -> list[str]:
    """The pointers to sets of the document in which an entry stands twice."""
    found = []
    if isinstance(value, dict):
        for name, each in value.items():
            if name in ("required", "enum", "security") and isinstance(each, list):
                found += [f"{path}/{name}"] if any(each.count(one) > 1 for one in each) else []
            if name == "parameters" and isinstance(each, list):
                places = [(one.get("name"), one.get("in")) for one in each]
                found += [f"{path}/{name}"] if len(set(places)) < len(places) else []
            found += repeated(each, f"{path}/{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            found += repeated(each, f"{path}/{index}")
    return found


@pytest.mark.parametrize("profile", long_but("page", "observed", of=bundled_profiles()))
@pytest.mark.parametrize("document", [published(), family()], ids=["the fragment", "the whole family"])
def test_videodb_document_is_served_with_state_in_every_profile(
    document: dict[str, Any], profile: str, tmp_path: Path
) -> None:
    contract = loaded(tmp_path, document, profile)
    assert stateful(contract) == sorted(NAMES)
    assert contract.stateless == ()
    assert repeated(contract.document) == []
    openapi_spec_validator.validate(json.loads(contract.as_json()))


def test_effective_document_given_as_a_document_changes_no_more(tmp_path: Path) -> None:
    once = loaded(tmp_path, family()).document
    assert loaded(tmp_path, once).document == once


def test_components_of_the_document_are_left_as_they_are(tmp_path: Path) -> None:
    own = {name: {"type": "object", "title": name} for name in ("Error", "Fault", "Invoice", "Usage", "RedirectUrl")}
    document = published()
    document["components"]["schemas"] = own
    document["components"]["responses"] = {"BadRequest": {"description": "ours"}}
    components = loaded(tmp_path, document).document["components"]
    assert {name: components["schemas"][name] for name in own} == own
    assert components["responses"]["BadRequest"] == {"description": "ours"}


def test_state_of_a_document_is_not_taken_from_its_own_marks(tmp_path: Path) -> None:
    document = {"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {}}
    answer = {"200": {"description": "ok"}}
    document["paths"] = {"/billing/usage": {"get": {"x-mockserver-stateful": True, "responses": answer}}}
    contract = loaded(tmp_path, document)
    assert stateful(contract) == []
    [reason] = contract.stateless
    assert reason == "GET /billing/usage (its 200 response is not JSON)"


def test_schemas_behind_references_are_those_of_the_operation(tmp_path: Path) -> None:
    document = published()
    operation = document["paths"][CHECKOUT]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    document["components"]["schemas"] = {"Order": content["schema"]}
    document["components"]["requestBodies"] = {
        "Order": {
            **operation["requestBody"],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
        }
    }
    operation["requestBody"] = {"$ref": "#/components/requestBodies/Order"}
    contract = loaded(tmp_path, document)
    assert stateful(contract) == sorted(NAMES)
    [checkout] = [operation for operation in contract.stateful if operation.path == CHECKOUT]
    assert not checkout.accepts_body({"amount": 0})
    assert contract.document["components"]["schemas"]["Order"] == content["schema"]


def test_key_scheme_of_any_name_serves_the_added_operations(tmp_path: Path) -> None:
    document = json.loads(json.dumps(published()).replace("ApiKeyAuth", "Token"))
    contract = loaded(tmp_path, document)
    openapi_spec_validator.validate(json.loads(contract.as_json()))
    assert all(operation.is_videodb for operation in contract.stateful)
    assert len(contract.stateful) == len(NAMES)


def schema_of(document: Any, path: str, method: str = "get") -> Any:
    return document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]


def body_of(document: Any, path: str) -> Any:
    return document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]


def without_200(document: Any) -> None:
    responses = document["paths"][CHECKOUT]["post"]["responses"]
    responses["201"] = responses.pop("200")


OTHERS: dict[str, tuple[Change, str, str]] = {
    "created with 201": (without_200, f"POST {CHECKOUT}", "it declares 201, and no 200"),
    "another order": (
        lambda document: body_of(document, CHECKOUT).update(required=["seats"]),
        f"POST {CHECKOUT}",
        "its body refuses the order of a checkout: seats is missing; it is required",
    ),
    "other members": (
        lambda document: body_of(document, CHECKOUT).update(properties={"seats": {"type": "integer"}}),
        f"POST {CHECKOUT}",
        "its body has none of the members amount, mode, plan_id",
    ),
    "a form": (
        lambda document: document["paths"][CHECKOUT]["post"]["requestBody"].update(content={"text/plain": {}}),
        f"POST {CHECKOUT}",
        "it takes no JSON body",
    ),
    "usage of another shape": (
        lambda document: schema_of(document, "/billing/usage")["properties"].update(
            data={"type": "object", "properties": {"requests": {"type": "integer"}}}
        ),
        "GET /billing/usage",
        "its 200 response is another: it has none of the members data, success",
    ),
    "required usage of another shape": (
        lambda document: schema_of(document, "/billing/usage").update(required=["month"]),
        "GET /billing/usage",
        "its 200 response is another: month is missing; it is required",
    ),
    "a list in other words": (
        lambda document: schema_of(document, "/billing/checkouts")["properties"]["data"]["items"]["properties"].update(
            status={"enum": ["open", "paid"]}
        ),
        "GET /billing/checkouts",
        "its 200 response is another",
    ),
    "a parameter that must be given": (
        lambda document: document["paths"]["/billing/usage"]["get"].update(
            parameters=[{"name": "month", "in": "query", "required": True, "schema": {"type": "string"}}]
        ),
        "GET /billing/usage",
        "it requires the parameter month",
    ),
    "another credential": (
        lambda document: document["components"]["securitySchemes"].update(
            ApiKeyAuth={"type": "http", "scheme": "bearer"}
        ),
        "GET /billing/usage",
        "it asks for another credential than an API key in x-access-token",
    ),
}


@pytest.mark.parametrize("other", OTHERS)
def test_operation_of_another_product_is_answered_from_its_document(other: str, tmp_path: Path) -> None:
    change, name, reason = OTHERS[other]
    document = family()
    change(document)
    given = copy.deepcopy(document)
    contract = loaded(tmp_path, document)
    assert name not in stateful(contract)
    assert [each for each in contract.stateless if each.startswith(f"{name} ({reason}")] != []
    method, _, path = name.partition(" ")
    assert contract.document["paths"][path][method.lower()] == given["paths"][path][method.lower()]
    openapi_spec_validator.validate(json.loads(contract.as_json()))


def test_siblings_without_a_checkout_are_served_with_state_alone(tmp_path: Path) -> None:
    document = family()
    del document["paths"][CHECKOUT], document["paths"]["/billing/invoices"]
    contract = loaded(tmp_path, document)
    assert stateful(contract) == sorted(set(NAMES) - {f"POST {CHECKOUT}", "GET /billing/invoices"})
    assert "/billing/invoices" not in contract.document["paths"]


def test_billing_off_serves_the_document_as_it_is(tmp_path: Path) -> None:
    document = family()
    contract = loaded(tmp_path, document, billing="off")
    assert contract.document == document
    assert contract.stateless == tuple(f"{each} (--billing off)" for each in NAMES)


def test_billing_on_takes_what_does_not_fit(tmp_path: Path) -> None:
    document = family()
    schema_of(document, "/billing/usage").update(required=["month"])
    assert stateful(loaded(tmp_path, document, billing="on")) == sorted(NAMES)


def test_billing_on_names_the_document_that_it_cannot_serve(tmp_path: Path) -> None:
    document = published()
    without_200(document)
    with pytest.raises(ContractError, match="--billing on: POST /billing/checkout cannot be served") as caught:
        loaded(tmp_path, document, billing="on")
    assert caught.value.file == str(tmp_path / "openapi.json")
    assert str(spec_folder()) not in str(caught.value)
