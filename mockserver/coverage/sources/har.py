"""The exchanges of an HTTP archive (HAR 1.2), which browsers, proxies and the mock's journal write."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from mockserver.coverage.exchange import SeenExchange, decoded_path, key_account

Headers = list[tuple[bytes, bytes]]


def har_exchanges(value: Mapping[str, Any], base: str | None) -> Iterator[SeenExchange]:
    """The exchanges below a base URL, or all of them. A damaged archive raises KeyError, TypeError or ValueError."""
    for entry in value["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        path = path_below(str(request["url"]), base)
        if path is None:
            continue
        headers = _headers(request)
        yield SeenExchange(
            method=str(request["method"]),
            path=decoded_path(path),
            query=urlsplit(str(request["url"])).query,
            headers=headers,
            body=_request_body(request.get("postData")),
            status=max(int(response["status"]), 0),
            media_type=_media_type(response),
            reply=_content(response.get("content") or {}),
            account=key_account(headers),
            location=str(response.get("redirectURL") or ""),
            encoded_path=path,
        )


def path_below(url: str, base: str | None) -> str | None:
    """The encoded path of a URL, below the base if there is one; None if the URL is elsewhere."""
    if base is None:
        return urlsplit(url).path or "/"
    prefix = base.rstrip("/")
    if not url.startswith(prefix) or url[len(prefix) : len(prefix) + 1] not in ("", "/", "?"):
        return None
    return urlsplit(url[len(prefix) :]).path or "/"


def _headers(message: Mapping[str, Any]) -> Headers:
    pairs = [(str(each["name"]).lower(), str(each["value"])) for each in message.get("headers") or ()]
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in pairs]


def _request_body(data: Any) -> bytes:
    if not isinstance(data, Mapping):
        return b""
    if (text := data.get("text")) is not None:
        return str(text).encode("utf-8", "surrogatepass")
    pairs = [(str(each["name"]), str(each.get("value") or "")) for each in data.get("params") or ()]
    return urlencode(pairs).encode()


def _content(content: Mapping[str, Any]) -> bytes:
    text = str(content.get("text") or "")
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


def _media_type(response: Mapping[str, Any]) -> str | None:
    found = dict(_headers(response)).get(b"content-type")
    given = found.decode("latin-1") if found is not None else (response.get("content") or {}).get("mimeType")
    return str(given) if given and given != "x-unknown" else None
