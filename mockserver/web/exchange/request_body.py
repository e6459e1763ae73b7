"""The body of a request, read as its operation declares it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.contract import MalformedForm, MalformedJson
from mockserver.domain.errors import FieldError, InvalidJson, InvalidRequest, UnsupportedMediaType

if TYPE_CHECKING:
    from mockserver.contract import Operation, Violation
    from mockserver.contract.request.body import Body
    from mockserver.web.http.request import Request


class ReceivedBody(NamedTuple):
    """A decoded body, its contract violations, and the liberties that the mock took with the contract."""

    value: Any
    violations: Sequence[Violation] = ()
    notes: tuple[str, ...] = ()


def read_body(
    request: Request,
    raw: bytes,
    operation: Operation,
    is_stateful: bool,  # asyncio.to_thread passes it on by position
    takes_nulls: bool,
) -> ReceivedBody:
    """The body of a request, read in its media type; `takes_nulls` counts refused nulls as absent.

    Raises UnsupportedMediaType, InvalidJson and InvalidRequest.
    """
    media_type = request.header(b"content-type")
    if not raw and not operation.body_required and not is_stateful:
        return ReceivedBody(None)
    body = operation.body(media_type)
    if media_type is None and not raw:
        # an absent body is missing, whatever its media type: the violations of an empty JSON body say so
        body = operation.body(operation.json_type or operation.media_types[0])
        if body is not None and body.kind != "json":
            message = f"the body is missing; {' or '.join(operation.media_types)} is needed"
            raise InvalidRequest(message, field_errors=[FieldError("", message, "required")])
    if body is None:
        raise UnsupportedMediaType(operation.refusal_of_type(media_type))
    try:
        value, violations = body.read(raw)
    except MalformedJson as error:
        raise InvalidJson(error.message, field_errors=[FieldError("", error.message, InvalidJson.code)]) from None
    except MalformedForm as error:
        raise InvalidRequest(error.message, field_errors=[FieldError("", error.message, error.code)]) from None
    received = ReceivedBody(value, violations, body.notes_on(value))
    return _taking_nulls(body, received) if violations and takes_nulls and not is_stateful else received


def _taking_nulls(body: Body, received: ReceivedBody) -> ReceivedBody:
    """The body without the nulls of optional members, with notes; as before if it has other violations."""
    rest = body.without_refused_nulls(received.value)
    if rest is None:
        return received
    value, pointers = rest
    notes = [f"{pointer} is null, which the contract does not allow; it counts as absent" for pointer in pointers]
    return ReceivedBody(value, (), (*received.notes, *notes))
