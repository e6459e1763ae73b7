"""What the answer to a new session looks like, voice by voice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import check
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import ABSENT, Ability
from mockserver_contracts.target.answer import entries_of, session_of
from mockserver_contracts.target.undecided import Undecided


@check("success-is-200")
def success_is_200(context: CheckContext) -> Iterator[Finding]:
    """Status 200 and no other of its family."""
    answer = _created(context)
    if answer.status != 200:
        yield context.broken(answer, f"status {answer.status}", expected="200")


@check("reply-is-json")
def reply_is_json(context: CheckContext) -> Iterator[Finding]:
    """The content type and the body."""
    answer = _created(context)
    media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        yield context.broken(answer, "content type", expected="application/json", actual=media_type or "none")
    yield from _is_object(context, answer)


@check("python-sample-reads-json")
def python_sample_reads_json(context: CheckContext) -> Iterator[Finding]:
    """The sample calls response.json() and looks fields up in it."""
    yield from _is_object(context, _created(context))


@check("javascript-sample-reads-json")
def javascript_sample_reads_json(context: CheckContext) -> Iterator[Finding]:
    """The sample awaits response.json() and looks fields up in it."""
    yield from _is_object(context, _created(context))


@check("success-flag")
def success_flag(context: CheckContext) -> Iterator[Finding]:
    """True, and no word for it."""
    answer = _created(context)
    if answer.at("success") is not True:
        yield context.broken(answer, "success", pointer="/success", expected="true", actual=repr(answer.at("success")))


@check("url-in-data")
def url_in_data(context: CheckContext) -> Iterator[Finding]:
    """Where the fragment has it."""
    yield from _is_url(context, _created(context), "data", "url")


@check("checkout-url-at-top-level")
def checkout_url_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """Where the Python sample reads it."""
    yield from _is_url(context, _created(context), "checkout_url")


@check("checkouturl-at-top-level")
def checkouturl_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """Where the JavaScript sample reads it."""
    yield from _is_url(context, _created(context), "checkoutUrl")


@check("python-sample-id-at-top-level")
def python_sample_id_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """As the Python sample prints it."""
    yield from _id_at_top_level(context)


@check("javascript-sample-id-at-top-level")
def javascript_sample_id_at_top_level(context: CheckContext) -> Iterator[Finding]:
    """As the JavaScript sample prints it."""
    yield from _id_at_top_level(context)


@check("checkout-answers-with-its-url")
def checkout_answers_with_its_url(context: CheckContext) -> Iterator[Finding]:
    """An address of the web, and a page behind it where the target serves it itself."""
    answer = _created(context)
    session = session_of(answer, 1)
    url = session.url if session is not None else ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield context.broken(answer, "no URL", expected="the http(s) URL of the payment page", actual=url or "none")
        return
    here = urlsplit(context.client.url)
    if (parts.hostname, parts.port) != (here.hostname, here.port):
        raise Undecided("the URL leads to another host")
    if context.client.on_rails:
        raise Undecided(Ability.FREE.reason)
    path = parts.path.removeprefix(here.path.rstrip("/"))
    page = context.client.send("GET", path, {"accept": "text/html"})
    if page.status in ABSENT and not context.setting.is_mock:
        raise Undecided("the target serves no payment page")
    if page.status != 200:
        yield context.broken(page, "the URL does not open", operation="GET the session's URL", expected="200")


@check("url-is-on-stripe")
def url_is_on_stripe(context: CheckContext) -> Iterator[Finding]:
    """The host of the fragment's example."""
    answer = _created(context)
    session = session_of(answer, 1)
    host = urlsplit(session.url).hostname if session is not None else None
    if host != "checkout.stripe.com":
        yield context.broken(answer, "another host", expected="checkout.stripe.com", actual=str(host))


def _created(context: CheckContext) -> Exchange:
    if context.client.reply is None:
        answer = context.account().ask(amount=1)
        if not answer.is_accepted:
            raise Undecided(Ability.CREATE.reason)
        context.client.reply = answer
    return context.client.reply


def _is_object(context: CheckContext, answer: Exchange) -> Iterator[Finding]:
    if not isinstance(answer.json, dict):
        yield context.broken(answer, "no JSON object", expected="a JSON object", actual=_shown(answer.json))


def _is_url(context: CheckContext, answer: Exchange, *names: str) -> Iterator[Finding]:
    url = answer.at(*names)
    pointer = "/" + "/".join(names)
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        yield context.broken(
            answer, "no URL", pointer=pointer, expected=f"an http(s) URL in {'.'.join(names)}", actual=_shown(url)
        )


def _id_at_top_level(context: CheckContext) -> Iterator[Finding]:
    account = context.account()
    answer = account.ask(amount=1)
    if not answer.is_accepted:
        raise Undecided(Ability.CREATE.reason)
    id_ = answer.at("id")
    if not isinstance(id_, str) or not id_:
        yield context.broken(answer, "no id", pointer="/id", expected="the session's id", actual=_shown(id_))
        return
    context.need(Ability.LIST)
    page = account.page(limit=10)
    if id_ not in [entry.get("id") for entry in entries_of(page)]:
        yield context.broken(
            page, "another id on the list", pointer="/data", expected=f"{id_} on the list", actual="not there"
        )


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)[:200]
