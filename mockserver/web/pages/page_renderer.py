"""The checkout page as HTML, with its security headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mockserver.domain.errors import CheckoutError, SessionNotFound
from mockserver.domain.payment.brand import BRANDS
from mockserver.domain.payment.countries import COUNTRIES, SAMPLE_POSTAL_CODES
from mockserver.domain.session import Status
from mockserver.web.http.reply import HTML, Header, Reply
from mockserver.web.pages.asset_files import AssetFiles
from mockserver.web.pages.checkout_view import CheckoutView
from mockserver.web.pages.templating import Templates
from mockserver.web.pages.typed_fields import SAMPLE_EMAIL, SAMPLE_NAME
from mockserver.web.shapes.card_list import card_groups

if TYPE_CHECKING:
    from markupsafe import Markup

_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_STATUS: Final = {Status.PENDING: 200, Status.COMPLETED: 200, Status.EXPIRED: 410}


class PageRenderer:
    """Render checkout pages as HTML, each with its content security policy."""

    def __init__(self, templates: Templates, assets: AssetFiles) -> None:
        self._templates = templates
        self._assets = assets

    def render_checkout(
        self, view: CheckoutView, *, status: int | None = None, headers: Iterable[Header] = ()
    ) -> Reply:
        """Render the page of a session."""
        text = self._templates.render("checkout.html", view=view, assets=self._assets.path, **self._form_values)
        policy = {"form-action": _form_targets(view.redirects), **self._asset_policy(view.base)}
        if view.scripts:
            policy["script-src"] = " ".join(_source(f"{view.base}{self._assets.path}{name}") for name in view.scripts)
        if view.session.status is Status.PENDING:
            policy["connect-src"] = _source(f"{view.base}/c/pay/{view.session.id}/state")
        return self._reply(text, status or _STATUS[view.session.status], policy=policy, headers=headers)

    def render_problem(self, error: CheckoutError, *, base: str, status: int, headers: Iterable[Header] = ()) -> Reply:
        """Render the page of an error without a session."""
        is_unknown = isinstance(error, SessionNotFound)
        text = self._templates.render(
            "problem.html", message=error.message, is_unknown=is_unknown, assets=self._assets.path
        )
        return self._reply(text, status, policy={"form-action": "'none'", **self._asset_policy(base)}, headers=headers)

    @cached_property
    def _form_values(self) -> Mapping[str, object]:
        """The values of the form that are the same on all pages. Parts of the page are rendered once."""
        return {
            "test_cards": self._templates.render_part("test_cards.html", card_groups=card_groups()),
            "brands": json.dumps([brand._asdict() for brand in BRANDS]),
            "country_options": lru_cache(maxsize=8)(self._country_options),
            "postal_codes": json.dumps(dict(SAMPLE_POSTAL_CODES)),
            "samples": {"email": SAMPLE_EMAIL, "name": SAMPLE_NAME},
        }

    def _country_options(self, selected: str) -> Markup:
        return self._templates.render_part("countries.html", countries=COUNTRIES, selected=selected)

    def _asset_policy(self, base: str) -> Mapping[str, str]:
        """The sources of the style and the font."""
        folder = f"{base}{self._assets.path}"
        return {"style-src": _source(f"{folder}page.css"), "font-src": _source(f"{folder}inter.woff2")}

    def _reply(self, text: str, status: int, *, policy: Mapping[str, str], headers: Iterable[Header]) -> Reply:
        rules = {
            "default-src": "'none'",
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


def _form_targets(redirects: Iterable[str]) -> str:
    # Chromium applies form-action to every redirect after the form: the shop's page may redirect anywhere
    urls = list(redirects)
    origins = dict.fromkeys(origin for url in urls if (origin := _origin(url)))
    return " ".join(["'self'", *origins, *(["http:", "https:"] if urls else [])])


def _source(url: str) -> str:
    """The policy source of one of the mock's files; 'self' if a policy cannot name its host."""
    return url if _origin(url) else "'self'"


def _origin(url: str) -> str | None:
    """The URL's origin; None if a policy cannot name it, such as an IPv6 address or a host with an underscore."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    origin = f"{parts.scheme}://{host}"
    return origin if _ORIGIN.fullmatch(origin) else None
