"""The checkout page as HTML."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from mockserver.domain.card import DEFAULT_CARD
from mockserver.domain.errors import CheckoutError
from mockserver.domain.money import as_credits, format_dollars
from mockserver.domain.order import DEFAULT_PLAN, Mode
from mockserver.domain.session import CheckoutSession, Status
from mockserver.web.asset_files import Assets
from mockserver.web.card_list import cards_shown
from mockserver.web.reply import HTML, Header, Reply
from mockserver.web.templating import Templates

_ORIGIN: Final = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
YEARS_OF_A_CARD: Final = 4
_STATUS: Final = {Status.PENDING: 200, Status.COMPLETED: 200, Status.EXPIRED: 410}


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A session as its page shows it at `now`.

    `base` is the address the page was asked at, `error` why the last step was refused, in a sentence, `onward` where a
    buyer goes who has paid.
    """

    session: CheckoutSession
    now: datetime
    csrf: str
    base: str
    error: str | None = None
    declined: bool = False
    confirming: str | None = None
    email: str = ""
    onward: str | None = None
    cancelled: bool = False

    @property
    def state(self) -> str:
        """The session's status word."""
        return self.session.status.value

    @property
    def title(self) -> str:
        """What is bought."""
        order = self.session.order
        if order.mode is Mode.SUBSCRIPTION:
            return f"Plan {order.plan_id or DEFAULT_PLAN}"
        return self.credits if order.microcredits else "No credits"

    @property
    def credits(self) -> str:
        """How many credits it brings, such as `50 credits`."""
        count = f"{as_credits(self.session.order.microcredits):,}"
        return f"{count} credit" if count == "1" else f"{count} credits"

    @property
    def price(self) -> str:
        """What it costs, such as `$50.00`."""
        return format_dollars(self.session.order.cents)

    @property
    def time_left(self) -> str:
        """How long the session stays open, such as `23 h 59 min`."""
        seconds = max(self.session.expires_at - self.now, timedelta()) // timedelta(seconds=1)
        hours, minutes = seconds // 3600, seconds // 60 % 60
        if hours:
            return f"{hours} h {minutes} min"
        return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"

    @property
    def expiry(self) -> str:
        """An expiry date that a card may have, such as `12/34`."""
        year = self.now.year + YEARS_OF_A_CARD
        return f"12/{year % 100:02}" if year < 2100 else f"12/{year}"

    @property
    def back(self) -> str | None:
        """Where a buyer goes who turns back."""
        return self.session.order.cancel_url

    @property
    def redirects(self) -> Iterable[str]:
        """Where its forms may lead."""
        return filter(None, (self.session.order.success_url, self.session.order.cancel_url))


class PageViews:
    """Renders pages."""

    def __init__(self, templates: Templates, assets: Assets) -> None:
        self._templates = templates
        self._assets = assets

    def checkout(self, view: CheckoutView, *, status: int | None = None, headers: Iterable[Header] = ()) -> Reply:
        """The page of a session."""
        text = self._templates.render(
            "checkout.html", view=view, default_card=DEFAULT_CARD, cards=cards_shown(), assets=self._assets.path
        )
        policy = {"form-action": _form_targets(view.redirects)}
        if view.session.status is Status.PENDING:
            policy["script-src"] = _named(f"{view.base}{self._assets.path}page.js")
            policy["connect-src"] = _named(f"{view.base}/c/pay/{view.session.id}/state")
        return self._reply(text, status or _STATUS[view.session.status], policy=policy, headers=headers)

    def problem(self, error: CheckoutError, *, status: int, headers: Iterable[Header] = ()) -> Reply:
        """The page that says there is no such session."""
        text = self._templates.render("problem.html", message=error.message, assets=self._assets.path)
        return self._reply(text, status, policy={"form-action": "'none'"}, headers=headers)

    def _reply(self, text: str, status: int, *, policy: Mapping[str, str], headers: Iterable[Header]) -> Reply:
        rules = {
            "default-src": "'none'",
            "style-src": f"'{self._style_hash}'",
            "img-src": "'self'",
            **policy,
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        guards: list[Header] = [
            (b"content-security-policy", "; ".join(f"{name} {value}" for name, value in rules.items()).encode("ascii")),
            (b"cache-control", b"no-store"),
            (b"referrer-policy", b"same-origin"),
            (b"x-content-type-options", b"nosniff"),
        ]
        return Reply.text(text, media_type=HTML, status=status, headers=[*guards, *headers])

    @cached_property
    def _style_hash(self) -> str:
        style = self._templates.render("style.css")
        digest = hashlib.sha256(style.encode("utf-8")).digest()
        return "sha256-" + base64.b64encode(digest).decode("ascii")


def _form_targets(redirects: Iterable[str]) -> str:
    # Chromium holds the whole way that follows a form to form-action: the shop's page, and wherever that leads
    leads_on = list(redirects)
    origins = dict.fromkeys(origin for url in leads_on if (origin := _origin(url)))
    return " ".join(["'self'", *origins, *(["http:", "https:"] if leads_on else [])])


def _named(url: str) -> str:
    """A file of ours as a policy names it; by an IPv6 address it cannot."""
    return "'self'" if "[" in url or not _origin(url) else url


def _origin(url: str) -> str | None:
    """The URL's origin, where a policy can name it: a host with an underscore it cannot."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    origin = f"{parts.scheme}://{host}"
    return origin if _ORIGIN.fullmatch(origin) else None
