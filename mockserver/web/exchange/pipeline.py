"""The path of a request through the contract, top to bottom.

A planned fault applies first. Then the refusals come in this order: unknown path, unknown method, no valid key, body
too large, media type, JSON syntax, contract violations. Then the use case decides.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from mockserver.contract.schema.translation import is_openapi_30
from mockserver.domain.errors import CheckoutError, FieldError, InvalidRequest, PayloadTooLarge, Unauthorized
from mockserver.journal import ResponseVerdict
from mockserver.web.exchange.admission import admit
from mockserver.web.exchange.context import Endpoints, ExchangeContext
from mockserver.web.exchange.cors import cors_headers
from mockserver.web.exchange.operation_lookup import allowed_methods, find_operation, request_path
from mockserver.web.exchange.request_body import ReceivedBody, read_body
from mockserver.web.http.methods import options_reply
from mockserver.web.http.refusal import refusal, status_of
from mockserver.web.http.reply import UNREAD
from mockserver.web.http.request import ClientDisconnected, Request, read_request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mockserver.contract import Contract, Json, Operation, PathItem, Profile, Violation
    from mockserver.web.exchange.api_keys import ApiKeys
    from mockserver.web.exchange.fault_injector import FaultInjector
    from mockserver.web.exchange.recorder import Recorder
    from mockserver.web.http.reply import Reply


LARGE: Final = 16 * 1024
"""The size in bytes from which a body is read in a thread."""
_SMALL: Final = 4 * 1024


class Documented(Protocol):
    """A stateless operation that is answered from the document."""

    async def answer(self, context: ExchangeContext) -> Reply:
        """The reply."""

    async def refusal(self, error: CheckoutError) -> Reply | None:
        """The refusal that the document declares; None if it declares none."""


class ExchangePipeline:
    """Answer the contract's paths, as an ASGI application."""

    def __init__(
        self,
        contract: Contract,
        profile: Profile,
        endpoints: Endpoints,
        *,
        documented: Callable[[Operation], Documented],
        api_keys: ApiKeys,
        fault_injector: FaultInjector,
        recorder: Recorder,
        body_limit: int,
        strict_null: bool = False,
    ) -> None:
        self._contract = contract
        self._profile = profile
        self._endpoints = endpoints
        self._documented = documented
        self._api_keys = api_keys
        self._fault_injector = fault_injector
        self._recorder = recorder
        self._body_limit = body_limit
        self._takes_nulls = not strict_null and is_openapi_30(contract.document)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive, limit=self._body_limit)
            context = ExchangeContext(scope)
            try:
                context.key_account = self._api_keys.account(request.headers)
            except Unauthorized as error:
                context.key_error = error
            path = request_path(request)
            item = self._contract.path(path)
            if item is None and (found := self._contract.other_form(path)) is not None:
                item, other = found
                context.notes = (f"the contract declares the path as {item.template}, which differs by its last slash",)
                path = other
            answer = partial(self._answer, request, item, path, context)
            reply, fault = await self._fault_injector.inject(request, context.key_account or None, answer)
        except ClientDisconnected:
            return
        methods = allowed_methods(item, self._endpoints) if request.method == "OPTIONS" else ()
        reply.headers.extend(cors_headers(request, methods=methods))
        await self._recorder.record(
            request,
            reply,
            account=context.account or context.key_account or None,
            mock_now=context.now,
            request_errors=context.faults,
            response_verdict=_response_verdict(item, request.method, reply),
            planned_fault=fault,
            notes=context.notes,
        )
        await request.send_reply(reply, receive, send)

    async def _answer(self, request: Request, item: PathItem | None, path: str, context: ExchangeContext) -> Reply:
        """The reply without a planned fault."""
        operation = None
        try:
            operation = find_operation(request, item, self._endpoints)
            if operation is None:
                return options_reply(allowed_methods(item, self._endpoints))
            return await self._answer_operation(request, operation, path, context)
        except CheckoutError as error:
            context.faults = error.field_errors
            if operation is not None and (operation.path, operation.method) not in self._endpoints:
                return await self._documented(operation).refusal(error) or self._refusal(error)
            return self._refusal(error)

    async def _answer_operation(
        self, request: Request, operation: Operation, path: str, context: ExchangeContext
    ) -> Reply:
        endpoint = self._endpoints.get((operation.path, operation.method))
        is_stateful = endpoint is not None
        context.account = admit(request, operation, context, is_stateful=is_stateful)
        if request.body is None:
            raise PayloadTooLarge(f"the body is larger than the limit of {self._body_limit} bytes")
        violations: Sequence[Violation] = ()
        if operation.takes_body:
            received = await self._read_body(request, request.body, operation, is_stateful=is_stateful)
            context.body, violations = received.value, received.violations
            if received.notes:
                context.notes = (*context.notes, *received.notes)
        more: Sequence[Violation] = ()
        if operation.has_parameters:
            context.parameters, more = operation.parameters(
                request.query, path=path, headers=request.headers, encoded_path=request.encoded_path
            )
        if violations or more:
            raise _invalid_request((*violations, *more))
        if endpoint is None:
            return await self._documented(operation).answer(context)
        return await endpoint(context)

    async def _read_body(
        self, request: Request, raw: bytes, operation: Operation, *, is_stateful: bool
    ) -> ReceivedBody:
        """The body. A large or compressed one is read in a thread, so that the event loop stays free."""
        read = partial(read_body, request, operation=operation, is_stateful=is_stateful, takes_nulls=self._takes_nulls)
        if (coding := request.header(b"content-encoding")) is not None:
            from mockserver.web.exchange.content_coding import decoded_body  # few bodies have a coding

            raw = await asyncio.to_thread(decoded_body, raw, coding, limit=self._body_limit)
        return await asyncio.to_thread(read, raw) if len(raw) > LARGE else read(raw)

    def _refusal(self, error: CheckoutError) -> Reply:
        status = self._profile.error_status(error.code, status_of(error))
        own = {"error_code": self._profile.error_code(error.code), "status": status}
        return refusal(error, body=lambda values: self._profile.error_body({**values, **own}), status=status)


def _response_verdict(item: PathItem | None, method: str, reply: Reply) -> ResponseVerdict:
    """Finds the contract violations of a reply when somebody reads the journal.

    A large reply is judged at once, so that the journal need not keep its value; so is one that may hold a key.
    """
    operation = item.operation(method) if item else None
    if operation is None:
        return tuple
    if reply.damage is not None:
        return partial(tuple, [("", reply.damage, "spoilt")])
    value = partial(json.loads, reply.content) if reply.value is UNREAD else partial(_same, reply.value)
    find = partial(_violation_fields, operation, reply.status, reply.media_type, value)
    if len(reply.content) > _SMALL or b"sk-" in reply.content:
        return partial(tuple, find())
    return find


def _same(value: Json) -> Json:
    return value


def _violation_fields(
    operation: Operation, status: int, media_type: str | None, value: Callable[[], Json]
) -> Sequence[tuple[str, str, str]]:
    violations = operation.response_violations(status, media_type, value())
    return [(violation.pointer, violation.message, violation.code) for violation in violations]


def _invalid_request(violations: Sequence[Violation]) -> InvalidRequest:
    faults = [FieldError(violation.pointer, violation.message, violation.code) for violation in violations]
    return InvalidRequest("; ".join(fault.message for fault in faults[:5]), field_errors=faults)
