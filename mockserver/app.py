"""The one place where the parts meet."""

from __future__ import annotations

import asyncio
import logging
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
    AutoRecharges,
    Checkout,
    Clocks,
    Credit,
    EventBus,
    Faults,
    Invoices,
    SystemClock,
    TimeSource,
)
from mockserver.contract import Contract, ContractError, Profile, load
from mockserver.contract.security import secret_names
from mockserver.domain.duration import duration
from mockserver.domain.order import PriceList
from mockserver.journal import Journal
from mockserver.settings import Settings
from mockserver.store import open_store
from mockserver.web.address import Address
from mockserver.web.billing import BillingEndpoints
from mockserver.web.exchange import ContractPaths
from mockserver.web.hosts import Hosts
from mockserver.web.keys import Keys
from mockserver.web.later import Later
from mockserver.web.middleware import ContractFirst, ControlToken, Guard, Headers, RequestLine, RequestLog
from mockserver.web.nowhere import failed, nowhere
from mockserver.web.recorder import Recorder
from mockserver.web.strikes import Strikes
from mockserver.web.switch import Switch

if TYPE_CHECKING:
    from mockserver.store import Store
    from mockserver.web.asset_files import Assets
    from mockserver.web.documented import DocumentedEndpoints
    from mockserver.web.templating import Templates

LAPSES_TOLD = 5
PAGES = ("/c/pay/{id}", "/pay/{id}")
INVOICE = "/c/invoice/{id}.pdf"
CONTROL = "/_mock"
PAGE_STATE = "/c/pay/{id}/state"
PAGE_ASSETS = "/c/assets/"
PAGE_PREFIXES = ("/c/pay/", "/c/invoice/", PAGE_ASSETS, "/pay/")
CHECKOUT = "/billing/checkout"
ENDING: Final = "mockserver.ending"
"""Where the application's state has what to call when the server is about to end, so that streams end first."""


