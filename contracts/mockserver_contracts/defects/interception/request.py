"""The request that a defect intercepts on its way to the correct server, and may change."""

from __future__ import annotations

import json
import re
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode

from mockserver_contracts.defects.interception.response import JSON, Headers, parse_json, replace_header
from mockserver_contracts.document.operations import CHECKOUT, CHECKOUTS

KEY_HEADER: Final = b"x-access-token"

_CONTROL_ACTION: Final = re.compile(r"/_mock/sessions/([^/]+)/(pay|cancel|expire)")
_PAGE: Final = re.compile(r"/(?:c/)?pay/([^/]+)")
_FORM_FIELDS: Final = 20


@dataclass(frozen=True, slots=True)
class BuyerAction:
    """An action of the buyer on a session: pay, cancel or expire."""

    kind: str
    session: str


@dataclass(frozen=True, slots=True)
class InterceptedRequest:
    """A request with its whole body."""

    scope: MutableMapping[str, Any]
    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes

    @property
    def key(self) -> str | None:
        """The value of the API key's header; None without that header."""
        return next((value.decode("latin-1") for name, value in self.headers if name == KEY_HEADER), None)

    @property
    def is_billing(self) -> bool:
        """The request goes to the billing API."""
        return self.path.startswith("/billing/")

    @property
    def is_control(self) -> bool:
        """The request goes to the control API."""
        return self.path.startswith("/_mock/")

    @property
    def is_creation(self) -> bool:
        """The request asks for a new session."""
        return (self.method, self.path) == ("POST", CHECKOUT)

    @property
    def is_list(self) -> bool:
        """The request asks for the list of sessions."""
        return (self.method, self.path) == ("GET", CHECKOUTS)

    @property
    def json(self) -> Any:
        """The parsed body; None if it is not JSON."""
        return parse_json(self.body)

    @property
    def fields(self) -> dict[str, Any]:
        """The members of the body; empty if it is not a JSON object."""
        parsed = self.json
        return parsed if isinstance(parsed, dict) else {}

    @property
    def buyer_action(self) -> BuyerAction | None:
        """The buyer's action that the request stands for, on the page or in the control API."""
        if self.method != "POST":
            return None
        if (control := _CONTROL_ACTION.fullmatch(self.path)) is not None:
            return BuyerAction(control[2], control[1])
        if (page := _PAGE.fullmatch(self.path)) is not None and (kind := self.form.get("action")) is not None:
            return BuyerAction(kind, page[1])
        return None

    @property
    def form(self) -> dict[str, str]:
        """The fields of the page's form; empty if the body is no form."""
        try:
            fields = parse_qs(self.body.decode("ascii"), keep_blank_values=True, max_num_fields=_FORM_FIELDS)
        except ValueError:
            return {}
        return {name: values[-1] for name, values in fields.items()}

    def number(self, name: str, default: int) -> int:
        """A query parameter as a whole number; the default if it is not one."""
        value = self.parameter(name) or ""
        return int(value) if value.isascii() and value.isdigit() else default

    def parameter(self, name: str) -> str | None:
        """A query parameter; of several, the last one."""
        return dict(parse_qsl(self.query.decode("latin-1"))).get(name)

    def with_parameter(self, name: str, value: str | None) -> InterceptedRequest:
        """The request with another value of the query parameter, or without it if the value is None."""
        others = [pair for pair in parse_qsl(self.query.decode("latin-1"), keep_blank_values=True) if pair[0] != name]
        return replace(self, query=urlencode(others if value is None else [*others, (name, value)]).encode())

    def with_json(self, value: Any) -> InterceptedRequest:
        """The request with another body, announced as JSON."""
        body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return replace(self.with_header(b"content-type", JSON), body=body)

    def with_fields(self, **fields: Any) -> InterceptedRequest:
        """The request with some members of its JSON body replaced."""
        return self.with_json({**self.fields, **fields})

    def with_form(self, **fields: str) -> InterceptedRequest:
        """The request with some fields of the page's form replaced."""
        return replace(self, body=urlencode({**self.form, **fields}).encode())

    def with_header(self, name: bytes, value: bytes | None) -> InterceptedRequest:
        """The request with this header once, or without it if the value is None."""
        return replace(self, headers=replace_header(self.headers, name, value))

    def with_key(self, key: str) -> InterceptedRequest:
        """The request with another API key."""
        return self.with_header(KEY_HEADER, key.encode("latin-1", "replace"))
