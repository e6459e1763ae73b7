"""The routes beside the contract: checkout pages, invoices and the control API. Imported at their first request."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mockserver._version import __version__
from mockserver.app.parts import MockParts
from mockserver.asgi import ASGIApp
from mockserver.web.http.lazy_app import LazyApp
from mockserver.web.http.paths import BROWSER_PATHS, CHECKOUT_PAGES, CONTROL, INVOICE, PAGE_ASSETS, PAGE_STATE
from mockserver.web.http.router import Router
from mockserver.web.pages.front_door import FrontDoor
from mockserver.web.pages.page_state import PageState

if TYPE_CHECKING:
    from mockserver.web.pages.asset_files import AssetFiles
    from mockserver.web.pages.templating import Templates


class OwnRoutes:
    """Build the routes, each application at its first request."""

    def __init__(self, parts: MockParts) -> None:
        self._parts = parts

    def router(self, control: ASGIApp, contract: ASGIApp) -> Router:
        """The application of all paths; `control` answers the control API, `contract` the contract's paths."""
        routes: dict[str, ASGIApp] = {
            **dict.fromkeys(BROWSER_PATHS, FrontDoor(contract)),
            **dict.fromkeys(CHECKOUT_PAGES, LazyApp(self._checkout_pages)),
            PAGE_STATE: PageState(self._parts.checkout, self._parts.clocks),
            INVOICE: LazyApp(self._invoice_pages),
            CONTROL: control,
        }
        prefixes: dict[str, ASGIApp] = {PAGE_ASSETS: LazyApp(lambda: self._page_assets), f"{CONTROL}/": control}
        return Router(routes, prefixes=prefixes, default=contract)

    def control(self) -> ASGIApp:
        """The control API of the current contract."""
        from mockserver.billing.checkpoints import Checkpoints
        from mockserver.billing.expiry_watcher import ExpiryWatcher
        from mockserver.web.control.accounts import AccountsHandlers
        from mockserver.web.control.clock import ClockHandlers
        from mockserver.web.control.control_document import control_contract
        from mockserver.web.control.coverage.handlers import CoverageHandlers
        from mockserver.web.control.coverage.observer import observer_of
        from mockserver.web.control.document import DocumentHandlers
        from mockserver.web.control.events.handlers import EventsHandlers
        from mockserver.web.control.faults import FaultsHandlers
        from mockserver.web.control.health import HealthHandlers
        from mockserver.web.control.journal.har_export import HarHandlers
        from mockserver.web.control.journal.journal_search import JournalSearch
        from mockserver.web.control.journal.operation_names import OperationNames
        from mockserver.web.control.journal.requests import RequestsHandlers
        from mockserver.web.control.money.invoices import InvoicesHandlers
        from mockserver.web.control.money.ledger import LedgerHandlers
        from mockserver.web.control.routes import control_router
        from mockserver.web.control.sessions import SessionsHandlers
        from mockserver.web.control.states.checkpoints import CheckpointsHandlers
        from mockserver.web.control.states.difference import DifferenceHandlers
        from mockserver.web.control.states.state import StateHandlers
        from mockserver.web.pages.dashboard import Dashboard

        parts, settings, contract = self._parts, self._parts.settings, self._parts.contract
        checkpoints = Checkpoints(parts.store, parts.real_time)
        expiry_watcher = ExpiryWatcher(parts.checkout, parts.clocks, parts.event_bus)
        names = OperationNames(contract)
        search = JournalSearch(parts.journal_reader, parts.accounts, names)
        return control_router(
            HealthHandlers(parts.accounts, parts.profile, version=__version__, store=parts.store.name),
            DocumentHandlers(lambda: contract, parts.address),
            DocumentHandlers(control_contract, parts.address),
            AccountsHandlers(parts.accounts, parts.credit, parts.journal_reader),
            ClockHandlers(parts.clocks, parts.accounts),
            SessionsHandlers(parts.checkout, parts.accounts, parts.address, parts.prices),
            InvoicesHandlers(parts.invoices, parts.accounts, parts.address),
            RequestsHandlers(search, parts.journal_reader, parts.accounts, parts.event_bus),
            HarHandlers(search, parts.address, version=__version__),
            LedgerHandlers(parts.credit, parts.accounts),
            StateHandlers(parts.snapshots, checkpoints, parts.accounts, parts.journal_reader),
            CheckpointsHandlers(checkpoints, parts.snapshots, parts.accounts),
            DifferenceHandlers(checkpoints, parts.snapshots, parts.accounts),
            CoverageHandlers(parts.tally, parts.address),
            FaultsHandlers(parts.faults, parts.accounts),
            EventsHandlers(parts.event_bus, parts.journal_reader, names, parts.accounts, parts.address, expiry_watcher),
            Dashboard(
                self._templates,
                asks_for_token=settings.control_token is not None,
                opens_accounts=not settings.api_keys,
                counts=settings.coverage,
            ),
            body_limit=settings.body_limit,
            observe=None if parts.tally is None else observer_of(parts.tally),
        )

    def _checkout_pages(self) -> ASGIApp:
        from mockserver.web.pages.checkout_pages import CheckoutPages
        from mockserver.web.pages.page_renderer import PageRenderer

        parts = self._parts
        return CheckoutPages(
            parts.checkout,
            PageRenderer(self._templates, self._page_assets),
            parts.address,
            secret=parts.page_secret,
            fault_injector=parts.fault_injector,
            recorder=parts.recorder,
            body_limit=parts.settings.body_limit,
            merchant_name=parts.settings.merchant_name,
        )

    def _invoice_pages(self) -> ASGIApp:
        from mockserver.web.pages.invoice.invoice_pages import InvoicePages

        parts = self._parts
        return InvoicePages(
            parts.invoices,
            fault_injector=parts.fault_injector,
            recorder=parts.recorder,
            body_limit=parts.settings.body_limit,
            merchant_name=parts.settings.merchant_name,
        )

    @cached_property
    def _templates(self) -> Templates:
        from mockserver.web.pages.templating import Templates

        return Templates()

    @cached_property
    def _page_assets(self) -> AssetFiles:
        from mockserver.web.pages.asset_files import AssetFiles

        return AssetFiles("checkout", prefix=PAGE_ASSETS)
