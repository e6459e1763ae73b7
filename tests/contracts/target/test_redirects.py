"""A redirect leads to the URL of the order, in any spelling and with further parameters."""

from __future__ import annotations

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.target.account_readings import SESSION_TEMPLATE, leads_to
from mockserver_contracts.target.answer import Session

ANSWER = Exchange(Request("POST", "http://a/billing/checkout", {}), Response(200, {}, b"{}"))
SESSION = Session("cs 7", "http://a/pay/7", 50, None, ANSWER)
URL = f"https://shop.example/ok/a%20b?s={SESSION_TEMPLATE}&again={SESSION_TEMPLATE}&b=2#done"
FILLED_IN = URL.replace(SESSION_TEMPLATE, "cs 7")


@pytest.mark.parametrize(
    "redirect",
    [
        FILLED_IN,
        FILLED_IN.replace("cs 7", "cs%207"),
        FILLED_IN.replace("cs 7", "cs+7"),
        URL,
        URL.replace("{", "%7B").replace("}", "%7D"),
        FILLED_IN.replace("https://shop", "HTTPS://Shop"),
        FILLED_IN.replace("#done", "&session_id=cs%207#done"),
        FILLED_IN.replace("?", "?paid=1&"),
    ],
)
def test_other_spellings_and_further_parameters_lead_there(redirect: str) -> None:
    assert leads_to(redirect, URL, session=SESSION, exactly=False)
    assert leads_to(redirect, URL, session=SESSION, exactly=True) is (redirect == FILLED_IN)


@pytest.mark.parametrize(
    "redirect",
    [
        None,
        7,
        "",
        "https://[::1",
        FILLED_IN.replace("ok", "no"),
        FILLED_IN.replace("&b=2", ""),
        FILLED_IN.replace("b=2", "b=3"),
        FILLED_IN.replace("cs 7", "cs 8"),
        FILLED_IN.replace("#done", ""),
        # One of two templates is filled in.
        URL.replace(SESSION_TEMPLATE, "cs 7", 1),
        FILLED_IN.replace("https", "http"),
        FILLED_IN.replace("shop.example", "shop.example:8443"),
        # Decoded: no URL, though a lenient reader finds the same parts in it.
        FILLED_IN.replace("%20", " "),
        FILLED_IN.replace("#done", "&c=\u00fc#done"),
        "https://shop.example/ok/a%20b?again=cs 7&s=cs 7&b=2#done",
    ],
)
def test_another_place_or_a_lost_parameter_does_not(redirect: object) -> None:
    assert not leads_to(redirect, URL, session=SESSION, exactly=False)


def test_root_of_a_host_is_the_same_with_and_without_a_slash() -> None:
    assert leads_to("https://shop.example/", "https://shop.example", session=SESSION, exactly=False)
