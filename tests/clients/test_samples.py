"""Programs that use `requests` and `fetch` like the page's samples, with the default profile."""

from __future__ import annotations

import pytest
import requests

from .control import paid, the_exchange, the_session
from .readers import Reader, javascript_sample, python_sample

SAMPLES = pytest.mark.parametrize("sample", [python_sample, javascript_sample])


@SAMPLES
def test_sample_prints_working_url_and_session_id(url: str, key: str, sample: Reader) -> None:
    printed_url, printed_id = sample(url, key)

    session = the_session(url, key)
    assert (printed_url, printed_id) == (session["url"], session["id"])
    page = requests.get(printed_url, timeout=30)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@SAMPLES
def test_redirects_of_a_sample_are_read_in_its_spelling(url: str, key: str, sample: Reader) -> None:
    _, session_id = sample(url, key)

    session = the_session(url, key)
    assert session["success_url"] == "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}"
    assert session["cancel_url"] == "https://shop.example/basket"
    assert paid(url, session_id)["redirect_url"] == f"https://shop.example/thanks?session={session_id}"


@SAMPLES
def test_sample_satisfies_the_contract(url: str, key: str, sample: Reader) -> None:
    sample(url, key)

    exchange = the_exchange(url, key)
    assert exchange["status"] == 200
    assert exchange["contract"] == {"request": [], "response": []}


@SAMPLES
def test_two_runs_of_a_sample_create_two_sessions(url: str, key: str, sample: Reader) -> None:
    assert set(sample(url, key)).isdisjoint(sample(url, key))
