"""Answers give nothing away: no key, no secret or insides of the server, no account's data to another page."""

from __future__ import annotations

import contextlib
import re
import time
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from mockserver_contracts.checks.context import CheckContext, operation_of
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.document.operations import CHECKOUTS, INVOICES, USAGE
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.results.finding import Finding, Severity
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import open_page

_FOREIGN: Final = "https://shop.example"
# The origin of a page in a sandboxed frame, which any page can make.
_SANDBOXED: Final = "null"
_SHORTEST_KEY: Final = 8
_FEW: Final = 10
_A_SECOND: Final = 1.1
# A text without these holds neither; the search for them is ten times as fast as the patterns.
_MARKS_OF_SECRETS: Final = (b"k_live_", b"k_test_", b"whsec_", b'secret":', b'password":', b'private_key":')
_MARKS_OF_TRACES: Final = (
    b"Traceback",
    b"at ",
    b"_modules/",
    b"-packages/",
    b".rb:",
    b".erb:",
    b"goroutine ",
    b".php",
    b":line ",
    b".ex:",
    b".exs:",
)
# Stripe's own forms of secrets, and members that are called so.
_SECRET: Final = re.compile(
    rb"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}|\bwhsec_[A-Za-z0-9]{8,}"
    rb'|"(?:[a-z_]*secret|[a-z_]*password|private_key)": ?"[^"]'
)
_TRACE: Final = re.compile(
    rb"Traceback \(most recent call last\)"
    rb"|/(?:node_modules|site-packages)/"
    # The line end and the indentation, as they are and as JSON escapes them; Java indents by a tab.
    rb"|(?:\n|\\n|\\u000[aA])(?:\s|\\t|\\u0009)+at "
    rb"(?:[^\n]{1,200}?:\d+:\d+\)?|[\w$.<>/]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\))"
    # Ruby, Go, PHP, .NET, Elixir, Rust and Perl, each by what it writes behind the name of a file.
    rb"|\.e?rb:\d+:in (?:[`']|\\u00(?:60|27))"
    rb"|goroutine \d+ \[\w"
    rb"|\.php(?:</b>|<\\?/b>)?(?:\(\d+\): |:\d+\b| on line (?:<b>)?\d)"
    rb"|\.(?:cs|fs|vb):line \d"
    rb"|\.exs?:\d+: \w[\w.]*/\d"
    rb"|panicked at [^\n]{1,200}?\.rs:\d"
    rb"|\bat [^\s\"]{1,200}\.(?:pl|pm|psgi|cgi) line \d"
)


@rule("answers-show-no-secret", needs=())
def answers_show_no_secret(context: CheckContext) -> Iterator[Finding]:
    """No answer shows a key, a secret or a stack trace, because answers are logged and shown."""
    account, client = context.account(), context.target.client
    for body in (account.order(), b'{"amount": "x"}', b"{"):
        account.post(body)
    if not client.on_rails and not any(_is_page(answer) for answer in client.exchanges):
        with contextlib.suppress(Undecided):
            open_page(client, account.create(dollars=1).url)
    seen: set[str] = set()
    keys = {key.encode("latin-1") for each in client.exchanges if (key := each.request.headers.get(client.key_header))}
    for answer in client.exchanges:
        for cause, severity in _secrets_in(answer, client.key_header, keys):
            if cause not in seen:
                seen.add(cause)
                yield context.violation(
                    answer,
                    cause,
                    severity=severity,
                    operation=operation_of(answer.request, client.url),
                    expected="nothing that only the server or its owner may know",
                    actual=cause,
                )


@rule("answers-are-private", needs=(Ability.CREATE, Ability.USAGE, Ability.FREE), once=True)
def answers_are_private(context: CheckContext) -> Iterator[Finding]:
    """Data of an account is kept by no shared cache and sent for a cookie to no foreign page, because it is private."""
    account = context.account()
    origins = {USAGE: _FOREIGN, INVOICES: _FOREIGN}
    if Ability.LIST in context.target.abilities:
        origins[CHECKOUTS] = _SANDBOXED
    for path, origin in origins.items():
        answer = account.client.send("GET", path, {**account.auth, "origin": origin})
        caching = (answer.header("cache-control") or "").lower()
        if "public" in caching or "s-maxage" in caching:
            expected = "Cache-Control without public and s-maxage"
            yield context.violation(answer, "kept by shared caches", severity="warning", expected=expected)
        allowed = answer.header("access-control-allow-origin")
        if allowed == origin and (answer.header("access-control-allow-credentials") or "").lower() == "true":
            yield context.violation(
                answer, "read by every page, with cookies", severity="warning", expected="no such page allowed"
            )


