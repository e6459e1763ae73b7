"""Defects of the response's shape: the server does the right thing, and describes it wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import USAGE

RESPONSE_SHAPE: Final = DefectFamily("response shape")


async def change_created(
    request: InterceptedRequest, upstream: Upstream, change: Callable[[Any], Any]
) -> InterceptedResponse:
    """Send the request; if it creates a session, change the body of the response."""
    response = await upstream.send(request)
    if request.is_creation and response.is_success and isinstance(response.json, dict):
        return response.with_json(change(response.json))
    return response


def replace_in_data(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body with fields of its data replaced if they exist; None removes a field."""
    data = body.get("data")
    if not isinstance(data, dict):
        return body
    changed = {name: changes.get(name, value) for name, value in data.items()}
    return {**body, "data": {name: value for name, value in changed.items() if value is not None}}


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The body without these top-level fields."""
    return {name: value for name, value in body.items() if name not in names}


def replace_text(value: Any, old: str, new: str) -> Any:
    """The JSON value with a text replaced in all its strings."""
    if isinstance(value, dict):
        return {name: replace_text(one, old, new) for name, one in value.items()}
    if isinstance(value, list):
        return [replace_text(one, old, new) for one in value]
    return value.replace(old, new) if isinstance(value, str) else value


@RESPONSE_SHAPE.defect(
    "url-not-in-data", "The session's URL is missing from data.", fails={"url-in-data", "response_schema_conformance"}
)
async def url_not_in_data(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: replace_in_data(body, url=None))


@RESPONSE_SHAPE.defect(
    "url-of-another-scheme",
    "The URL of a session begins with https, which the server does not speak.",
    fails={"checkout-answers-with-its-url"},
)
async def url_of_another_scheme(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_body(response.body.replace(b"http://", b"https://")) if request.is_creation else response


@RESPONSE_SHAPE.defect(
    "no-checkout-url",
    "checkout_url, which the Python sample reads, is missing.",
    fails={"checkout-url-at-top-level", "response_schema_conformance"},
)
async def no_checkout_url(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: without(body, "checkout_url"))


@RESPONSE_SHAPE.defect(
    "no-checkouturl",
    "checkoutUrl, which the JavaScript sample reads, is missing.",
    fails={"checkouturl-at-top-level", "response_schema_conformance"},
)
async def no_checkouturl(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: without(body, "checkoutUrl"))


@RESPONSE_SHAPE.defect(
    "no-id",
    "The session's id is missing at the top level.",
    fails={"python-sample-id-at-top-level", "javascript-sample-id-at-top-level", "response_schema_conformance"},
)
async def no_id(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: without(body, "id"))


@RESPONSE_SHAPE.defect(
    "id-is-not-the-listed-one",
    "The response's id is well-formed, but no session has it.",
    fails={
        "python-sample-id-at-top-level",
        "javascript-sample-id-at-top-level",
        "rule-list-in-order-and-in-pages",
        "rule-cancelled-changes-nothing",
        "rule-no-two-sessions-alike",
    },
)
async def id_is_not_the_listed_one(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def swapped(body: dict[str, Any]) -> dict[str, Any]:
        name = body.get("id")
        return {**body, "id": name.swapcase().replace("CS_TEST_", "cs_test_")} if isinstance(name, str) else body

    return await change_created(request, upstream, swapped)


@RESPONSE_SHAPE.defect(
    "success-in-quotes", 'success is the string "true".', fails={"success-flag", "response_schema_conformance"}
)
async def success_in_quotes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: {**body, "success": "true"})


@RESPONSE_SHAPE.defect(
    "created-is-201",
    "A created session is answered with 201.",
    fails={"success-is-200", "status_code_conformance"},
)
async def created_is_201(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_status(201) if request.is_creation and response.is_success else response


@RESPONSE_SHAPE.defect(
    "json-called-text",
    "JSON comes with Content-Type text/plain.",
    fails={"reply-is-json", "content_type_conformance"},
)
async def json_called_text(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_header(b"content-type", b"text/plain; charset=utf-8") if request.is_billing else response


@RESPONSE_SHAPE.defect(
    "reply-in-a-list",
    "The reply to a new session is a list with one entry.",
    fails={
        "reply-is-json",
        "python-sample-reads-json",
        "javascript-sample-reads-json",
        "response_schema_conformance",
    },
)
async def reply_in_a_list(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: [body])


@RESPONSE_SHAPE.defect(
    "relative-url",
    "The session's URL is a path without a host.",
    fails={"checkout-answers-with-its-url", "url-in-data", "response_schema_conformance"},
)
async def relative_url(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def cut(body: dict[str, Any]) -> Any:
        url = next((text for text in _texts(body) if "://" in text), "")
        scheme, _, rest = url.partition("://")
        return replace_text(body, f"{scheme}://{rest.partition('/')[0]}", "") if url else body

    return await change_created(request, upstream, cut)


@RESPONSE_SHAPE.defect(
    "url-does-not-open", "The session's URL leads to a 404.", fails={"checkout-answers-with-its-url"}
)
async def url_does_not_open(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await change_created(request, upstream, lambda body: replace_text(body, "/pay/", "/checkout/"))


@RESPONSE_SHAPE.defect(
    "url-opens-as-json", "The session's URL answers with JSON.", fails={"checkout-answers-with-its-url"}
)
async def url_opens_as_json(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_page = request.method == "GET" and request.path.startswith("/c/pay/")
    return InterceptedResponse.of_json(200, {}) if is_page else await upstream.send(request)


@RESPONSE_SHAPE.defect("page-is-empty", "A session's page has no text.", fails={"checkout-answers-with-its-url"})
async def page_is_empty(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_page = request.method == "GET" and request.path.startswith("/c/pay/")
    return InterceptedResponse.of(200, b"", HTML) if is_page else await upstream.send(request)


@RESPONSE_SHAPE.defect(
    "balance-in-quotes",
    "credit_balance is a string.",
    fails={"usage-shows-use-and-balance", "response_schema_conformance"},
)
async def balance_in_quotes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    data = response.json.get("data") if request.path == USAGE and isinstance(response.json, dict) else None
    if not isinstance(data, dict) or "credit_balance" not in data:
        return response
    return response.with_json({**response.json, "data": {**data, "credit_balance": str(data["credit_balance"])}})


@RESPONSE_SHAPE.defect(
    "no-use-is-null",
    "The use of an account that has used nothing is null.",
    fails={"usage-shows-use-and-balance"},
)
async def no_use_is_null(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    data = response.json.get("data") if request.path == USAGE and isinstance(response.json, dict) else None
    if not isinstance(data, dict) or data.get("credit_used") != 0:
        return response
    return response.with_json({**response.json, "data": {**data, "usage_this_month": None, "credit_used": None}})


@RESPONSE_SHAPE.defect("html-refusals", "A refusal is an HTML page.", fails={"refusal_body"})
async def html_refusals(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not request.is_billing or response.status < 400:
        return response
    page = b"<!doctype html><title>Error</title><h1>Something went wrong</h1>"
    return response.with_body(page).with_header(b"content-type", HTML)


@RESPONSE_SHAPE.defect(
    "refusals-without-error-code",
    "A refusal has no error_code.",
    fails={"refusal_body"},
)
async def refusals_without_error_code(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not request.is_billing or response.status < 400 or not isinstance(response.json, dict):
        return response
    return response.with_json(without(response.json, "error_code"))


@RESPONSE_SHAPE.defect(
    "refusals-are-200",
    "A refused request is answered with status 200 and success: false.",
    fails={
        "amount-whole-dollars",
        "amount-nothing-but-a-number",
        "negative_data_rejection",
        "response_schema_conformance",
    },
)
async def refusals_are_200(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_status(200) if request.is_creation and response.status == 400 else response


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value] if isinstance(value, str) else []
