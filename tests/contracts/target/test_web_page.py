"""A page is opened as a browser opens it, through redirects of its own host."""

from __future__ import annotations

from typing import Any, cast

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

BASE = "http://localhost:8000/api"


class Site:
    """A client of a site whose pages are given by path; it keeps the cookies that it was sent."""

    url = BASE

    def __init__(self, pages: dict[str, tuple[int, dict[str, str]]]) -> None:
        self._pages = pages
        self.cookies: list[str | None] = []

    def send(self, method: str, path: str, headers: dict[str, str]) -> Exchange:
        self.cookies.append(headers.get("cookie"))
        status, given = self._pages[path]
        return Exchange(Request(method, BASE + path, headers), Response(status, given, b""))


def opened(pages: dict[str, tuple[int, dict[str, str]]]) -> tuple[Any, Site]:
    site = Site(pages)
    return open_page(cast("TargetClient", site), f"{BASE}/pay/1"), site


def test_redirects_are_followed_with_the_cookies_that_they_set() -> None:
    page, site = opened(
        {
            "/pay/1": (302, {"location": "/api/pay/1?lang=en", "set-cookie": "sid=1; HttpOnly"}),
            "/pay/1?lang=en": (303, {"location": f"{BASE}/form", "set-cookie": "lang=en"}),
            "/form": (200, {}),
        }
    )
    assert (page.answer.status, page.url, page.cookies) == (200, f"{BASE}/form", "sid=1; lang=en")
    assert site.cookies == [None, "sid=1", "sid=1; lang=en"]


def test_redirect_to_another_host_leads_elsewhere() -> None:
    with pytest.raises(LeadsElsewhere):
        opened({"/pay/1": (302, {"location": "https://checkout.stripe.com/c/pay/1"})})


@pytest.mark.parametrize("location", ["javascript:alert(1)", "http://[::1", ""])
def test_location_that_no_browser_opens_ends_the_way(location: str) -> None:
    page, _ = opened({"/pay/1": (302, {"location": location})})
    assert page.answer.status == 302


def test_redirects_in_a_circle_end() -> None:
    page, site = opened({"/pay/1": (302, {"location": "/api/pay/1"})})
    assert (page.answer.status, len(site.cookies)) == (302, 6)