@rule("lists-are-fresh", needs=(Ability.CREATE, Ability.LIST, Ability.FREE), once=True)
def lists_are_fresh(context: CheckContext) -> Iterator[Finding]:
    """A changed list or balance is sent anew, because its tag is of the old one (RFC 9110, 13.1.2)."""
    account = context.account()
    yield from _expect_news_of_a_payment(context, account)
    page = account.page(limit=_FEW)
    if not (conditions := _conditions_of(page)):
        return
    session = account.create(dollars=1)
    yield from _expect_news(context, account, page, conditions, "an old list")
    page = account.page(limit=_FEW)
    conditions = _conditions_of(page)
    # Both words are of one length, so a tag that is the length of the list stays.
    if Ability.SESSIONS in context.target.abilities and account.expire(session).is_accepted:
        yield from _expect_news(context, account, page, conditions, "an old status")


def _expect_news(
    context: CheckContext, account: AccountClient, page: Exchange, conditions: Mapping[str, str], cause: str
) -> Iterator[Finding]:
    for name, value in conditions.items():
        headers = {**account.auth, name: value}
        again = account.client.send("GET", CHECKOUTS, headers, query={"limit": _FEW})
        # In an order of the server's own the change may be on another page.
        if again.status == 304 and account.page(limit=_FEW).response.body != page.response.body:
            yield context.violation(again, cause, expected="the new list", actual="304 Not Modified")
            return


def _expect_news_of_a_payment(context: CheckContext, account: AccountClient) -> Iterator[Finding]:
    """A payment changes balance and invoices; a target that gave them neither tag nor date is asked nothing."""
    client = context.target.client
    tagged = {each.request.path_below(client.url) for each in client.exchanges if each.is_accepted and _has_tag(each)}
    paths = [path for path in (USAGE, INVOICES) if path in tagged]
    if not paths or Ability.PAY not in context.target.abilities:
        return
    pages = {path: client.send("GET", path, account.auth) for path in paths}
    conditions = {path: _conditions_of(page) for path, page in pages.items()}
    if not account.pay(account.create(dollars=3)).is_accepted:
        return
    for path in paths:
        for name, value in conditions[path].items():
            again = client.send("GET", path, {**account.auth, name: value})
            if again.status != 304:
                continue
            if client.send("GET", path, account.auth).response.body != pages[path].response.body:
                cause = "an old balance" if path == USAGE else "old invoices"
                yield context.violation(again, cause, expected="what the payment changed", actual="304 Not Modified")


def _has_tag(answer: Exchange) -> bool:
    return any(answer.header(name) is not None for name in ("etag", "last-modified"))


def _conditions_of(page: Exchange) -> dict[str, str]:
    """The headers by which a client asks for news of the list: with its tag, and with its date.

    A date has whole seconds (RFC 9110, 8.8.2), so what changes next is a second later.
    """
    sources = (("if-none-match", "etag"), ("if-modified-since", "last-modified"))
    conditions = {name: value for name, source in sources if (value := page.header(source)) is not None}
    if "if-modified-since" in conditions:
        time.sleep(_A_SECOND)
    return conditions


def _secrets_in(answer: Exchange, key_header: str, keys: Collection[bytes]) -> Iterator[tuple[str, Severity]]:
    body, key = answer.response.body, answer.request.headers.get(key_header, "")
    if _is_page(answer) and b"sk-" in body and any(len(each) >= _SHORTEST_KEY and each in body for each in keys):
        yield "the API key on a page", "error"
    if _has_any(body, _MARKS_OF_SECRETS) and _SECRET.search(body):
        yield "a secret of the server", "error"
    if _has_any(body, _MARKS_OF_TRACES) and _TRACE.search(body):
        yield "a stack trace", "error"
    if len(key) < _SHORTEST_KEY:
        return
    forms = [form for form in _forms_of(key) if form]
    if any(form.encode("latin-1") in body for form in forms):
        yield "the API key in a body", "warning"
    if any(form in value for value in answer.response.headers.values() for form in forms):
        yield "the API key in a header", "warning"


def _is_page(answer: Exchange) -> bool:
    return (answer.header("content-type") or "").startswith("text/html")


def _forms_of(key: str) -> tuple[str, str, str]:
    """The key, and what anybody turns back into it: its base64, but for the last signs, and its hexadecimal digits."""
    raw = key.encode("latin-1")
    return key, b64encode(raw).decode()[: len(raw) // 3 * 4], raw.hex()


def _has_any(body: bytes, marks: tuple[bytes, ...]) -> bool:
    return any(mark in body for mark in marks)
