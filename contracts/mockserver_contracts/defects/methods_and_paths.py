"""Defects of routing: methods and paths that are missing, too many, or refused in a wrong way."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS

METHODS_AND_PATHS: Final = DefectFamily("transport and robustness")
NOT_FOUND: Final = {"success": False, "message": "There is nothing here.", "error_code": "not_found"}


@METHODS_AND_PATHS.defect(
    "allow-names-every-method",
    "The answer to OPTIONS names methods under Allow that the path does not have.",
    fails={"allow_header_conformance"},
)
async def allow_names_every_method(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_header(b"allow", b"GET, POST, PUT, DELETE") if request.method == "OPTIONS" else response


@METHODS_AND_PATHS.defect(
    "put-and-patch-create", "PUT and PATCH of the checkout create a session.", fails={"checkout-is-a-post"}
)
async def put_and_patch_create(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_one = request.path == CHECKOUT and request.method in ("PUT", "PATCH")
    return await upstream.send(replace(request, method="POST") if is_one else request)


@METHODS_AND_PATHS.defect(
    "wrong-method-is-404", "A wrong method is refused as an unknown path.", fails={"rule-unknown-is-refused"}
)
async def wrong_method_is_404(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return InterceptedResponse.of_json(404, NOT_FOUND) if response.status == 405 else response


@METHODS_AND_PATHS.defect("head-crashes", "HEAD is a server error.", fails={"rule-unknown-is-refused"})
async def head_crashes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if request.method == "HEAD":
        return InterceptedResponse.of(500, b"", HTML)
    return await upstream.send(request)


@METHODS_AND_PATHS.defect(
    "slashes-lead-nowhere",
    "A path with a slash at its end, or with two in a row, is unknown.",
    fails={"rule-unknown-is-refused"},
)
async def slashes_lead_nowhere(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if "//" in request.path or (request.is_billing and request.path.endswith("/")):
        return InterceptedResponse.of_json(404, NOT_FOUND)
    return await upstream.send(request)


@METHODS_AND_PATHS.defect(
    "refusals-allow-every-method",
    "The refusal of a method names methods under Allow that are refused, too.",
    fails={"rule-unknown-is-refused"},
)
async def refusals_allow_every_method(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_header(b"allow", b"GET, POST, PUT, DELETE") if response.status == 405 else response


@METHODS_AND_PATHS.defect(
    "paths-below-create", "A path below that of the checkout creates a session.", fails={"rule-unknown-is-refused"}
)
async def paths_below_create(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_below = request.path.startswith(f"{CHECKOUT}/")
    return await upstream.send(replace(request, path=CHECKOUT) if is_below else request)


@METHODS_AND_PATHS.defect(
    "paths-begin-like-lists",
    "A path that begins like that of a list shows the list.",
    fails={"rule-unknown-is-refused"},
)
async def paths_begin_like_lists(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_longer = request.method == "GET" and request.path.startswith(CHECKOUTS)
    return await upstream.send(replace(request, path=CHECKOUTS) if is_longer else request)


@METHODS_AND_PATHS.defect(
    "put-changes-auto-recharge", "A PUT changes the auto recharge, too.", fails={"rule-unknown-is-refused"}
)
async def put_changes_auto_recharge(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_put = (request.method, request.path) == ("PUT", AUTO_RECHARGE)
    return await upstream.send(replace(request, method="POST") if is_put else request)
