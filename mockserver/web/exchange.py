"""The way of a request on the contract's paths, top to bottom.

A planned fault strikes first. The refusals come in this order: no such path, no such method, no key, too large, not
JSON by its type, not JSON by its bytes, not as the contract has it. Then the use case decides.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from mockserver.contract import Contract, NotAForm, Operation, PathItem, Profile, Violation
from mockserver.contract import InvalidJson as NotJson
from mockserver.contract.security import Denied
from mockserver.domain.errors import (
    CheckoutError,
    FieldError,
    InvalidJson,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
    UnsupportedMediaType,
)
from mockserver.domain.identifier import account_of
from mockserver.web.cors import cors_headers, is_preflight
from mockserver.web.envelope import refusal, status_of
from mockserver.web.incoming import ClientGone, Incoming, incoming
from mockserver.web.keys import KEY, Keys
from mockserver.web.recorder import Recorder
from mockserver.web.reply import Reply
from mockserver.web.strikes import Strikes


@dataclass(eq=False, repr=False)
class Exchange:
    """What an endpoint is given: whose request it is, and what the contract let through.

    `now` is the time on the account's clock where the endpoint came to know it; the journal need not ask again then.
    `faults` are what was wrong with the request, if it was refused.
    """

    scope: Scope
    account: str = ""
    body: Any = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    faults: Sequence[FieldError] = ()


_SLASHES: Final = re.compile("//+")
NOBODY: Final = ""
"""The account of a request that needs none."""

Endpoint = Callable[[Exchange], Awaitable[Reply]]


class Documented(Protocol):
    """Answers an operation that keeps no state."""

    async def answer(self, exchange: Exchange) -> Reply:
        """The answer."""

    async def refusal(self, error: CheckoutError) -> Reply | None:
        """The refusal in the document's own words; None where it has none."""