def create_app(
    settings: Settings | None = None,
    *,
    real_time: TimeSource | None = None,
    request_line: RequestLine | None = None,
) -> Starlette:
    """The mock as an ASGI application.

    Raises ContractError for a profile or document that cannot be used, and StoreError for a store.
    """
    settings = settings or Settings()
    contract, profile = load(settings.profile, spec=settings.spec, overlays=settings.overlays)
    _tell_lapses(contract)
    store = open_store(settings.store)
    return Mock(
        settings,
        contract,
        profile,
        store,
        real_time=real_time or SystemClock(),
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
        real_time: TimeSource,
    ) -> None:
        self.settings = settings
        self.store = store
        self.real_time = real_time
        self.hosts = Hosts(settings.allow_hosts)
        self.address = Address(self.hosts, checkout_base=settings.checkout_base)
        self.journal = Journal()
        self.bus = EventBus()
        self.accounts = Accounts(store, real_time, bus=self.bus)
        self.invoices = Invoices(store)
        self.faults = Faults(store)
        self.strikes = Strikes(self.faults)
        self.clocks = Clocks(store, real_time, bus=self.bus)
        self.recorder = Recorder(self.journal, self.clocks, real_time, self.bus)
        self._contract_switch: Switch | None = None
        self._control_switch: Switch | None = None
        self._keep_to(contract, profile)

    def _keep_to(self, contract: Contract, profile: Profile) -> None:
        """Make what the contract and the profile decide."""
        self.contract = contract
        self.profile = profile
        self.journal.hide(*secret_names(contract.document))
        self.__dict__.pop("_documented", None)  # it remembers answers by their operations
        self.prices = PriceList(
            microcredits_per_dollar=self.settings.microcredits_per_dollar,
            plans=self.settings.plans,
            amount_unit=profile.amount_unit,
        )
        self.credit = Credit(self.store, self.real_time, prices=self.prices, bus=self.bus)
        self.checkout = Checkout(self.store, self.real_time, lifetime=self._lifetime(), bus=self.bus)

    def app(self, request_line: RequestLine | None) -> Starlette:
        """The application: what every request goes through, then the routes."""
        contract: ASGIApp = self._contract_paths()
        if self.settings.watch:
            contract = self._contract_switch = Switch(contract)
        middleware = [
            Middleware(Headers),
            Middleware(ContractFirst, contract=contract, is_ours=self._is_ours),
            Middleware(Guard, hosts=self.hosts),
        ]
        if self.settings.control_token is not None:
            middleware.append(Middleware(ControlToken, token=self.settings.control_token))
        if request_line is not None:
            middleware.insert(0, Middleware(RequestLog, line=request_line))
        app = Starlette(middleware=middleware, exception_handlers={Exception: failed}, lifespan=self._life)
        app.router.default = Later(lambda: Router(self._routes(), redirect_slashes=False, default=contract))
        return app

    def _is_ours(self, path: str) -> bool:
        """Whether a path is none of the document's: the control API always, pages unless the document has them."""
        if not path.startswith(PAGE_PREFIXES):
            return path.startswith(CONTROL)
        item = self.contract.path(path)
        return item is None or (
            not item.template.startswith(PAGE_PREFIXES) and self.contract.path(CHECKOUT) is not None
        )

    @cached_property
    def templates(self) -> Templates:
        """The pages, to be filled."""
        from mockserver.web.templating import Templates

        return Templates()

    @cached_property
    def page_assets(self) -> Assets:
        """The files of the checkout page."""
        from mockserver.web.asset_files import Assets

        return Assets("checkout", prefix=PAGE_ASSETS)

    @asynccontextmanager
    async def _life(self, app: Starlette) -> AsyncIterator[dict[str, Any]]:
        stop = asyncio.Event()
        watching = asyncio.create_task(self._watch(stop)) if self.settings.watch else None
        try:
            yield {ENDING: self.bus.close}
            stop.set()
            if watching is not None:
                await watching
        finally:
            self.bus.close()
            self.store.close()

    async def _watch(self, stop: asyncio.Event) -> None:
        """Keep to what the files say, as soon as they say it; to what they said before where they say nothing sound."""
        from mockserver.contract.watching import changed

        settings, log = self.settings, logging.getLogger(__name__)
        while await changed(self.contract.inputs, stop=stop):
            try:
                contract, profile = await asyncio.to_thread(
                    load, settings.profile, spec=settings.spec, overlays=settings.overlays
                )
            except ContractError as error:
                log.error("%s; the contract stays as it was", error)
                continue
            self._keep_to(contract, profile)
            if self._contract_switch is not None:
                self._contract_switch.to(self._contract_paths())
            if self._control_switch is not None:
                self._control_switch.to(Later(self._control))
            log.warning("the contract was read anew")
            _tell_lapses(contract)

    def _routes(self) -> list[BaseRoute]:
        from mockserver.web.page_state import PageState

        pages, control = Later(self._pages), Switch(Later(self._control))
        self._control_switch = control
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
        from mockserver.billing.expiry_watcher import ExpiryWatcher
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
            RequestsNoun(self.journal, self.accounts, self.bus),
            FaultsNoun(self.faults, self.accounts),
            EventsNoun(
                self.bus, self.journal, self.accounts, self.address, ExpiryWatcher(self.checkout, self.clocks, self.bus)
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
            AutoRecharges(self.store),
            profile=self.profile,
            prices=self.prices,
            address=self.address,
        )
        return ContractPaths(
            self.contract,
            self.profile,
            endpoints.by_operation,
            documented=lambda operation: self._documented(operation),
            keys=Keys(self.settings.api_keys),
            strikes=self.strikes,
            recorder=self.recorder,
            body_limit=self.settings.body_limit,
        )

    @cached_property
    def _documented(self) -> DocumentedEndpoints:
        # what makes values up is not on the way to the first answer of a checkout
        from mockserver.web.documented import DocumentedEndpoints

        return DocumentedEndpoints()

    def _lifetime(self) -> timedelta:
        return self.settings.session_ttl or duration(self.profile.session_ttl)


def _tell_lapses(contract: Contract) -> None:
    log = logging.getLogger(__name__)
    for lapse in contract.lapses[:LAPSES_TOLD]:
        log.warning("%s; it is served in spite of that", lapse)
    if len(contract.lapses) > LAPSES_TOLD:
        log.warning("and %d more", len(contract.lapses) - LAPSES_TOLD)
