"""The parts of a multipart body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from mockserver.contract.errors import MalformedForm

MAX_PARTS: Final = 1_000


class Part(NamedTuple):
    """A part of a form; `is_file` if it has a file name."""

    name: str
    media_type: str | None
    is_file: bool
    content: bytes


def read_parts(raw: bytes, boundary: str) -> Iterator[Part]:
    """The parts of a form; raises MalformedForm."""
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

    try:
        decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=MAX_PARTS)
        decoder.receive_data(raw)
        decoder.receive_data(None)
        head: Field | File | None = None
        content = b""
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                head, content = event, b""
            elif isinstance(event, Data) and head is not None:
                content += event.data
                if not event.more_data:
                    yield Part(head.name or "", head.headers.get("content-type"), isinstance(head, File), content)
    except RequestEntityTooLarge:
        raise MalformedForm(f"the body has more than {MAX_PARTS} parts") from None
    except (ValueError, UnicodeError) as error:
        raise MalformedForm(f"the body is no multipart body: {error}") from None