class ContractPaths:
    """Answers the contract's paths, as an ASGI application."""

    def __init__(
        self,
        contract: Contract,
        profile: Profile,
        endpoints: Mapping[tuple[str, str], Endpoint],
        *,
        documented: Callable[[Operation], Documented],
        keys: Keys,
        strikes: Strikes,
        recorder: Recorder,
        body_limit: int,
    ) -> None:
        self._contract = contract
        self._profile = profile
        self._endpoints = endpoints
        self._documented = documented
        self._keys = keys
        self._strikes = strikes
        self._recorder = recorder
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await incoming(scope, receive, limit=self._body_limit)
            account = self._keys.account(request.headers)
            owner = account if isinstance(account, str) else None
            exchange = Exchange(scope)
            item = self._contract.path(_path(request))
            own = partial(self._reply, request, item, account, exchange)
            reply, fault = await self._strikes.answered(request, owner, own)
        except ClientGone:
            return
        reply.headers.extend(cors_headers(request, methods=self._methods(item) if request.method == "OPTIONS" else ()))
        await self._recorder.keep(
            request,
            reply,
            account=exchange.account or owner,
            mock_now=exchange.now,
            request_errors=exchange.faults,
            response_errors=_response_faults(item, request.method, reply),
            planned_fault=fault,
        )
        await request.answer(reply, receive, send)

    async def _reply(
        self, request: Incoming, item: PathItem | None, account: str | Unauthorized, exchange: Exchange
    ) -> Reply:
        """The mock's own answer."""
        operation = None
        try:
            operation = self._operation(request, item)
            if operation is None:
                return Reply(204, headers=[(b"allow", ", ".join(self._methods(item)).encode("latin-1"))])
            return await self._answer(request, operation, account, exchange)
        except CheckoutError as error:
            exchange.faults = error.field_errors
            if operation is not None and (operation.path, operation.method) not in self._endpoints:
                return await self._documented(operation).refusal(error) or self._refusal(error)
            return self._refusal(error)

    def _operation(self, request: Incoming, item: PathItem | None) -> Operation | None:
        """The operation that is asked for; None for OPTIONS, which every path answers, and of a preflight any."""
        if item is None and is_preflight(request):
            return None
        if item is None:
            raise NotFound(f"there is nothing at {request.path[:200]!r}; GET /_mock/contract.yaml says what there is")
        operation = item.operation(request.method)
        if operation is None and request.method == "HEAD":
            operation = self._headed(item)
        if operation is None and request.method != "OPTIONS":
            raise MethodNotAllowed(request.method, self._allowed(item))
        return operation

    def _headed(self, item: PathItem) -> Operation | None:
        """The GET that answers HEAD: what a document alone answers may be asked for without its body."""
        operation = item.operation("GET")
        is_stateful = operation is not None and (operation.path, "GET") in self._endpoints
        return None if is_stateful else operation

    def _allowed(self, item: PathItem) -> tuple[str, ...]:
        head = ("HEAD",) if "HEAD" not in item.methods and self._headed(item) else ()
        options = ("OPTIONS",) if "OPTIONS" not in item.methods else ()
        return (*item.methods, *head, *options)

    async def _answer(
        self, request: Incoming, operation: Operation, account: str | Unauthorized, exchange: Exchange
    ) -> Reply:
        endpoint = self._endpoints.get((operation.path, operation.method)) or self._documented(operation).answer
        exchange.account = self._admitted(request, operation, account)
        if request.body is None:
            raise PayloadTooLarge(f"the body is over {self._body_limit} bytes, the most that is taken")
        violations: Sequence[Violation] = ()
        if operation.takes_body:
            exchange.body, violations = self._body(request, request.body, operation)
        exchange.parameters, more = operation.parameters(request.query, path=_path(request), headers=request.headers)
        if violations or more:
            raise _refused((*violations, *more))
        return await endpoint(exchange)

    def _admitted(self, request: Incoming, operation: Operation, account: str | Unauthorized) -> str:
        """Whose request it is: by VideoDB's key, or by what else the document asks for; raises Unauthorized."""
        is_stateful = (operation.path, operation.method) in self._endpoints
        if operation.is_videodb or (is_stateful and operation.security.is_open):
            if isinstance(account, Unauthorized):
                raise account
            return account
        headers = request.headers
        if isinstance(account, Unauthorized):  # what is no key of ours is none, among other ways in, too
            headers = [each for each in headers if each[0] != KEY]
        try:
            credential = operation.security.admit(headers, request.query)
        except Denied as denied:
            raise Unauthorized(denied.message, challenges=denied.challenges) from None
        if not credential:
            return account if isinstance(account, str) else NOBODY
        return account_of(credential)

    def _body(self, request: Incoming, raw: bytes, operation: Operation) -> tuple[Any, Sequence[Violation]]:
        media_type = request.header(b"content-type")
        if not raw and not operation.body_required and (operation.path, operation.method) not in self._endpoints:
            return None, ()
        body = operation.body(media_type)
        if body is None and media_type is None and not raw:
            # nothing came: what was wanted says what is missing
            body = operation.body(operation.json_type or operation.media_types[0])
            if body is not None and body.kind != "json":
                message = f"the body is missing; {' or '.join(operation.media_types)} is needed"
                raise InvalidRequest(message, field_errors=[FieldError("", message, "required")])
        if body is None:
            shown = "no Content-Type" if media_type is None else f"Content-Type {media_type[:80]!r}"
            raise UnsupportedMediaType(f"the body came with {shown}; {' or '.join(operation.media_types)} is needed")
        try:
            return body.read(raw)
        except NotJson as error:
            raise InvalidJson(error.message, field_errors=[FieldError("", error.message, InvalidJson.code)]) from None
        except NotAForm as error:
            raise InvalidRequest(error.message, field_errors=[FieldError("", error.message, error.code)]) from None

    def _methods(self, item: PathItem | None) -> tuple[str, ...]:
        return self._allowed(item) if item else ("OPTIONS",)

    def _refusal(self, error: CheckoutError) -> Reply:
        status = self._profile.error_status(error.code, status_of(error))
        told = {"error_code": self._profile.error_code(error.code), "status": status}
        return refusal(error, body=lambda values: self._profile.error_body({**values, **told}), status=status)


def _response_faults(item: PathItem | None, method: str, reply: Reply) -> Sequence[tuple[str, str, str]]:
    """What of an answer is not as the contract has it."""
    operation = item.operation(method) if item else None
    if operation is None:
        return ()
    if reply.trouble is not None:
        return [("", reply.trouble, "spoilt")]
    violations = operation.response_violations(reply.status, reply.media_type, reply.value)
    return [(violation.pointer, violation.message, violation.code) for violation in violations]


def _path(request: Incoming) -> str:
    """The path as it was meant: a slash that was sent as %2F is part of its segment."""
    raw = request.scope.get("raw_path") or b""
    if b"%2f" not in raw and b"%2F" not in raw:
        return request.path
    segments = raw.partition(b"?")[0].decode("latin-1").split("/")
    decoded = [unquote(segment, errors="replace").replace("/", "%2F") for segment in segments]
    return _SLASHES.sub("/", "/".join(decoded))


def _refused(violations: Sequence[Violation]) -> InvalidRequest:
    faults = [FieldError(violation.pointer, violation.message, violation.code) for violation in violations]
    return InvalidRequest("; ".join(fault.message for fault in faults[:5]), field_errors=faults)
