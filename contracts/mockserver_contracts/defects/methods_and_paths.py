"""Defects of routing: methods and paths that are missing, too many, or refused in a wrong way."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

METHODS_AND_PATHS: Final = DefectFamily("transport and robustness")


@METHODS_AND_PATHS.defect(
    "allow-names-every-method",
    "The answer to OPTIONS names methods under Allow that the path does not have.",
    fails={"allow_header_conformance"},
)
async def allow_names_every_method(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_header(b"allow", b"GET, POST, PUT, DELETE") if request.method == "OPTIONS" else response
