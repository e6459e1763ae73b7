"""The operation of a request, and the methods of its path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from mockserver.domain.errors import MethodNotAllowed, NotFound
from mockserver.web.exchange.cors import is_preflight

if TYPE_CHECKING:
    from mockserver.contract import Operation, PathItem
    from mockserver.web.exchange.context import Endpoints
    from mockserver.web.http.request import Request

_SLASHES: Final = re.compile("//+")


def request_path(request: Request) -> str:
    """The request's path; a slash that was sent as %2F stays part of its segment."""
    raw = request.scope.get("raw_path") or b""
    if b"%2f" not in raw and b"%2F" not in raw:
        return request.path
    segments = raw.partition(b"?")[0].decode("latin-1").split("/")
    decoded = [unquote(segment, errors="replace").replace("/", "%2F") for segment in segments]
    return _SLASHES.sub("/", "/".join(decoded))


def find_operation(request: Request, item: PathItem | None, endpoints: Endpoints) -> Operation | None:
    """The operation of a request; None for OPTIONS on any path, on the server (`*`), and for a preflight on any path.

    Raises NotFound and MethodNotAllowed.
    """
    if item is None and (is_preflight(request) or (request.method, request.path) == ("OPTIONS", "*")):
        return None
    if item is None:
        raise NotFound(f"there is no path {request.path[:200]!r}; GET /_mock/contract.yaml lists the paths")
    operation = item.operation(request.method)
    if operation is None and request.method == "HEAD":
        operation = _get_for_head(item, endpoints)
    if operation is None and request.method != "OPTIONS":
        raise MethodNotAllowed(request.method, _methods(item, endpoints))
    return operation


def allowed_methods(item: PathItem | None, endpoints: Endpoints) -> tuple[str, ...]:
    """The methods of a path; OPTIONS alone on an unknown one."""
    return _methods(item, endpoints) if item else ("OPTIONS",)


def _methods(item: PathItem, endpoints: Endpoints) -> tuple[str, ...]:
    head = ("HEAD",) if "HEAD" not in item.methods and _get_for_head(item, endpoints) else ()
    options = ("OPTIONS",) if "OPTIONS" not in item.methods else ()
    return (*item.methods, *head, *options)


def _get_for_head(item: PathItem, endpoints: Endpoints) -> Operation | None:
    """The GET that also answers HEAD: only a stateless one does."""
    operation = item.operation("GET")
    is_stateful = operation is not None and (operation.path, "GET") in endpoints
    return None if is_stateful else operation
