"""The form of a payment page, filled in and sent as a browser would.

Only plain forms are read: a page that needs scripts, or the fields of another party, cannot be paid at by this harness.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.account_readings import path_at_target
from mockserver_contracts.target.client import Call, TargetClient
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import WebPage

CARD: Final = "4242424242424242"
_FORM: Final = "application/x-www-form-urlencoded"
_CARD_FIELD: Final = re.compile(r"card|cc-number|\bpan\b", re.IGNORECASE)
_CANCEL: Final = re.compile(r"cancel|back|abort", re.IGNORECASE)
# The texts for empty fields, by a part of their names.
_TEXTS: Final = (
    (re.compile("mail", re.IGNORECASE), "buyer@example.com"),
    (re.compile("exp", re.IGNORECASE), "12/34"),
    (re.compile("cvc|cvv|code", re.IGNORECASE), "123"),
    (re.compile("zip|post", re.IGNORECASE), "12345"),
    (re.compile("country", re.IGNORECASE), "US"),
    (re.compile("name", re.IGNORECASE), "A Buyer"),
)


class NoForm(Undecided):
    """The page was answered, and has no form that this harness can fill in and send to the target."""


@dataclass(slots=True)
class PaymentForm:
    """A form with a field for a card: where it is sent, its fields, and its buttons with their names and values."""

    path: str
    cookie: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    card_field: str | None = None
    # Where the page has a form of its own to cancel.
    cancellation: PaymentForm | None = None

    def pay(self, client: TargetClient, *, card: str = CARD) -> Exchange:
        """Send the form with the card as the button to pay does."""
        return client.send_at_once([self.payment(card)])[0]

    def payment(self, card: str = CARD) -> Call:
        """The call that the button to pay makes."""
        button = next((each for each in self.buttons if not _CANCEL.search(" ".join(each))), ("", "", ""))
        return self._call(button, card)

    def cancel(self, client: TargetClient) -> Exchange | None:
        """Do what the button to cancel does; None without such a button."""
        button = next((each for each in self.buttons if _CANCEL.search(" ".join(each))), None)
        if button is not None:
            return client.send_at_once([self._call(button, CARD)])[0]
        return None if self.cancellation is None else self.cancellation.cancel(client)

    def _call(self, button: tuple[str, str, str], card: str) -> Call:
        name, value, _ = button
        paid_by = {self.card_field: card} if self.card_field else {}
        fields = {**self.fields, **paid_by, **({name: value} if name else {})}
        headers = {"content-type": _FORM, "accept": "text/html"}
        if self.cookie:  # a browser sends the page's cookie with its form
            headers["cookie"] = self.cookie
        return "POST", self.path, headers, urlencode(fields).encode(), None


def pay_at_once(client: TargetClient, forms: Sequence[PaymentForm]) -> list[Exchange]:
    """Send the forms at the same time as their buttons to pay do."""
    return client.send_at_once([form.payment() for form in forms])


def form_on(page: WebPage, client: TargetClient) -> PaymentForm:
    """The form on the page. Raises NoForm."""
    reader = _FormReader()
    reader.feed(page.answer.response.body.decode("utf-8", "replace"))
    for action, form in reader.forms:
        if form.card_field is not None:
            path = path_at_target(client, urljoin(page.url, action))
            if path is None:
                raise NoForm("the form of the page is sent to another host")
            form.path, form.cookie = path, page.cookies
            form.cancellation = _form_to_cancel(reader, page, client)
            return form
    raise NoForm("the page has no form that can be filled in")


def _form_to_cancel(reader: _FormReader, page: WebPage, client: TargetClient) -> PaymentForm | None:
    """The form without a card whose button cancels, if the page has one."""
    for action, form in reader.forms:
        path = path_at_target(client, urljoin(page.url, action))
        cancels = any(_CANCEL.search(" ".join(button)) for button in form.buttons)
        if form.card_field is None and path is not None and cancels:
            form.path, form.cookie = path, page.cookies
            return form
    return None


class _FormReader(HTMLParser):
    """Reads the forms of a page that are sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, PaymentForm]] = []
        self._form: PaymentForm | None = None
        self._select = ""
        self._is_in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form, a field or a button."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = None
            if given.get("method", "").lower() == "post":
                self._form = PaymentForm("", "")
                self.forms.append((given.get("action", ""), self._form))
        elif self._form is not None:
            self._take(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """End a form or a button."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "button":
            self._is_in_button = False

    def handle_data(self, data: str) -> None:
        """Take the text of a button."""
        if self._form is not None and self._is_in_button:
            name, value, text = self._form.buttons[-1]
            self._form.buttons[-1] = (name, value, text + data)

    def _take(self, tag: str, given: Mapping[str, str]) -> None:
        assert self._form is not None
        fields, name = self._form.fields, given.get("name", "")
        kind = given.get("type", "text" if tag == "input" else "submit").lower()
        if tag in ("button", "input") and kind in ("submit", "image"):
            self._form.buttons.append((name, given.get("value", ""), ""))
            self._is_in_button = tag == "button"
        elif tag == "option" and self._select and not fields[self._select]:
            fields[self._select] = given.get("value", "")
        elif not name:
            return
        elif tag == "input" and kind in ("checkbox", "radio"):
            # a box that must be ticked, such as the terms; of several choices the one that is made, or the first
            if "checked" in given or "required" in given or (kind == "radio" and name not in fields):
                fields[name] = given.get("value", "on")
        elif tag == "input" and kind not in ("button", "reset", "file"):
            fields[name] = given.get("value", "") or _text_for(name)
            hints = f"{name} {given.get('autocomplete', '')} {given.get('id', '')}"
            if kind != "hidden" and self._form.card_field is None and _CARD_FIELD.search(hints):
                self._form.card_field = name
        elif tag == "select":
            self._select, fields[name] = name, ""
        elif tag == "textarea":
            fields[name] = _text_for(name)


def _text_for(name: str) -> str:
    return next((text for pattern, text in _TEXTS if pattern.search(name)), "")
