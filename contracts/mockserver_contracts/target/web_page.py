"""A page of the target, opened as a browser does: with its cookies, and through redirects on the target's own host."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urljoin, urlsplit

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.account_readings import path_at_target
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.transport.listener import refuses_connections
from mockserver_contracts.target.undecided import Undecided

_MOST_REDIRECTS: Final = 5
_HTML: Final = "text/html"
_PORTS: Final = {"http": 80, "https": 443}


class LeadsElsewhere(Undecided):
    """The URL, or a redirect on the way, leads to another host, which `url` names."""

    def __init__(self, url: str) -> None:
        super().__init__("the URL leads to another host")
        self.url = url


@dataclass(frozen=True, slots=True)
class WebPage:
    """The last answer on the way to a page, its URL, and the cookies that were set on that way."""

    answer: Exchange
    url: str
    cookies: str


def open_page(client: TargetClient, url: str, *, accept: str = _HTML) -> WebPage:
    """Open the page of a URL; raise LeadsElsewhere if the URL or a redirect does."""
    cookies: dict[str, str] = {}
    for _ in range(_MOST_REDIRECTS + 1):
        path = path_at_target(client, url)
        if path is None:
            raise LeadsElsewhere(url)
        sent = {"cookie": _joined(cookies)} if cookies else {}
        answer = client.send("GET", path, {"accept": accept, **sent})
        name, is_set, value = (answer.header("set-cookie") or "").partition(";")[0].partition("=")
        if is_set:
            cookies[name.strip()] = value
        following = _redirect_of(answer, url)
        if following is None:
            break
        url = following
    return WebPage(answer, url, _joined(cookies))


def nobody_listens_at(client: TargetClient, url: str) -> bool:
    """The URL names another port of the target's own machine, which refuses connections.

    Other machines are not called: a payment page may belong to another party, and be out of reach of a test.
    """
    parts, base = urlsplit(url), urlsplit(client.url)
    try:
        port = parts.port if parts.port is not None else _PORTS[parts.scheme]
    except (KeyError, ValueError):
        return False
    host, own = parts.hostname or "", base.hostname or ""
    is_there = host == own or (_is_this_machine(host) and _is_this_machine(own))
    if not is_there or path_at_target(client, url) is not None:
        return False
    return port == 0 or refuses_connections(host, port)


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _joined(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _redirect_of(answer: Exchange, url: str) -> str | None:
    """The URL that a browser opens next; None if the answer redirects to no page."""
    location = answer.header("location")
    if not location or not 300 <= answer.status < 400:
        return None
    try:
        following = urljoin(url, location)
    except ValueError:
        return None
    return following if following.lower().startswith(("http://", "https://")) else None
