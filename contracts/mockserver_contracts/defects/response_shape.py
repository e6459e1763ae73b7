"""Defects of the response's shape: the right thing done, and told wrongly."""

from __future__ import annotations

from typing import Any, Final

from mockserver_contracts.defects.defect import Family
from mockserver_contracts.defects.request import HTML, Answer, Call, Change
from mockserver_contracts.defects.upstream import Server

SHAPE: Final = Family("response shape")
REFUSALS: Final = {"refusal_body", "near_miss_refused"}


async def created(call: Call, server: Server, change: Change) -> Answer:
    """The answer, and where it tells of a new session, its body changed."""
    answer = await server.answer(call)
    if call.creates and answer.is_success and isinstance(answer.json, dict):
        return answer.with_json(change(answer.json))
    return answer


def in_data(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body with fields of its data changed, where they are; None takes a field away."""
    data = body.get("data")
    if not isinstance(data, dict):
        return body
    changed = {name: changes.get(name, value) for name, value in data.items()}
    return {**body, "data": {name: value for name, value in changed.items() if value is not None}}


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The body without some fields of its top level."""
    return {name: value for name, value in body.items() if name not in names}


def everywhere(value: Any, old: str, new: str) -> Any:
    """The JSON value with a text in its texts replaced."""
    if isinstance(value, dict):
        return {name: everywhere(one, old, new) for name, one in value.items()}
    if isinstance(value, list):
        return [everywhere(one, old, new) for one in value]
    return value.replace(old, new) if isinstance(value, str) else value


@SHAPE.defect(
    "url-not-in-data", "The session's URL is missing from data.", fails={"url-in-data", "response_schema_conformance"}
)
async def url_not_in_data(call: Call, server: Server) -> Answer:
    return await created(call, server, lambda body: in_data(body, url=None))


@SHAPE.defect(
    "no-checkout-url",
    "checkout_url, which the Python sample reads, is missing.",
    fails={"checkout-url-at-top-level", "response_schema_conformance"},
)
async def no_checkout_url(call: Call, server: Server) -> Answer:
    return await created(call, server, lambda body: without(body, "checkout_url"))


@SHAPE.defect(
    "no-checkouturl",
    "checkoutUrl, which the JavaScript sample reads, is missing.",
    fails={"checkouturl-at-top-level", "response_schema_conformance"},
)
async def no_checkouturl(call: Call, server: Server) -> Answer:
    return await created(call, server, lambda body: without(body, "checkoutUrl"))


@SHAPE.defect(
    "no-id",
    "The session's id is missing from the top level.",
    fails={"python-sample-id-at-top-level", "javascript-sample-id-at-top-level", "response_schema_conformance"},
)
async def no_id(call: Call, server: Server) -> Answer:
    return await created(call, server, lambda body: without(body, "id"))


@SHAPE.defect(
    "id-is-not-the-listed-one",
    "The answer's id is well-formed, and no session has it.",
    fails={
        "python-sample-id-at-top-level",
        "javascript-sample-id-at-top-level",
        "rule-times-agree",
        "rule-list-in-order-and-in-pages",
    },
)
async def id_is_not_the_listed_one(call: Call, server: Server) -> Answer:
    def swapped(body: dict[str, Any]) -> dict[str, Any]:
        name = body.get("id")
        return {**body, "id": name.swapcase().replace("CS_TEST_", "cs_test_")} if isinstance(name, str) else body

    return await created(call, server, swapped)


@SHAPE.defect("success-in-quotes", 'success is the text "true".', fails={"success-flag", "response_schema_conformance"})
async def success_in_quotes(call: Call, server: Server) -> Answer:
    return await created(call, server, lambda body: {**body, "success": "true"})


@SHAPE.defect(
    "created-is-201",
    "A created session is answered with 201.",
    fails={"success-is-200", "status_code_conformance"},
)
async def created_is_201(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_status(201) if call.creates and answer.is_success else answer


@SHAPE.defect(
    "json-called-text",
    "JSON comes with Content-Type text/plain.",
    fails={"reply-is-json", "python-sample-reads-json", "javascript-sample-reads-json", "content_type_conformance"},
)
async def json_called_text(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_header(b"content-type", b"text/plain; charset=utf-8") if call.is_billing else answer


@SHAPE.defect(
    "relative-url",
    "The session's URL is a path without a host.",
    fails={"checkout-answers-with-its-url", "url-in-data", "response_schema_conformance"},
)
async def relative_url(call: Call, server: Server) -> Answer:
    def cut(body: dict[str, Any]) -> Any:
        url = next((text for text in _texts(body) if "://" in text), "")
        scheme, _, rest = url.partition("://")
        return everywhere(body, f"{scheme}://{rest.partition('/')[0]}", "") if url else body

    return await created(call, server, cut)


@SHAPE.defect("url-does-not-open", "The session's URL leads to a 404.", fails={"checkout-answers-with-its-url"})
async def url_does_not_open(call: Call, server: Server) -> Answer:
    return await created(call, server, lambda body: everywhere(body, "/pay/", "/checkout/"))


@SHAPE.defect(
    "balance-in-quotes",
    "credit_balance is a text.",
    fails={"usage-shows-use-and-balance", "response_schema_conformance"},
)
async def balance_in_quotes(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    data = answer.json.get("data") if call.path == "/billing/usage" and isinstance(answer.json, dict) else None
    if not isinstance(data, dict) or "credit_balance" not in data:
        return answer
    return answer.with_json({**answer.json, "data": {**data, "credit_balance": str(data["credit_balance"])}})


@SHAPE.defect("html-refusals", "A refusal is an HTML page.", fails={*REFUSALS, "content_type_conformance"})
async def html_refusals(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if not call.is_billing or answer.status < 400:
        return answer
    page = b"<!doctype html><title>Error</title><h1>Something went wrong</h1>"
    return answer.with_body(page).with_header(b"content-type", HTML)


@SHAPE.defect(
    "refusals-without-error-code",
    "A refusal has no error_code.",
    fails={*REFUSALS, "response_schema_conformance"},
)
async def refusals_without_error_code(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    if not call.is_billing or answer.status < 400 or not isinstance(answer.json, dict):
        return answer
    return answer.with_json(without(answer.json, "error_code"))


@SHAPE.defect(
    "refusals-are-200",
    "A refused request is answered with status 200 and success: false.",
    fails={
        "amount-whole-dollars",
        "amount-nothing-but-a-number",
        "refusal_body",
        "near_miss_refused",
        "negative_data_rejection",
        "response_schema_conformance",
    },
)
async def refusals_are_200(call: Call, server: Server) -> Answer:
    answer = await server.answer(call)
    return answer.with_status(200) if call.creates and answer.status == 400 else answer


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value] if isinstance(value, str) else []
