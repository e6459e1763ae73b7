"""The checkout page as HTML."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from mockserver.domain.card import DEFAULT_CARD
from mockserver.domain.errors import CheckoutError
from mockserver.domain.money import credits_shown, dollars_shown
from mockserver.domain.order import DEFAULT_PLAN, Mode
from mockserver.domain.session import CheckoutSession, Status
from mockserver.web.card_list import cards_shown
from mockserver.web.reply import HTML, Header, Reply
from mockserver.web.templating import Templates

_ORIGIN: Final = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_STATUS: Final = {Status.PENDING: 200, Status.COMPLETED: 200, Status.EXPIRED: 410}


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A session as its page shows it at `now`; `error` is why the last step was refused, in a sentence."""

    session: CheckoutSession
    now: datetime
    csrf: str
    error: str | None = None
    declined: bool = False
    confirming: str | None = None
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
        count = f"{credits_shown(self.session.order.microcredits):,}"
        return f"{count} credit" if count == "1" else f"{count} credits"

    @property
    def price(self) -> str:
        """What it costs, such as `$50.00`."""
        return dollars_shown(self.session.order.cents)

    @property
    def time_left(self) -> str:
        """How long the session stays open, such as `23 h 59 min`."""
        seconds = max(self.session.expires_at - self.now, timedelta()) // timedelta(seconds=1)
        hours, minutes = seconds // 3600, seconds // 60 % 60
        if hours:
            return f"{hours} h {minutes} min"
        return f"{minutes} min" if minutes else f"{seconds} s"

    @property
    def redirects(self) -> Iterable[str]:
        """Where its forms may lead."""
        return filter(None, (self.session.order.success_url, self.session.order.cancel_url))


class PageViews:
    """Renders pages."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def checkout(self, view: CheckoutView, *, status: int | None = None, headers: Iterable[Header] = ()) -> Reply:
        """The page of a session."""
        text = self._templates.render("checkout.html", view=view, default_card=DEFAULT_CARD, cards=cards_shown())
        return self._reply(text, status or _STATUS[view.session.status], redirects=view.redirects, headers=headers)

    def problem(self, error: CheckoutError, *, status: int, headers: Iterable[Header] = ()) -> Reply:
        """The page that says there is no such session."""
        text = self._templates.render("problem.html", message=error.message)
        return self._reply(text, status, headers=headers)

    def _reply(self, text: str, status: int, *, redirects: Iterable[str] = (), headers: Iterable[Header] = ()) -> Reply:
        # Chromium holds the whole way that follows a form to form-action: the shop's page, and wherever that leads
        leads_on = list(redirects)
        origins = dict.fromkeys(origin for url in leads_on if (origin := _origin(url)))
        targets = ["'self'", *origins, *(["http:", "https:"] if leads_on else [])]
        policy = (
            f"default-src 'none'; style-src '{self._style_hash}'; form-action {' '.join(targets)};"
            " base-uri 'none'; frame-ancestors 'none'"
        )
        guards: list[Header] = [
            (b"content-security-policy", policy.encode("ascii")),
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


def _origin(url: str) -> str | None:
    """The URL's origin, where a policy can name it: a host with an underscore it cannot."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    origin = f"{parts.scheme}://{host}"
    return origin if _ORIGIN.fullmatch(origin) else None
