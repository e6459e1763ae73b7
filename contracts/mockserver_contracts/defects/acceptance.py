"""Defects of acceptance: a wrong request is accepted, a right one is refused, or a field is misread."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from mockserver_contracts.defects.amounts import is_number
from mockserver_contracts.defects.authentication import has_key
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import JSON, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

_AMOUNT_PART: Final = re.compile(rb'name="amount"\r\n\r\n([0-9]+)\r\n')
_SHORTEST_KEY: Final = 8
_COLUMN: Final = 2_048
_SHALLOW: Final = 5
# The parser of the mock refuses what is deeper.
_DEEP: Final = 64
ACCEPTANCE: Final = DefectFamily("request acceptance")
SAMPLES: Final = {"python-sample-is-accepted", "javascript-sample-is-accepted", "positive_data_acceptance"}


@ACCEPTANCE.defect(
    "any-mode-is-accepted",
    "An unknown mode is read as payment.",
    fails={"mode-is-payment-or-subscription", "negative_data_rejection"},
)
async def any_mode_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.fields.get("mode", "payment") not in ("payment", "subscription"):
        request = request.with_fields(mode="payment")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "mode-in-any-case",
    "PAYMENT and Subscription are accepted as modes.",
    fails={"mode-is-payment-or-subscription", "near_miss_refused"},
)
async def mode_in_any_case(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    mode = request.fields.get("mode")
    if request.is_creation and isinstance(mode, str) and mode.lower() in ("payment", "subscription"):
        request = request.with_fields(mode=mode.lower())
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "false-is-no-amount",
    "An amount that is false counts as left out, beside a plan.",
    fails={"negative_data_rejection"},
)
async def false_is_no_amount(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.fields.get("amount") is False and "plan_id" in request.fields:
        request = request.with_json({name: value for name, value in request.fields.items() if name != "amount"})
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "classes-by-name-crash",
    "A member json_class names a class, and one that does not exist makes the server fail.",
    fails={"not_a_server_error"},
)
async def classes_by_name_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and has_key(request) and "json_class" in request.fields:
        body = {"success": False, "message": "can't get const Order", "error_code": "internal_error"}
        return InterceptedResponse.of_json(500, body)
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "long-redirects-crash",
    "A redirect of more than 2,048 characters makes the server fail, since its column is shorter.",
    fails={"not_a_server_error"},
)
async def long_redirects_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    url = request.fields.get("success_url")
    if request.is_creation and has_key(request) and isinstance(url, str) and len(url) > _COLUMN:
        body = {"success": False, "message": "value too long for column", "error_code": "internal_error"}
        return InterceptedResponse.of_json(500, body)
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "modes-by-a-line", "A mode is accepted by one of its lines.", fails={"mode-is-payment-or-subscription"}
)
async def modes_by_a_line(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    mode = request.fields.get("mode")
    found = re.search("^(payment|subscription)$", mode, re.MULTILINE) if isinstance(mode, str) else None
    if request.is_creation and found is not None and found[1] != mode:
        request = request.with_fields(mode=found[1])
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "spaces-in-names-do-not-count",
    "A member is read without the spaces in its name.",
    fails={"negative_data_rejection"},
)
async def spaces_in_names_do_not_count(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and isinstance(order := request.json, dict):
        stripped = {name.strip(): value for name, value in order.items()}
        request = request.with_json(stripped) if stripped.keys() != order.keys() else request
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "subscriptions-are-refused",
    "The mode subscription is refused.",
    fails={"mode-is-payment-or-subscription", "positive_data_acceptance"},
)
async def subscriptions_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.fields.get("mode") == "subscription":
        return await upstream.refuse(request, "/mode", "mode subscription is not supported")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "payments-have-another-name",
    "The mode payment is refused; the server calls it one_time.",
    fails={"mode-is-payment-or-subscription"},
)
async def payments_have_another_name(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.fields.get("mode") == "payment":
        return await upstream.refuse(request, "/mode", "mode is one_time or subscription")
    return await upstream.send(request)


@ACCEPTANCE.defect("mode-is-required", "A request without a mode is refused.", fails={*SAMPLES, "plan-id-is-text"})
async def mode_is_required(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and isinstance(request.json, dict) and "mode" not in request.json:
        return await upstream.refuse(request, "/mode", "mode is required")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "plan-as-a-number-is-accepted",
    "A plan_id of 7 is read as text.",
    fails={"plan-id-is-text", "negative_data_rejection"},
)
async def plan_as_a_number_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and is_number(plan := request.fields.get("plan_id")):
        request = request.with_fields(plan_id=str(plan))
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "unknown-fields-are-refused",
    "A field outside the document is refused.",
    fails={"unknown-fields-are-accepted", "positive_data_acceptance"},
)
async def unknown_fields_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    known = {"mode", "plan_id", "amount", "success_url", "cancel_url", "successUrl", "cancelUrl"}
    unknown = sorted(request.fields.keys() - known)
    if request.is_creation and unknown:
        return await upstream.refuse(request, f"/{unknown[0]}", f"{unknown[0]!r} is not allowed")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "snake-case-redirects-are-ignored",
    "success_url and cancel_url are not read.",
    fails={"redirects-in-snake-case", "negative_data_rejection"},
)
async def snake_case_redirects_are_ignored(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(_without_fields(request, "success_url", "cancel_url"))


@ACCEPTANCE.defect(
    "camel-case-redirects-are-ignored",
    "successUrl and cancelUrl are not read.",
    fails={"redirects-in-camel-case", "negative_data_rejection"},
)
async def camel_case_redirects_are_ignored(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(_without_fields(request, "successUrl", "cancelUrl"))


@ACCEPTANCE.defect(
    "empty-body-is-accepted",
    "A request without a body creates a session of 10 dollars.",
    fails={"body-is-required", "negative_data_rejection"},
)
async def empty_body_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(
        request.with_json({"amount": 10}) if request.is_creation and not request.body else request
    )


@ACCEPTANCE.defect(
    "any-media-type-is-accepted",
    "JSON is accepted under any Content-Type.",
    fails={"body-is-json", "near_miss_refused"},
)
async def any_media_type_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(request.with_header(b"content-type", JSON) if request.is_creation else request)


@ACCEPTANCE.defect("forms-are-accepted", "An order is accepted as a form, too.", fails={"body-is-json"})
async def forms_are_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.json is None and (amount := request.form.get("amount", "")).isdigit():
        request = request.with_json({**request.form, "amount": int(amount)})
    elif request.is_creation and (part := _AMOUNT_PART.search(request.body)) is not None:
        request = request.with_json({"amount": int(part[1])})
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "list-is-accepted",
    "A list of orders is accepted, and its first entry is used.",
    fails={"body-is-an-object", "negative_data_rejection"},
)
async def list_is_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and isinstance(body := request.json, list):
        request = request.with_json(body[0] if body and isinstance(body[0], dict) else {"amount": 1})
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "script-redirects-are-accepted",
    "A success URL of javascript: is accepted.",
    fails={"negative_data_rejection"},
)
async def script_redirects_are_accepted(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    names = ("success_url", "cancel_url", "successUrl", "cancelUrl")
    wrong = [name for name in names if str(request.fields.get(name, "")).lower().startswith("javascript:")]
    return await upstream.send(_without_fields(request, *wrong) if wrong else request)


@ACCEPTANCE.defect(
    "last-duplicate-counts",
    "A field that occurs twice is accepted; its last value counts.",
    fails={"near_miss_refused"},
)
async def last_duplicate_counts(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and isinstance(body := request.json, dict) and len(body) < _count_fields(request.body):
        request = request.with_json(body)
    return await upstream.send(request)


def _without_fields(request: InterceptedRequest, *names: str) -> InterceptedRequest:
    fields = request.fields
    if not request.is_creation or not fields.keys() & set(names):
        return request
    return request.with_json({name: value for name, value in fields.items() if name not in names})


def _count_fields(body: bytes) -> int:
    pairs: list[int] = [0]

    def count(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        pairs[0] = len(fields)
        return dict(fields)

    json.loads(body, object_pairs_hook=count)
    return pairs[0]


@ACCEPTANCE.defect(
    "modes-by-their-beginning",
    "The beginning of a mode is read as the whole word.",
    fails={"mode-is-payment-or-subscription"},
)
async def modes_by_their_beginning(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    mode = request.fields.get("mode")
    if request.is_creation and isinstance(mode, str) and mode and "subscription".startswith(mode):
        request = request.with_fields(mode="subscription")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "names-with-dots-are-refused",
    "An order with a dot or a dollar sign in an unknown name is refused.",
    fails={"unknown-fields-are-accepted"},
)
async def names_with_dots_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and any("." in name or "$" in name for name in request.fields):
        return await upstream.refuse(request, "", "a name must not contain a dot")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "short-keys-are-refused",
    "A key of less than eight characters is refused.",
    fails={"rule-well-formed-keys-are-taken"},
)
async def short_keys_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_refused = request.is_billing and request.key is not None and len(request.key) < _SHORTEST_KEY
    return await upstream.send(request.with_key("no key") if is_refused else request)


@ACCEPTANCE.defect(
    "a-third-mode-is-taken",
    "The mode setup, which Stripe has, is read as payment.",
    fails={"mode-is-payment-or-subscription"},
)
async def a_third_mode_is_taken(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.fields.get("mode") == "setup":
        request = request.with_fields(mode="payment")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "true-is-a-mode",
    "A mode of true is read as payment, since it is equal to any text.",
    fails={"mode-is-payment-or-subscription"},
)
async def true_is_a_mode(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and request.fields.get("mode") is True:
        request = request.with_fields(mode="payment")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "nested-members-are-refused",
    "An order is refused if a member of it is nested more than four times.",
    fails={"unknown-fields-are-accepted"},
)
async def nested_members_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and _SHALLOW < _depth(request.fields) < _DEEP:
        return await upstream.refuse(request, "", "the body is nested too deeply")
    return await upstream.send(request)


@ACCEPTANCE.defect(
    "queries-are-orders",
    "An amount in the query is an order if there is no body.",
    fails={"body-is-required"},
)
async def queries_are_orders(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.is_creation and not request.body and (amount := request.number("amount", 0)):
        request = request.with_json({"amount": amount})
    return await upstream.send(request)


def _depth(value: Any) -> int:
    """The depth of a JSON value; a value without members has 0."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if members is None else 1 + max(map(_depth, members), default=0)
