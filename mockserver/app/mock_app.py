"""The ASGI application of one mock: its middleware, its routes and its lifespan."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from mockserver.app.parts import MockParts
from mockserver.billing import SystemClock, TimeSource
from mockserver.billing.system_clock import stand_still
from mockserver.contract import Contract, Profile, load
from mockserver.settings import Settings
from mockserver.store import StoreUnusable, open_store
from mockserver.store.opening import without_password
from mockserver.web.http.lazy_app import LazyApp
from mockserver.web.http.lifespan import LifespanApp
from mockserver.web.middleware.contract_dispatch import ContractDispatch
from mockserver.web.middleware.failure_guard import FailureGuard
from mockserver.web.middleware.head_guard import HeadGuard
from mockserver.web.middleware.origin_guard import OriginGuard

if TYPE_CHECKING:
    from mockserver.app.own_routes import OwnRoutes
    from mockserver.asgi import ASGIApp
    from mockserver.billing.snapshots import MockState
    from mockserver.web.http.swappable_app import SwappableApp
    from mockserver.web.middleware.request_log import RequestLine

MOST_REPORTED: Final = 5
"""The number of document errors that are logged one by one."""
SHUTDOWN_KEY: Final = "mockserver.shutdown"
"""The key of a function in the lifespan state. The server calls it before it shuts down: it ends the event streams."""


def create_app(
    settings: Settings | None = None,
    *,
    real_time: TimeSource | None = None,
    request_line: RequestLine | None = None,
) -> ASGIApp:
    """The mock as an ASGI application.

    Raises ContractError for an invalid profile or document, and StoreError for a store that cannot be opened.
    """
    settings = settings or Settings()
    contract, profile = load(settings.profile, spec=settings.spec, overlays=settings.overlays, billing=settings.billing)
    _report_deviations(contract)
    _check_seed(settings)
    start = _starting_state(settings)
    store = open_store(settings.store)
    parts = MockParts(settings, contract, profile, store, real_time=real_time or _real_time(settings))
    return MockApp(parts, start).build(request_line)


def _check_seed(settings: Settings) -> None:
    """Raise StoreUnusable if the ids of a seed may be in the store from an earlier start."""
    if settings.seed is not None and not settings.store.startswith("memory"):
        raise StoreUnusable(
            f"a seed makes the same ids at each start, and {without_password(settings.store)} keeps those of the last;"
            " give --store memory"
        )


def _starting_state(settings: Settings) -> MockState | None:
    if settings.state is None and not settings.state_on_exit:
        return None
    from mockserver.app.state_file import starting_state  # few mocks start from a state

    return starting_state(settings)


def _real_time(settings: Settings) -> TimeSource:
    return SystemClock() if settings.seed is None else stand_still


class MockApp:
    """The application around the parts of one mock."""

    def __init__(self, parts: MockParts, start: MockState | None = None) -> None:
        self._parts = parts
        self._start = start
        self._own_routes: OwnRoutes | None = None
        self._contract_app: SwappableApp | None = None
        self._control_app: SwappableApp | None = None

    def build(self, request_line: RequestLine | None) -> ASGIApp:
        """The application: the middleware of every request, then the routes. Optional parts are imported if needed."""
        parts, settings = self._parts, self._parts.settings
        contract: ASGIApp = parts.pipeline()
        if settings.watch:
            from mockserver.web.http.swappable_app import SwappableApp

            contract = self._contract_app = SwappableApp(contract)
        own: ASGIApp = LifespanApp(LazyApp(lambda: self._router(contract)), self._lifespan)
        if settings.control_token is not None:
            from mockserver.web.middleware.control_token import ControlTokenGuard

            own = ControlTokenGuard(own, token=settings.control_token)
        app: ASGIApp = ContractDispatch(OriginGuard(own), contract=contract, is_own_path=parts.is_own_path)
        app = HeadGuard(app, hosts=parts.hosts)
        if parts.store.peers is not None:
            from mockserver.web.middleware.request_patience import RequestPatience

            app = RequestPatience(app)
        app = FailureGuard(app)
        if request_line is not None:
            from mockserver.web.middleware.request_log import RequestLog

            app = RequestLog(app, line=request_line)
        return app

    def _router(self, contract: ASGIApp) -> ASGIApp:
        # imported here: a checkout needs neither routes nor pages nor the control API
        from mockserver.app.own_routes import OwnRoutes
        from mockserver.web.http.swappable_app import SwappableApp

        self._own_routes = OwnRoutes(self._parts)
        self._control_app = SwappableApp(LazyApp(self._own_routes.control))
        return self._own_routes.router(self._control_app, contract)

    @asynccontextmanager
    async def _lifespan(self) -> AsyncIterator[dict[str, Any]]:
        stop = asyncio.Event()
        relay = self._parts.relay()
        if relay is not None:
            await relay.start()
        reloading = asyncio.create_task(self._reload_on_change(stop)) if self._parts.settings.watch else None
        if self._start is not None:
            await self._parts.snapshots.put_back(self._start, None)
        try:
            yield {SHUTDOWN_KEY: self._parts.event_bus.close}
            stop.set()
            if reloading is not None:
                await reloading
        finally:
            self._parts.event_bus.close()
            if relay is not None:
                await relay.stop()
            if self._parts.settings.state_on_exit:
                await self._write_state()
            self._parts.store.close()

    async def _write_state(self) -> None:
        from mockserver.app.state_file import write_state

        file = self._parts.settings.state
        assert file is not None
        try:
            write_state(await self._parts.snapshots.take(None), file)
        except OSError as error:
            log = logging.getLogger(__name__)
            log.error("the state %s cannot be written: %s", file, (error.strerror or str(error)).lower())

    async def _reload_on_change(self, stop: asyncio.Event) -> None:
        from mockserver.app.reloading import reload_on_change

        parts = self._parts
        await reload_on_change(parts.settings, lambda: parts.contract.inputs, self._use_contract, stop=stop)

    def _use_contract(self, contract: Contract, profile: Profile) -> None:
        self._parts.use_contract(contract, profile)
        if self._contract_app is not None:
            self._contract_app.swap(self._parts.pipeline())
        if self._control_app is not None and self._own_routes is not None:
            self._control_app.swap(LazyApp(self._own_routes.control))
        logging.getLogger(__name__).warning("the contract was reloaded")
        _report_deviations(contract)


def _report_deviations(contract: Contract) -> None:
    log = logging.getLogger(__name__)
    for deviation in contract.deviations[:MOST_REPORTED]:
        log.warning("%s; the document is served all the same", deviation)
    if len(contract.deviations) > MOST_REPORTED:
        log.warning("and %d more; mockserver doctor lists all", len(contract.deviations) - MOST_REPORTED)
    if contract.stateless:
        stateful = ", ".join(operation.name for operation in contract.stateful)
        log.warning(
            "served with state: %s; answered from the document: %s", stateful or "none", "; ".join(contract.stateless)
        )
