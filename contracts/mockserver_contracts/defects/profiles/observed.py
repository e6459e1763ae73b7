"""Defects of the usage statistics that one witness saw: units, prices and overdrafts. They show in profile observed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream
from mockserver_contracts.document.operations import USAGE

OBSERVED: Final = DefectFamily("observed", profile="observed")
_CONSUME: Final = "/_mock/usage"
_REFUSAL: Final = {"success": False, "message": "Too few credits.", "error_code": "insufficient_credits"}


async def _change_usage(
    request: InterceptedRequest, upstream: Upstream, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> InterceptedResponse:
    """Send the request; change the data of usage statistics in the response."""
    response = await upstream.send(request)
    if (request.method, request.path) != ("GET", USAGE) or not response.is_success:
        return response
    return response.with_json({**response.json, "data": change(response.json["data"])})


@OBSERVED.defect("no-units-in-data", "The usage statistics have no units.", fails={"units-flat-in-data"})
async def no_units_in_data(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change_usage(
        request, upstream, lambda data: {name: data[name] for name in data if name not in data.get("cost_metric", {})}
    )


@OBSERVED.defect("units-of-one-resource", "All units count as those of one resource.", fails={"units-flat-in-data"})
async def units_of_one_resource(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_of_units = request.path == _CONSUME and "resource" in request.fields
    return await upstream.send(request.with_fields(resource="llm", units=1) if is_of_units else request)


@OBSERVED.defect(
    "no-cost-metric", "The usage statistics have no prices.", fails={"cost-metric-has-prices", "units-flat-in-data"}
)
async def no_cost_metric(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change_usage(
        request, upstream, lambda data: {name: data[name] for name in data if name != "cost_metric"}
    )


@OBSERVED.defect("prices-are-doubled", "cost_metric shows twice the prices.", fails={"spent-is-units-times-price"})
async def prices_are_doubled(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change_usage(
        request,
        upstream,
        lambda data: {**data, "cost_metric": {name: 2 * price for name, price in data.get("cost_metric", {}).items()}},
    )


@OBSERVED.defect("prices-in-quotes", "cost_metric shows prices as strings.", fails={"cost-metric-has-prices"})
async def prices_in_quotes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change_usage(
        request,
        upstream,
        lambda data: {**data, "cost_metric": {name: str(price) for name, price in data["cost_metric"].items()}},
    )


@OBSERVED.defect("overdrafts-show-zero", "A balance below zero is shown as zero.", fails={"balance-may-be-negative"})
async def overdrafts_show_zero(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await _change_usage(
        request, upstream, lambda data: {**data, "credit_balance": max(data["credit_balance"], 0)}
    )


@OBSERVED.defect("overdrafts-are-refused", "No balance falls below zero.", fails={"balance-may-be-negative"})
async def overdrafts_are_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if (request.method, request.path) == ("POST", _CONSUME) and "credits" in request.fields:
        account = await upstream.account(request.fields.get("key"))
        if account.get("credit_balance", 0) < request.fields["credits"]:
            return InterceptedResponse.of_json(402, _REFUSAL)
    return await upstream.send(request)
