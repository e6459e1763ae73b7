"""The one place where the parts meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from mockserver._version import __version__
from mockserver.billing import (
    Accounts,
    Checkout,
    Clocks,
    Credit,
    Faults,
    Invoices,
    Lookout,
    News,
    Recharging,
    SystemWall,
    Wall,
)
from mockserver.contract import Contract, Profile, load
from mockserver.domain.duration import duration
from mockserver.domain.order import PriceList
from mockserver.journal import Journal
from mockserver.settings import Settings
from mockserver.store import open_store
from mockserver.web.address import Address
from mockserver.web.asset_files import Assets
from mockserver.web.billing import BillingEndpoints
from mockserver.web.exchange import ContractPaths
from mockserver.web.hosts import Hosts
from mockserver.web.keys import Keys
from mockserver.web.later import Later
from mockserver.web.middleware import ContractFirst, ControlToken, Guard, Headers, RequestLine, RequestLog
from mockserver.web.nowhere import failed, nowhere
from mockserver.web.page_state import PageState
from mockserver.web.recorder import Recorder
from mockserver.web.strikes import Strikes
from mockserver.web.templating import Templates

if TYPE_CHECKING:
    from mockserver.store import Store

PAGES = ("/c/pay/{id}", "/pay/{id}")
INVOICE = "/c/invoice/{id}.pdf"
PAGE_STATE = "/c/pay/{id}/state"
PAGE_ASSETS = "/c/assets/"
GUARDED = ("/_mock", "/c/pay/", "/c/invoice/", PAGE_ASSETS, "/pay/")
ENDING: Final = "mockserver.ending"
"""Where the application's state has what to call when the server is about to end, so that streams end first."""


def create_app(
    settings: Settings | None = None,
    *,
    wall: Wall | None = None,
    request_line: RequestLine | None = None,
) -> Starlette:
    """The mock as an ASGI application.

    Raises ContractError for a profile or document that cannot be used, and StoreError for a store.
    """
    settings = settings or Settings()
    contract, profile = load(settings.profile, spec=settings.spec, overlays=settings.overlays)
    store = open_store(settings.store)
    return Mock(
        settings,
        contract,
        profile,
        store,
        wall=wall or SystemWall(),
    ).app(request_line)


class Mock:
    """The parts of one mock, wired."""

    def __init__(
        self,
        settings: Settings,
        contract: Contract,
        profile: Profile,
        store: Store,
        *,
        wall: Wall,
    ) -> None:
        self.settings = settings
        self.contract = contract
        self.profile = profile
        self.store = store
        self.hosts = Hosts(settings.allow_hosts)
        self.address = Address(self.hosts, checkout_base=settings.checkout_base)
        self.journal = Journal()
        self.templates = Templates()
        self.news = News()
        self.accounts = Accounts(store, wall, news=self.news)
        self.prices = PriceList(
            microcredits_per_dollar=settings.microcredits_per_dollar,
            plans=settings.plans,
            amount_unit=profile.amount_unit,
        )
        self.credit = Credit(store, wall, prices=self.prices, news=self.news)
        self.invoices = Invoices(store)
        self.faults = Faults(store)
        self.strikes = Strikes(self.faults)
        self.clocks = Clocks(store, wall, news=self.news)
        self.checkout = Checkout(store, wall, lifetime=self._lifetime(), news=self.news)
        self.recorder = Recorder(self.journal, self.clocks, wall, self.news)

    def app(self, request_line: RequestLine | None) -> Starlette:
        """The application: what every request goes through, then the routes."""
        middleware = [Middleware(Headers), Middleware(Guard, hosts=self.hosts, prefixes=GUARDED)]
        if self.settings.control_token is not None:
            middleware.append(Middleware(ControlToken, token=self.settings.control_token))
        if request_line is not None:
            middleware.insert(0, Middleware(RequestLog, line=request_line))
        # last, so that it is nearest to the routes: the contract knows its paths by one look-up, routes try one by one
        contract = self._contract_paths()
        middleware.append(Middleware(ContractFirst, contract=contract, but=GUARDED))
        app = Starlette(
            routes=self._routes(),
            middleware=middleware,
            exception_handlers={Exception: failed},
            lifespan=self._life,
        )
        app.router.redirect_slashes = False
        app.router.default = contract
        return app

    @cached_property
    def page_assets(self) -> Assets:
        """The files of the checkout page."""
        return Assets("checkout", prefix=PAGE_ASSETS)

    @asynccontextmanager
    async def _life(self, app: Starlette) -> AsyncIterator[dict[str, Any]]:
        yield {ENDING: self.news.end}
        self.news.end()
        self.store.close()

    def _routes(self) -> list[BaseRoute]:
        pages, control = Later(self._pages), Later(self._control)
        return [
            *(Route(path, pages) for path in PAGES),
            Route(PAGE_STATE, PageState(self.checkout, self.clocks)),
            Route(f"{PAGE_ASSETS}{{digest}}/{{name}}", Later(lambda: self.page_assets)),
            Route(INVOICE, Later(self._invoice_pages)),
            Route("/_mock", control),
            Route("/_mock/{rest:path}", control),
        ]

    def _pages(self) -> ASGIApp:
        from mockserver.web.page_view import PageViews
        from mockserver.web.pages import CheckoutPages

        return CheckoutPages(
            self.checkout,
            PageViews(self.templates, self.page_assets),
            self.address,
            secret=self.store.secret,
            strikes=self.strikes,
            recorder=self.recorder,
            body_limit=self.settings.body_limit,
        )

    def _invoice_pages(self) -> ASGIApp:
        from mockserver.web.invoice_pages import InvoicePages

        return InvoicePages(
            self.invoices, strikes=self.strikes, recorder=self.recorder, body_limit=self.settings.body_limit
        )

    def _control(self) -> ASGIApp:
        from mockserver.web.control.accounts import AccountsNoun
        from mockserver.web.control.clock import ClockNoun
        from mockserver.web.control.document import DocumentNoun
        from mockserver.web.control.events import EventsNoun
        from mockserver.web.control.faults import FaultsNoun
        from mockserver.web.control.requests import RequestsNoun
        from mockserver.web.control.routes import control_routes
        from mockserver.web.control.sessions import SessionsNoun
        from mockserver.web.dashboard import Dashboard

        routes = control_routes(
            DocumentNoun(self.contract, self.profile, self.address, version=__version__, store=self.store.name),
            AccountsNoun(self.accounts, self.credit, self.journal),
            ClockNoun(self.clocks, self.accounts),
            SessionsNoun(self.checkout, self.accounts, self.address),
            RequestsNoun(self.journal, self.accounts, self.news),
            FaultsNoun(self.faults, self.accounts),
            EventsNoun(
                self.news, self.journal, self.accounts, self.address, Lookout(self.checkout, self.clocks, self.news)
            ),
            Dashboard(self.templates, asks_for_token=self.settings.control_token is not None),
            body_limit=self.settings.body_limit,
        )
        return Router(routes, redirect_slashes=False, default=nowhere)

    def _contract_paths(self) -> ContractPaths:
        endpoints = BillingEndpoints(
            self.checkout,
            self.credit,
            self.invoices,
            Recharging(self.store),
            profile=self.profile,
            prices=self.prices,
            address=self.address,
        )
        return ContractPaths(
            self.contract,
            self.profile,
            endpoints.by_operation,
            keys=Keys(self.settings.api_keys),
            strikes=self.strikes,
            recorder=self.recorder,
            body_limit=self.settings.body_limit,
        )

    def _lifetime(self) -> timedelta:
        return self.settings.session_ttl or duration(self.profile.session_ttl)
