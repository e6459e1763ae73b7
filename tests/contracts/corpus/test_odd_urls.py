"""Which URLs everybody reads."""

from __future__ import annotations

import pytest
from mockserver_contracts.corpus.odd_urls import has_odd_url, is_plain


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/thanks?s={CHECKOUT_SESSION_ID}#a",
        "http://localhost:3000/ok",
        "https://user@shop.example:8443/a",
        "HTTP://SHOP.example",
        "http://[2001:db8::1]:80/",
    ],
)
def test_url_that_every_parser_reads_is_plain(url: str) -> None:
    assert is_plain(url)


@pytest.mark.parametrize(
    "url",
    [
        "Https://[0050001]",
        "HttP://y@[6]",
        "htTP://%0@[..3a.5eAaFf]:727",
        "hTtp://@3:85771",
        "http://a..b/",
        "http://-a/",
        "http://1.2.3/",
        "http://a:/",
        "http://a:0/",
        "http://x;y@a/",
    ],
)
def test_url_that_a_parser_may_refuse_is_odd(url: str) -> None:
    assert not is_plain(url)
    assert has_odd_url(b'{"a": [{"b": "%b"}]}' % url.encode())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": "text"}', b'"https://shop.example"'])
def test_body_without_odd_urls_has_none(body: bytes) -> None:
    assert not has_odd_url(body)
