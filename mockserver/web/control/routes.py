"""The control API's table of paths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockserver.asgi import ASGIApp
from mockserver.web.control.accounts import AccountsHandlers
from mockserver.web.control.clock import ClockHandlers
from mockserver.web.control.coverage.handlers import CoverageHandlers
from mockserver.web.control.document import DocumentHandlers
from mockserver.web.control.events.handlers import EventsHandlers
from mockserver.web.control.faults import FaultsHandlers
from mockserver.web.control.health import HealthHandlers
from mockserver.web.control.journal.har_export import HarHandlers
from mockserver.web.control.journal.requests import RequestsHandlers
from mockserver.web.control.money.invoices import InvoicesHandlers
from mockserver.web.control.money.ledger import LedgerHandlers
from mockserver.web.control.resource import ControlRequest, Method, Observe, Resource
from mockserver.web.control.sessions import SessionsHandlers
from mockserver.web.control.states.checkpoints import CheckpointsHandlers
from mockserver.web.control.states.difference import BODY_LIMIT as DIFFERENCE_BODY_LIMIT
from mockserver.web.control.states.difference import DifferenceHandlers
from mockserver.web.control.states.state import BODY_LIMIT as STATE_BODY_LIMIT
from mockserver.web.control.states.state import StateHandlers
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.paths import CONTROL, DASHBOARD, DASHBOARD_ASSETS
from mockserver.web.http.reply import Reply
from mockserver.web.http.router import Router, answer_not_found
from mockserver.web.pages.dashboard import ADDRESS_NAMES, Dashboard, DashboardRedirect


def control_router(
    health: HealthHandlers,
    contract_document: DocumentHandlers,
    control_document: DocumentHandlers,
    accounts: AccountsHandlers,
    clock: ClockHandlers,
    sessions: SessionsHandlers,
    invoices: InvoicesHandlers,
    requests: RequestsHandlers,
    har: HarHandlers,
    ledger: LedgerHandlers,
    state: StateHandlers,
    checkpoints: CheckpointsHandlers,
    difference: DifferenceHandlers,
    coverage: CoverageHandlers,
    faults: FaultsHandlers,
    events: EventsHandlers,
    dashboard: Dashboard,
    *,
    body_limit: int,
    observe: Observe | None = None,
) -> Router:
    """The application of the paths under `/_mock`. `observe` sees each call."""
    table: Mapping[str, Mapping[str, Method]] = {
        "/health": health.health_methods,
        "/live": health.live_methods,
        "/contract.yaml": contract_document.yaml_methods,
        "/contract.json": contract_document.json_methods,
        "/openapi.yaml": control_document.yaml_methods,
        "/openapi.json": control_document.json_methods,
        "/accounts": accounts.list_methods,
        "/clock": clock.methods,
        "/clocks": clock.all_methods,
        "/sessions": sessions.list_methods,
        "/sessions/{id}": sessions.show_methods,
        "/sessions/{id}/pay": sessions.pay_methods,
        "/sessions/{id}/cancel": sessions.cancel_methods,
        "/sessions/{id}/expire": sessions.expire_methods,
        "/credits": accounts.credits_methods,
        "/usage": accounts.usage_methods,
        "/invoices": invoices.methods,
        "/requests": requests.methods,
        "/requests.har": har.methods,
        "/faults": faults.methods,
        "/ledger": ledger.methods,
        "/state": state.methods,
        "/state/diff": difference.methods,
        "/checkpoints": checkpoints.methods,
        "/coverage": coverage.methods,
        "/reset": accounts.reset_methods,
        "/events": events.methods,
    }
    limits = {
        "/state": max(STATE_BODY_LIMIT, body_limit),
        "/state/diff": max(DIFFERENCE_BODY_LIMIT, body_limit),
    }
    calls = [f"{name} {CONTROL}{path}" for path, methods in table.items() for name in methods]
    # the page reads account and filters from its address
    index = {"GET": Method(partial(_show_index, calls, dashboard), query=ADDRESS_NAMES)}
    routes: dict[str, ASGIApp] = {
        f"{CONTROL}{path}": Resource(methods, body_limit=limits.get(path, body_limit), observe=observe)
        for path, methods in table.items()
    }
    pages: dict[str, ASGIApp] = {CONTROL: DashboardRedirect(), DASHBOARD: Resource(index, body_limit=body_limit)}
    return Router(routes | pages, prefixes={DASHBOARD_ASSETS: dashboard.assets}, default=answer_not_found)


async def _show_index(calls: list[str], dashboard: Dashboard, request: ControlRequest) -> Reply:
    """Show the dashboard to a browser, and the list of calls to other clients."""
    reply = dashboard.reply() if prefers_html(request.scope["headers"]) else Reply.json({"calls": calls})
    reply.headers.append((b"vary", b"Accept"))
    return reply
