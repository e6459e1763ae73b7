"""The merchant, as the checkout page and the invoice name it."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mockserver.domain.order import Order

UNNAMED: Final = "Test merchant"


class Merchant(NamedTuple):
    """A merchant's name."""

    name: str = UNNAMED

    @classmethod
    def of(cls, order: Order | None, *, setting: str | None) -> Merchant:
        """The merchant of the setting, or of the host to which the buyer returns."""
        if setting:
            return cls(setting)
        urls = () if order is None else (order.success_url, order.cancel_url)
        return cls(next((host for url in urls if url and (host := _host(url))), UNNAMED))

    @property
    def initial(self) -> str:
        """The first letter or digit of the name, as its mark."""
        return next((mark.upper() for mark in self.name if mark.isalnum()), "M")


def _host(url: str) -> str:
    try:
        return _in_its_script((urlsplit(url).hostname or "").removeprefix("www."))
    except ValueError:
        return ""


def _in_its_script(host: str) -> str:
    """An internationalized host as browsers show it, if an invoice can print it; else its form in ASCII."""
    try:
        shown = host.encode("ascii").decode("idna")
        shown.encode("cp1252")
    except UnicodeError:
        return host
    return shown if shown.isprintable() else host
