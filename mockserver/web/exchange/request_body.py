"""The body of a request, read as its operation declares it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mockserver.contract import MalformedForm, MalformedJson
from mockserver.domain.errors import FieldError, InvalidJson, InvalidRequest, UnsupportedMediaType

if TYPE_CHECKING:
    from mockserver.contract import Operation, Violation
    from mockserver.web.http.request import Request


def read_body(
    request: Request, raw: bytes, operation: Operation, *, is_stateful: bool, limit: int
) -> tuple[Any, Sequence[Violation]]:
    """The decoded body and its contract violations.

    Raises UnsupportedMediaType, InvalidJson, InvalidRequest and PayloadTooLarge.
    """
    if (coding := request.header(b"content-encoding")) is not None:
        from mockserver.web.exchange.content_coding import decoded_body  # few bodies have a coding

        raw = decoded_body(raw, coding, limit=limit)
    media_type = request.header(b"content-type")
    if not raw and not operation.body_required and not is_stateful:
        return None, ()
    body = operation.body(media_type)
    if body is None and media_type is None and not raw:
        # an absent body is missing, whatever its media type: the violations of an empty JSON body say so
        body = operation.body(operation.json_type or operation.media_types[0])
        if body is not None and body.kind != "json":
            message = f"the body is missing; {' or '.join(operation.media_types)} is needed"
            raise InvalidRequest(message, field_errors=[FieldError("", message, "required")])
    if body is None:
        given = "no Content-Type" if media_type is None else f"Content-Type {media_type[:80]!r}"
        raise UnsupportedMediaType(f"the body has {given}; {' or '.join(operation.media_types)} is needed")
    try:
        return body.read(raw)
    except MalformedJson as error:
        raise InvalidJson(error.message, field_errors=[FieldError("", error.message, InvalidJson.code)]) from None
    except MalformedForm as error:
        raise InvalidRequest(error.message, field_errors=[FieldError("", error.message, error.code)]) from None
