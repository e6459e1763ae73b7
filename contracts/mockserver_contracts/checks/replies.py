"""The form of the reply to a new session, voice by voice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account_readings import is_at_target_by_another_scheme
from mockserver_contracts.target.answer import session_of
from mockserver_contracts.target.client import JSON
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import nobody_listens_at, open_page

_BROWSER: Final = "text/html,application/xhtml+xml,*/*;q=0.8"


@check("success-is-200")
def success_is_200(context: CheckContext) -> Iterator[Finding]:
    """The status is 200 and no other 2xx."""
    answer = _first_reply(context)
    if answer.status != 200:
        yield context.violation(answer, f"status {answer.status}", expected="200")


@check("reply-is-json", needs=())
def reply_is_json(context: CheckContext) -> Iterator[Finding]:
    """The content type is application/json, and the body is a JSON object; a browser gets no page in its place."""
    answer = _first_reply(context)
    yield from _expect_json(context, answer, "content type")
    yield from _expect_object(context, answer)
    account = context.account()
    headers = {**account.auth, "content-type": JSON, "accept": _BROWSER}
    asked = context.target.client.send("POST", CHECKOUT, headers, account.order())
    if asked.is_accepted:  # a server may refuse what it cannot answer with (406)
        yield from _expect_json(context, asked, "content type for a browser")


def _expect_json(context: CheckContext, answer: Exchange, cause: str) -> Iterator[Finding]:
    media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != JSON:
        yield context.violation(answer, cause, expected=JSON, actual=media_type or "none")


@check("python-sample-reads-json", needs=())
def python_sample_reads_json(context: CheckContext) -> Iterator[Finding]:
    """The sample calls response.json() and looks fields up in it."""
    yield from _expect_object(context, _first_reply(context))


@check("javascript-sample-reads-json", needs=())
def javascript_sample_reads_json(context: CheckContext) -> Iterator[Finding]:
    """The sample awaits response.json() and looks fields up in it."""
    yield from _expect_object(context, _first_reply(context))


@check("success-flag")
def success_flag(context: CheckContext) -> Iterator[Finding]:
    """`success` is the boolean true."""
    answer = _first_reply(context)
    if answer.at("success") is not True:
        yield context.violation(
            answer, "success", pointer="/success", expected="true", actual=repr(answer.at("success"))
        )


@check("url-in-data")
def url_in_data(context: CheckContext) -> Iterator[Finding]:
    """The URL is in `data`, as in the fragment of the page."""
    yield from _expect_url(context, _first_reply(context), "data", "url")


@check("checkout-url-at-top-level")
def checkout_url_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """The URL is where the Python sample reads it."""
    yield from _expect_url(context, _first_reply(context), "checkout_url")


@check("checkouturl-at-top-level")
def checkouturl_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """The URL is where the JavaScript sample reads it."""
    yield from _expect_url(context, _first_reply(context), "checkoutUrl")


@check("python-sample-id-at-top-level")
def python_sample_id_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """The id is where the Python sample reads it."""
    yield from _expect_id(context)


@check("javascript-sample-id-at-top-level")
def javascript_sample_id_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """The id is where the JavaScript sample reads it."""
    yield from _expect_id(context)


@check("checkout-answers-with-its-url")
def checkout_answers_with_its_url(context: CheckContext) -> Iterator[Finding]:
    """The reply has an http(s) URL; if the target serves it, the page opens."""
    answer = _first_reply(context)
    session = session_of(answer, 1)
    url = session.url if session is not None else ""
    if not _is_url(url):
        actual = repr(url) if url else "none"
        yield context.violation(answer, "no URL", expected="the http(s) URL of the payment page", actual=actual)
        return
    if is_at_target_by_another_scheme(context.target.client, url):
        expected = f"a URL of {context.target.client.url}"
        yield context.violation(answer, "a URL that cannot open", expected=expected, actual=url)
        return
    if context.target.client.on_rails:
        raise Undecided(Ability.FREE.reason)
    if nobody_listens_at(context.target.client, url):
        expected = "a URL that opens in a buyer's browser"
        yield context.violation(answer, "nobody listens at the URL", expected=expected, actual=url)
        return
    page = open_page(context.target.client, url).answer
    if page.status != 200:
        yield context.violation(page, "the URL does not open", operation="GET the session's URL", expected="200")
    elif (page.header("content-type") or "").partition(";")[0].strip().lower() == "application/json":
        yield context.violation(
            page, "no page to pay at", operation="GET the session's URL", expected="a page", actual="JSON"
        )
    elif not page.response.body:
        yield context.violation(
            page, "an empty page", operation="GET the session's URL", expected="a page", actual="nothing"
        )


@check("url-is-on-stripe")
def url_is_on_stripe(context: CheckContext) -> Iterator[Finding]:
    """The URL has the host of the fragment's example."""
    answer = _first_reply(context)
    session = session_of(answer, 1)
    host = urlsplit(session.url).hostname if session is not None else None
    if host != "checkout.stripe.com":
        yield context.violation(answer, "another host", expected="checkout.stripe.com", actual=str(host))


def _first_reply(context: CheckContext) -> Exchange:
    if context.target.client.reply is None:
        account = context.account()
        answer = account.ask(amount=account.dollars(1))
        if not answer.is_accepted:
            raise Undecided(Ability.CREATE.reason)
        context.target.client.reply = answer
    return context.target.client.reply


def _expect_object(context: CheckContext, answer: Exchange) -> Iterator[Finding]:
    if not isinstance(answer.json, dict):
        yield context.violation(answer, "no JSON object", expected="a JSON object", actual=_abbreviate(answer.json))


def _expect_url(context: CheckContext, answer: Exchange, *names: str) -> Iterator[Finding]:
    url = answer.at(*names)
    pointer = "/" + "/".join(names)
    if not _is_url(url):
        yield context.violation(
            answer, "no URL", pointer=pointer, expected=f"an http(s) URL in {'.'.join(names)}", actual=_abbreviate(url)
        )


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _expect_id(context: CheckContext) -> Iterator[Finding]:
    account = context.account()
    answer = account.ask(amount=account.dollars(1))
    if not answer.is_accepted:
        raise Undecided(Ability.CREATE.reason)
    id_ = answer.at("id")
    if not isinstance(id_, str) or not id_:
        yield context.violation(answer, "no id", pointer="/id", expected="the session's id", actual=_abbreviate(id_))
        return
    context.require(Ability.LIST)
    listing = account.listing()
    page = listing.first
    if id_ not in [entry.get("id") for entry in listing.entries]:
        yield context.violation(
            page, "another id on the list", pointer="/data", expected=f"{id_} on the list", actual="not there"
        )


def _abbreviate(value: Any) -> str:
    return "none" if value is None else str(value)[:200]
