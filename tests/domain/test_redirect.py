from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import load
from mockserver.domain.redirect import usable_redirect, with_session_id

USABLE = [
    "https://shop.example/ok",
    "http://localhost:3000/ok?a=1#top",
    "HTTPS://SHOP.EXAMPLE",
    "http://127.0.0.1",
    "http://[::1]:8080/x",
    "https://shop.example?x",
    "https://shop.example/ok?session={CHECKOUT_SESSION_ID}",
    "https://user:pass@shop.example/",
]
UNUSABLE = [
    "",
    "javascript:alert(1)",
    "//shop.example",
    "/ok",
    "ftp://shop.example",
    "https://",
    "https:///ok",
    "https://?x",
    "https://:80/",
    "https://shop.example/a b",
    "https://shop.example/\r\nSet-Cookie: a=b",
    "https://shop.example/\n",
    "https://shöp.example/",
    "https://shop.example/\u0000",
    " https://shop.example/",
]


@pytest.mark.parametrize("url", USABLE)
def test_absolute_http_url_is_usable(url: str) -> None:
    assert usable_redirect(url) == url


@pytest.mark.parametrize("url", [*UNUSABLE, None, 5, True, [], {}])
def test_other_redirects_are_not_usable(url: object) -> None:
    assert usable_redirect(url) is None


def test_session_id_template_is_replaced_everywhere() -> None:
    url = "https://shop.example/{CHECKOUT_SESSION_ID}?s={CHECKOUT_SESSION_ID}"
    assert with_session_id(url, "cs_test_1") == "https://shop.example/cs_test_1?s=cs_test_1"


pieces = st.sampled_from(
    ["http", "https", "://", ":", "/", "//", "@", "[", "]", "::1", "a", ".", "b.c", "?", "#", "%", "80"]
)


@given(
    st.one_of(st.sampled_from([*USABLE, *UNUSABLE]), st.lists(pieces, max_size=9).map("".join), st.text(max_size=20))
)
def test_page_contract_accepts_exactly_the_usable_redirects(url: str) -> None:
    """A redirect that only one of the two accepts would be dropped silently."""
    contract, _ = load("page")
    item = contract.path("/billing/checkout")
    operation = item.operation("POST") if item else None
    assert operation is not None
    body = {"amount": 1, "success_url": url}
    assert operation.accepts_body(body) == (usable_redirect(url) is not None), json.dumps(url)
