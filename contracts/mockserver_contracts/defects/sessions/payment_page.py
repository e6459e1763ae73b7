"""Defects of the page that buyers pay at: its form, and looking at it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

PAYMENT_PAGE: Final = DefectFamily("payment page")
_FAILS: Final = {"rule-paid-at-its-page"}
_FIVE_DIGITS: Final = 99_999
_PAGE: Final = re.compile(r"/(?:c/)?pay/(cs_test_[A-Za-z0-9]{58})")


def _session_of(request: InterceptedRequest, method: str) -> str | None:
    """The session whose page the request asks for by this method."""
    page = _PAGE.fullmatch(request.path)
    return page[1] if page is not None and request.method == method else None


@PAYMENT_PAGE.defect("paid-form-leads-nowhere", "A payment by the form answers 303 without Location.", fails=_FAILS)
async def paid_form_leads_nowhere(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_header(b"location", None) if _session_of(request, "POST") else response


@PAYMENT_PAGE.defect("form-sends-the-card-on", "A payment by the form answers 307.", fails=_FAILS)
async def form_sends_the_card_on(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_status(307) if _session_of(request, "POST") and response.status == 303 else response


@PAYMENT_PAGE.defect("second-look-pays", "The second look at a session's page pays it.", fails=_FAILS)
class SecondLookPays:
    def __init__(self) -> None:
        self._seen: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if (name := _session_of(request, "GET")) is not None:
            if name in self._seen:
                await upstream.call_control(f"sessions/{name}/pay", {})
            self._seen.add(name)
        return response


@PAYMENT_PAGE.defect("form-cancels-by-paying", "The button to cancel pays.", fails=_FAILS)
async def form_cancels_by_paying(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    name = _session_of(request, "POST")
    if name is not None and request.form.get("action") == "cancel":
        await upstream.call_control(f"sessions/{name}/pay", {})
    return await upstream.send(request)


@PAYMENT_PAGE.defect("cancelled-form-leads-nowhere", "The button to cancel answers with a page.", fails=_FAILS)
async def cancelled_form_leads_nowhere(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_cancelled = _session_of(request, "POST") is not None and request.form.get("action") == "cancel"
    return InterceptedResponse.of(200, b"<h1>Cancelled</h1>", HTML) if is_cancelled else response


@PAYMENT_PAGE.defect("paid-form-leads-elsewhere", "A payment by the form leads to another shop.", fails=_FAILS)
async def paid_form_leads_elsewhere(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    is_paid = _session_of(request, "POST") is not None and response.status == 303
    return response.with_redirect("https://elsewhere.example/") if is_paid else response


@PAYMENT_PAGE.defect("paid-form-is-refused", "A payment by the form credits, and is answered 400.", fails=_FAILS)
async def paid_form_is_refused(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    return response.with_status(400) if _session_of(request, "POST") and response.status == 303 else response


@PAYMENT_PAGE.defect(
    "second-payment-by-form-crashes", "The form of a paid session makes the server fail.", fails=_FAILS
)
async def second_payment_by_form_crashes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    name = _session_of(request, "POST")
    if name is not None and (await upstream.session(name)).get("status") == "completed":
        return InterceptedResponse.of(500, b"<h1>Internal Server Error</h1>", HTML)
    return await upstream.send(request)


@PAYMENT_PAGE.defect("first-look-pays", "The first look at a session's page pays it.", fails=_FAILS)
async def first_look_pays(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    if (name := _session_of(request, "GET")) is not None:
        await upstream.call_control(f"sessions/{name}/pay", {})
    return await upstream.send(request)


@PAYMENT_PAGE.defect("cancelled-form-leads-to-success", "The button to cancel leads to the success URL.", fails=_FAILS)
async def cancelled_form_leads_to_success(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "POST")
    if name is None or request.form.get("action") != "cancel" or response.status != 303:
        return response
    success_url = (await upstream.session(name)).get("success_url")
    return response if success_url is None else response.with_redirect(success_url)


@PAYMENT_PAGE.defect(
    "declined-form-leads-on", "The form leads a buyer with a declined card to the success URL.", fails=_FAILS
)
async def declined_form_leads_on(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "POST")
    success_url = (await upstream.session(name)).get("success_url") if name and response.status == 402 else None
    if success_url is None:
        return response
    return response.with_status(303).with_header(b"location", success_url.encode())


@PAYMENT_PAGE.defect(
    "urls-lead-to-a-closed-port",
    "The URL of a session names a port at which nobody listens.",
    fails={"checkout-answers-with-its-url"},
)
async def urls_lead_to_a_closed_port(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if not (request.is_creation and response.is_success):
        return response
    return response.with_body(re.sub(rb"http://[^/\"]+/c/pay/", b"http://127.0.0.1:1/c/pay/", response.body))


@PAYMENT_PAGE.defect("cancelled-form-closes", "The button to cancel expires the session.", fails=_FAILS)
async def cancelled_form_closes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "POST")
    if name is not None and request.form.get("action") == "cancel" and response.status == 303:
        await upstream.call_control(f"sessions/{name}/expire", {})
    return response


@PAYMENT_PAGE.defect("paid-form-leaves-it-pending", "A session that its form paid is listed as pending.", fails=_FAILS)
class PaidFormLeavesItPending:
    def __init__(self) -> None:
        self._paid: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        name = _session_of(request, "POST")
        if name is not None and request.form.get("action") == "pay" and response.status == 303:
            self._paid.add(name)
        if not request.is_list or not response.is_success:
            return response
        return response.with_rows(
            [{**row, "status": "pending"} if row.get("id") in self._paid else row for row in response.rows]
        )


@PAYMENT_PAGE.defect("page-of-no-session-crashes", "The page of an unknown session fails.", fails=_FAILS)
async def page_of_no_session_crashes(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if _session_of(request, "GET") is None or response.status != 404:
        return response
    return InterceptedResponse.of(500, b"<h1>Internal Server Error</h1>", HTML)


@PAYMENT_PAGE.defect(
    "pages-of-large-amounts-crash", "The page of more than 99,999 dollars fails.", fails={"rule-whole-lives"}
)
async def pages_of_large_amounts_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "GET")
    if name is None or ((await upstream.session(name)).get("amount") or 0) <= _FIVE_DIGITS:
        return response
    return InterceptedResponse.of(500, b"<h1>Internal Server Error</h1>", HTML)


@PAYMENT_PAGE.defect("page-leads-to-the-shop", "The page of a session leads to the root of its shop.", fails=_FAILS)
async def page_leads_to_the_shop(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "GET")
    success_url = (await upstream.session(name)).get("success_url") if name else None
    if success_url is None:
        return response
    return response.with_status(302).with_header(b"location", urljoin(success_url, "/").encode())


@PAYMENT_PAGE.defect("plans-lead-nowhere", "The form of a plan's session answers 303 without Location.", fails=_FAILS)
async def plans_lead_nowhere(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "POST")
    if name is None or response.status != 303 or (await upstream.session(name)).get("mode") != "subscription":
        return response
    return response if request.form.get("action") == "cancel" else response.with_header(b"location", None)


@PAYMENT_PAGE.defect("cancelling-reopens", "The button to cancel makes a paid session pending again.", fails=_FAILS)
class CancellingReopens:
    def __init__(self) -> None:
        self._reopened: set[str] = set()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        name = _session_of(request, "POST")
        if name is not None and request.form.get("action") == "cancel":
            self._reopened.add(name)
        shown = response.json if request.is_control else None
        if not isinstance(shown, dict) or shown.get("id") not in self._reopened:
            return response
        return response.with_json({**shown, "status": "pending"})


@PAYMENT_PAGE.defect(
    "plans-are-markup", "The page of a session shows its plan without escapes.", fails={"rule-text-is-kept"}
)
async def plans_are_markup(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "GET")
    plan = (await upstream.session(name)).get("plan_id") if name else None
    return response if plan is None else response.with_body(response.body + f"<p>{plan}</p>".encode())


@PAYMENT_PAGE.defect("form-ignores-its-card", "The form pays by any card, a declined one too.", fails=_FAILS)
async def form_ignores_its_card(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_payment = _session_of(request, "POST") is not None and "card" in request.form
    return await upstream.send(request.with_form(card="4242424242424242") if is_payment else request)


@PAYMENT_PAGE.defect(
    "pages-of-foreign-plans-crash",
    "The page of a plan in other letters than ASCII's fails.",
    fails={"rule-text-is-kept"},
)
async def pages_of_foreign_plans_crash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    name = _session_of(request, "GET")
    plan = (await upstream.session(name)).get("plan_id") if name else None
    if plan is None or plan.isascii():
        return response
    return InterceptedResponse.of(500, b"<h1>Internal Server Error</h1>", HTML)
