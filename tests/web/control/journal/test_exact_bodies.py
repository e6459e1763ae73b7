"""The journal has the exact text of a request's body, so that a client can send the same again."""

from __future__ import annotations

import gzip

import pytest

from tests.web.mock_client import KEY, Mock

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "content",
    [
        b'{"amount": 1.0, "amount": 7}',
        b'{"amount":  7,\r\n"x": "\\u00fc\\/"}\n',
        b'{"amount": 7,}',
        b"amount=7&x=%20",
        "\ufeff{}ü\x00".encode(),
    ],
)
def test_text_of_a_body_is_what_was_sent(mock: Mock, content: bytes) -> None:
    assert text_of(mock, content) == content.decode()


def test_secrets_are_missing_from_the_text_of_a_body(mock: Mock) -> None:
    content = f'{{"amount": 1.0, "note": "{KEY}", "note": "4242424242424241", "b": "\\u0073k-other"}}'.encode()
    text = text_of(mock, content) or ""
    assert text.startswith('{"amount": 1.0, "note": "[redacted]", "note": ')
    assert KEY not in text
    assert "k-other" not in text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{\x00}\x00"])
def test_body_without_text_has_none(mock: Mock, content: bytes) -> None:
    assert text_of(mock, content) is None


def test_compressed_body_is_shown_as_it_was_meant(mock: Mock) -> None:
    content = gzip.compress(f'{{"amount": 7.0, "note": "{KEY}"}}'.encode())
    assert text_of(mock, content, **{"content-encoding": "gzip"}) == '{"amount": 7.0, "note": "[redacted]"}'


def text_of(mock: Mock, content: bytes, **headers: str) -> str | None:
    """The text of the last exchange, after a checkout with this body."""
    mock.request("POST", "/billing/checkout", content=content, headers={"x-access-token": KEY, **JSON, **headers})
    text: str | None = mock.get("/_mock/requests").json()["requests"][0]["body_text"]
    return text
