"""The control API's table of paths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.routing import Route

from mockserver.web.control.accounts import AccountsNoun
from mockserver.web.control.clock import ClockNoun
from mockserver.web.control.document import DocumentNoun
from mockserver.web.control.events import EventsNoun
from mockserver.web.control.faults import FaultsNoun
from mockserver.web.control.requests import RequestsNoun
from mockserver.web.control.resource import Call, Noun, Verb
from mockserver.web.control.sessions import SessionsNoun
from mockserver.web.http.media_types import prefers_html
from mockserver.web.http.reply import Reply
from mockserver.web.middleware import DASHBOARD_ASSETS
from mockserver.web.pages.dashboard import Dashboard, Shortcut


def control_routes(
    document: DocumentNoun,
    accounts: AccountsNoun,
    clock: ClockNoun,
    sessions: SessionsNoun,
    requests: RequestsNoun,
    faults: FaultsNoun,
    events: EventsNoun,
    dashboard: Dashboard,
    *,
    body_limit: int,
) -> list[Route]:
    """The routes under `/_mock`."""
    table: Mapping[str, Mapping[str, Verb]] = {
        "/health": document.health_verbs,
        "/contract.yaml": document.yaml_verbs,
        "/contract.json": document.json_verbs,
        "/accounts": accounts.list_verbs,
        "/clock": clock.verbs,
        "/sessions": sessions.list_verbs,
        "/sessions/{id}": sessions.one_verbs,
        "/sessions/{id}/pay": sessions.pay_verbs,
        "/sessions/{id}/cancel": sessions.cancel_verbs,
        "/sessions/{id}/expire": sessions.expire_verbs,
        "/credits": accounts.credits_verbs,
        "/usage": accounts.usage_verbs,
        "/requests": requests.verbs,
        "/faults": faults.verbs,
        "/reset": accounts.reset_verbs,
        "/events": events.verbs,
    }
    calls = [f"{method} /_mock{path}" for path, verbs in table.items() for method in verbs]
    index = {"GET": Verb(partial(_index, calls, dashboard))}
    return [
        Route("/_mock", Shortcut()),
        Route(f"{DASHBOARD_ASSETS}{{digest}}/{{name}}", dashboard.assets),
        Route("/_mock/", Noun(index, body_limit=body_limit)),
        *(Route(f"/_mock{path}", Noun(verbs, body_limit=body_limit)) for path, verbs in table.items()),
    ]


async def _index(calls: list[str], dashboard: Dashboard, call: Call) -> Reply:
    """The dashboard to a browser; to everybody else what calls there are."""
    reply = dashboard.page() if prefers_html(call.scope["headers"]) else Reply.json({"calls": calls})
    reply.headers.append((b"vary", b"Accept"))
    return reply
