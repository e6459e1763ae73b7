"""The parts of a multipart body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mockserver.contract.errors import MalformedForm

MAX_PARTS: Final = 1_000
_NAME: Final = re.compile(r"""(?:^|;)\s*name="?([^";]*)""", re.IGNORECASE)


class Part(NamedTuple):
    """A part of a form; `is_file` if it has a file name."""

    name: str
    media_type: str | None
    is_file: bool
    content: bytes
    headers: Mapping[str, str]
    """The values by name, in lower case."""


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
                    if not head.name:
                        raise MalformedForm("a part of the body has no name in its Content-Disposition")
                    headers = {name.lower(): value for name, value in head.headers}
                    yield Part(head.name, headers.get("content-type"), isinstance(head, File), content, headers)
    except RequestEntityTooLarge:
        raise MalformedForm(f"the body has more than {MAX_PARTS} parts") from None
    except (ValueError, UnicodeError) as error:
        raise MalformedForm(f"the body is no multipart body: {_reason_of(error, raw, boundary)}") from None


def _reason_of(error: Exception, raw: bytes, boundary: str) -> str:
    """The decoder's reason in words of the format."""
    if b"--" + boundary.encode("ascii", "replace") not in raw:
        return f"the boundary {boundary[:70]!r} of the Content-Type is not in it"
    if "Content-Disposition" in str(error):
        return "a part has no Content-Disposition"
    return "its last boundary is missing" if "State." in str(error) else str(error)


def read_mixed_parts(raw: bytes, boundary: str, names: Sequence[str]) -> Iterator[Part]:
    """The parts of a multipart body that is no form, such as multipart/related; raises MalformedForm.

    A part is named by its Content-Disposition or its Content-ID; else it has the name of its place among `names`.
    """
    sections = (b"\r\n" + raw).split(b"\r\n--" + boundary.encode("latin-1"))
    if len(sections) > MAX_PARTS + 2:
        raise MalformedForm(f"the body has more than {MAX_PARTS} parts")
    if len(sections) < 2 or not sections[-1].startswith(b"--"):
        raise MalformedForm("the body is no multipart body: its last boundary is missing")
    for place, section in enumerate(sections[1:-1]):
        head, blank, content = section.partition(b"\r\n\r\n")
        if not blank:
            raise MalformedForm(f"the body is no multipart body: part {place + 1} has no end of its headers")
        headers = _headers(head.decode("latin-1"))
        named = _NAME.search(headers.get("content-disposition", ""))
        name = named[1] if named else headers.get("content-id", "").strip("<>")
        if name not in names and not named:
            name = names[place] if place < len(names) else name
        yield Part(name, headers.get("content-type"), False, content, headers)


def _headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.split("\r\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
