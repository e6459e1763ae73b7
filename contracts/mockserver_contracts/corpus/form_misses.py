"""Near misses of forms: bodies that are nearly a form, as browsers, scripts and proxies send them.

A right server may take or refuse them; it fails at none. The schema of a form is left to Schemathesis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from mockserver.contract.mocking.sample import sample
from mockserver.contract.pointer import dereference
from mockserver_contracts.corpus.miss_body import MissBody

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
_BOUNDARY: Final = "near-miss"


def form_misses(document: Mapping[str, Any], path: str, method: str) -> Iterator[MissBody]:
    """The near misses of the operation's forms."""
    try:
        operation = document["paths"][path][method]
        content = dereference(document, operation.get("requestBody", {})).get("content", {})
    except (LookupError, AttributeError):
        return
    for media_type, misses in ((URLENCODED, _urlencoded), (MULTIPART, _multipart)):
        if isinstance(content.get(media_type), Mapping):
            fields = sample(content[media_type].get("schema", {}), document, direction="request")
            for cause, body, announced in misses(_texts(fields)):
                yield MissBody(f"a form: {cause}", body, announced, is_open=True)


def _texts(fields: Any) -> dict[str, str]:
    texts = {name: str(value) for name, value in fields.items()} if isinstance(fields, dict) else {}
    return texts or {"a": "1"}


def _urlencoded(fields: Mapping[str, str]) -> Iterator[tuple[str, bytes, str]]:
    whole = urlencode(fields)
    name = quote_plus(next(iter(fields)))
    for cause, text in {
        "a field twice": f"{whole}&{whole}",
        "a list by its name": f"{whole}&{name}[]=1&{name}[]=2",
        "a member": f"{whole}&{name}[a][b]=1",
        "a member of every object": f"{whole}&__proto__[x]=1&constructor[prototype][x]=1",
        "a half-written escape": f"{whole}&{name}=%2",
        "no UTF-8": f"{whole}&{name}=%FF%FE",
        "NUL": f"{whole}&{name}=%00",
        "nothing but signs": "&&==&=;&",
        "a field without a value": f"{whole}&{name}",
    }.items():
        yield cause, text.encode(), URLENCODED
    yield "UTF-16", whole.encode("utf-16"), URLENCODED
    yield "another charset", whole.encode(), f"{URLENCODED}; charset=utf-7"


def _multipart(fields: Mapping[str, str]) -> Iterator[tuple[str, bytes, str]]:
    announced = f"{MULTIPART}; boundary={_BOUNDARY}"
    parts = "".join(_part(f'name="{name}"', text) for name, text in fields.items())
    whole = f"{parts}--{_BOUNDARY}--\r\n"
    yield "no boundary", whole.encode(), MULTIPART
    yield "another boundary", whole.encode(), f"{MULTIPART}; boundary=other"
    yield "an empty boundary", whole.encode(), f'{MULTIPART}; boundary=""'
    yield "no end", parts.encode(), announced
    yield "cut short", whole.encode()[: len(whole) // 2], announced
    yield "no part", f"--{_BOUNDARY}--\r\n".encode(), announced
    yield "a part without a name", f"{_part('x', '1')}{whole}".encode(), announced
    yield "a field twice", f"{parts}{whole}".encode(), announced
    yield "line feeds alone", whole.replace("\r\n", "\n").encode(), announced
    name = next(iter(fields))
    upwards = _part(f'name="{name}"; filename="../../x\\"\0.txt"', "1")
    yield "a file name upwards", f"{upwards}{whole}".encode(), announced


def _part(disposition: str, text: str) -> str:
    return f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{text}\r\n"
