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
from mockserver.journal import BODY_LIMIT, ResponseVerdict, ViolationFields
from mockserver.web.exchange.admission import admit
from mockserver.web.exchange.context import Endpoints, ExchangeContext
from mockserver.web.exchange.cors import cors_headers
from mockserver.web.exchange.operation_lookup import allowed_methods, find_operation, request_path
from mockserver.web.exchange.request_body import read_body
from mockserver.web.http.methods import options_reply
from mockserver.web.http.refusal import refusal, status_of
from mockserver.web.http.reply import UNREAD
from mockserver.web.http.request import ClientDisconnected, Request, read_request

if TYPE_CHECKING:
    from mockserver.asgi import Receive, Scope, Send
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
        self._verdicts: dict[tuple[Operation, int, str | None], ResponseVerdict] = {}
        """One for all replies of an operation that the journal holds as they are."""
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
            fault = None
            if self._fault_injector.is_idle:
                reply = await self._answer(request, item, path, context)
            else:
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
            response_verdict=self._response_verdict(item, request.method, reply),
            planned_fault=fault,
            notes=context.notes,
        )
        await request.send_reply(reply, receive, send)

    async def _answer(self, request: Request, item: PathItem | None, path: str, context: ExchangeContext) -> Reply:
        """The reply without a planned fault."""
        operation = endpoint = None
        try:
            operation = find_operation(request, item, self._endpoints)
            if operation is None:
                return options_reply(allowed_methods(item, self._endpoints))
            endpoint = self._endpoints.get((operation.path, operation.method))
            context.account = admit(request, operation, context, is_stateful=endpoint is not None)
            violations: Sequence[Violation] = ()
            if operation.takes_body or request.body is None:
                violations = await self._take_body(request, operation, context, is_stateful=endpoint is not None)
            if operation.has_parameters:
                context.parameters, more = operation.parameters(
                    request.query, path=path, headers=request.headers.pairs, encoded_path=request.encoded_path
                )
                violations = (*violations, *more)
            if violations:
                raise _invalid_request(violations)
            return await (endpoint or self._documented(operation).answer)(context)
        except CheckoutError as error:
            context.faults = error.field_errors
            if operation is not None and endpoint is None:
                return await self._documented(operation).refusal(error) or self._refusal(error)
            return self._refusal(error)

    async def _take_body(
        self, request: Request, operation: Operation, context: ExchangeContext, *, is_stateful: bool
    ) -> Sequence[Violation]:
        """Read the body into the context; its violations. Raises PayloadTooLarge and the errors of `read_body`.

        A large or compressed body is read in a thread, so that the event loop stays free.
        """
        raw = request.body
        if raw is None:
            raise PayloadTooLarge(f"the body is larger than the limit of {self._body_limit} bytes")
        if (coding := request.header(b"content-encoding")) is not None:
            from mockserver.web.exchange.content_coding import decoded_body  # few bodies have a coding

            # the journal shows what was meant, and finds its secrets
            request.body = raw = await asyncio.to_thread(decoded_body, raw, coding, limit=self._body_limit)
        if len(raw) > LARGE:
            received = await asyncio.to_thread(read_body, request, raw, operation, is_stateful, self._takes_nulls)
        else:
            received = read_body(request, raw, operation, is_stateful, self._takes_nulls)
        context.body = received.value
        if received.notes:
            context.notes = (*context.notes, *received.notes)
        return received.violations

    def _response_verdict(self, item: PathItem | None, method: str, reply: Reply) -> ResponseVerdict | None:
        """Finds the contract violations of a reply when somebody reads the journal.

        A reply that the journal cuts or changes is judged at once, and a large value too: the journal need not keep it.
        """
        operation = item.operation(method) if item else None
        if operation is None:
            return None
        if reply.damage is not None:
            return partial(_known, [("", reply.damage, "spoilt")])
        limit = BODY_LIMIT if reply.value is UNREAD else _SMALL
        is_kept = len(reply.content) <= limit and b"sk-" not in reply.content
        if reply.value is UNREAD and is_kept:
            key = (operation, reply.status, reply.media_type)
            if (verdict := self._verdicts.get(key)) is None:
                verdict = self._verdicts[key] = partial(_violation_fields, *key, json.loads)
            return verdict
        value_of = json.loads if reply.value is UNREAD else partial(_same, reply.value)
        verdict = partial(_violation_fields, operation, reply.status, reply.media_type, value_of)
        return verdict if is_kept else partial(_known, verdict(reply.content))

    def _refusal(self, error: CheckoutError) -> Reply:
        status = self._profile.error_status(error.code, status_of(error))
        own = {"error_code": self._profile.error_code(error.code), "status": status}
        return refusal(error, body=lambda values: self._profile.error_body({**values, **own}), status=status)


def _same(value: Json, _content: bytes) -> Json:
    return value


def _violation_fields(
    operation: Operation, status: int, media_type: str | None, value_of: Callable[[bytes], Json], content: bytes
) -> Sequence[ViolationFields]:
    """The violations of a reply's body."""
    violations = operation.response_violations(status, media_type, value_of(content))
    return [(violation.pointer, violation.message, violation.code) for violation in violations]


def _known(violations: Sequence[ViolationFields], _content: bytes) -> Sequence[ViolationFields]:
    return violations


def _invalid_request(violations: Sequence[Violation]) -> InvalidRequest:
    faults = [FieldError(violation.pointer, violation.message, violation.code) for violation in violations]
    return InvalidRequest("; ".join(fault.message for fault in faults[:5]), field_errors=faults)
