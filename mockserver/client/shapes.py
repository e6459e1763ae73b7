"""The JSON objects that an account's calls return. An amount is an int, or a Decimal if it has a fraction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypedDict

Number = int | Decimal
"""An amount of dollars, credits or seconds, exactly as the mock wrote it."""


class AttemptJson(TypedDict):
    """One attempt to pay. `outcome` is `paid`, `cancelled`, `authentication_required` or a decline code."""

    at: str
    card_brand: str | None
    card_last4: str
    outcome: str


class SessionJson(TypedDict):
    """A checkout session. Times are in RFC 3339; `amount` is in dollars. The buyer is known from the page's form."""

    id: str
    url: str
    account: str
    mode: str
    plan_id: str | None
    amount: Number | None
    currency: str
    status: str
    credits: Number
    success_url: str | None
    cancel_url: str | None
    created_at: str
    expires_at: str
    completed_at: str | None
    email: str | None
    buyer_name: str | None
    country: str | None
    postal_code: str | None
    attempts: list[AttemptJson]


class UsageJson(TypedDict):
    """An account's credits: its balance, and those used in all, in this month and by category."""

    credit_balance: Number
    usage_this_month: Number
    breakdown: dict[str, Number]
    plan_id: str
    email: str
    credit_used: Number


class InvoiceJson(TypedDict):
    """An invoice. `amount` is in dollars, `created_at` in RFC 3339; that of a recharge has no session."""

    id: str
    account: str
    description: str
    amount: Number
    credits: Number
    created_at: str
    session: str | None
    email: str | None
    pdf_url: str


class ViolationJson(TypedDict):
    """A violation of the contract, at an RFC 6901 pointer."""

    pointer: str
    message: str
    code: str


class VerdictJson(TypedDict):
    """The violations of a request and of its response."""

    request: list[ViolationJson]
    response: list[ViolationJson]


class ExchangeJson(TypedDict):
    """A request with its response, as the journal shows them.

    `body_text` is the exact text of the request's body, None if that is empty or not UTF-8. `status` is None if the
    connection was cut, `operation` if the contract declares none.
    """

    id: int
    at: str
    mock_now: str
    method: str
    path: str
    query: str
    operation: str | None
    headers: dict[str, str]
    body: Any
    body_text: str | None
    status: int | None
    response_headers: dict[str, str]
    response_body: Any
    duration_ms: Number
    account: str | None
    truncated: bool
    fault: str | None
    notes: list[str]
    contract: VerdictJson


class FaultJson(TypedDict):
    """A planned fault. `remaining` is None without a limit; `delay` is in seconds."""

    id: str
    match: dict[str, str]
    times: int | None
    remaining: int | None
    struck: int
    probability: Number
    seed: int
    delay: Number
    then: Any
