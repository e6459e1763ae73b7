"""The form of the checkout page, as a browser without JavaScript fills it in and sends it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx

from tests.web.mock_client import Mock

SHOP = {"success_url": "https://shop.example/yes?s={CHECKOUT_SESSION_ID}", "cancel_url": "http://shop.example:81/no"}
PATHS = ["/c/pay/{}", "/pay/{}"]
TYPED = {
    "email": "ada@shop.example",
    "card": "4242 4242 4242 4242",
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Ada Byron",
    "country": "US",
    "postal": "12345-6789",
}
FULLWIDTH = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}
ARABIC = {ord(str(digit)): 0x660 + digit for digit in range(10)}
"""Tables for `str.translate`: the digits of other scripts, which have ten code points in a row."""


class Form(HTMLParser):
    """The names and values of a page's inputs, and the attributes of each."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in ("input", "select") and "name" in found:
            self.values[found["name"]] = found.get("value", "")
            self.attributes[found["name"]] = found
        if tag == "option" and "selected" in found:
            self.values["country"] = found["value"]


def post(mock: Mock, session: str, /, *, path: str = PATHS[0], **fields: Any) -> Any:
    """The response to the page's form: what the page left empty is typed in, and some fields are changed."""
    form = Form(mock.get(path.format(session))).values or {"csrf": ""}
    given = {**form, **{field: text for field, text in TYPED.items() if not form.get(field)}, "action": "pay", **fields}
    return mock.request("POST", path.format(session), data=given)


def post_raw(mock: Mock, session: str, /, **fields: str) -> Any:
    """The response to a form with these fields alone and its token."""
    csrf = Form(mock.get(f"/c/pay/{session}")).values["csrf"]
    return mock.request("POST", f"/c/pay/{session}", data={"csrf": csrf, "action": "pay", **fields})
