"""Texts come back as they were sent."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.checks.registry import rule
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.undecided import Undecided
from mockserver_contracts.target.web_page import LeadsElsewhere, open_page

_MARKUP: Final = "<b>&amp;%41%zz"
# Data for a script is no markup.
_SCRIPT: Final = re.compile("<script.*?</script>", re.DOTALL | re.IGNORECASE)
_PLANS: Final = (
    # Letters that are composed, decomposed, and compatible to others, and marks of markup.
    "Plan-ü-日本-🎬 with  more than thirty letters, \u00e9-e\u0301-\ufb01-\u2460 " + _MARKUP,
    # Placeholders of many a template.
    "plan 'a' \"b\" \\ / + {c}-{{d}}-${e}-#{f}-%s-%(g)s-<%= h %>-[i]-|j ",
    # A number to a column, or a language, that takes digits for one.
    "0070",
    # More than the 255 bytes of many a column.
    "100% of a plan" + ", and of every other one" * 12,
    "plan-\0-behind",
    "plan\twith\nlines\r\nand ends",
    # Marks that nobody sees, and ends of lines in the eyes of some languages.
    "plan-\u200b-\u200d-\u200e-\ufeff-\u2028-\u2029-\u0085-end",
)
# Most clients escape what is not ASCII: this one in two halves (RFC 8259, 7).
_ESCAPED: Final = ("plan-\u00e9-\U0001f3ac-escaped",)


def _expect_page(context: CheckContext, session: Session) -> Iterator[Finding]:
    """Yield a finding if the page of the session fails, or has the markup of the plan as markup of its own."""
    with contextlib.suppress(LeadsElsewhere):
        page = open_page(context.target.client, session.url).answer
        if page.status >= 400:
            cause, operation = "the page of such a plan", "GET the session's URL"
            yield context.violation(page, cause, operation=operation, expected="200")
            return
        shown = _SCRIPT.sub("", page.response.body.decode("utf-8", "replace"))
        if _MARKUP in shown:
            cause, operation = "markup of an order on its page", "GET the session's URL"
            yield context.violation(page, cause, operation=operation, expected="&lt;b&gt;", actual=_MARKUP)


@rule("text-is-kept", needs=(Ability.CREATE, Ability.SESSIONS, Ability.FREE), once=True)
def text_is_kept(context: CheckContext) -> Iterator[Finding]:
    """A plan_id of any characters is shown as it was ordered, because texts get lost in escapes and charsets."""
    account = context.new_account()
    seen = 0
    for plan in (*_PLANS, *_ESCAPED):
        order = {"mode": "subscription", "plan_id": plan}
        # The bytes are UTF-8: escapes would hide a server that reads another charset.
        answer = account.post(json.dumps(order, ensure_ascii=plan in _ESCAPED).encode())
        if not answer.is_accepted:
            continue  # the claim `plan-id-is-text` and the corpus decide whether it must be
        session = account.created(answer, 0)
        look = account.look(session)
        if look.is_accepted and look.json is None:
            yield context.violation(look, "no JSON with a text in it", expected="JSON", actual="no JSON")
            return
        if look.at("plan_id") is None:
            continue
        seen += 1
        if _MARKUP in plan:
            yield from _expect_page(context, session)
        if look.at("plan_id") != plan:
            yield context.violation(
                look, "another text", pointer="/plan_id", expected=plan, actual=str(look.at("plan_id"))
            )
            return
    if not seen:
        raise Undecided("nothing shows the plan of a session")
