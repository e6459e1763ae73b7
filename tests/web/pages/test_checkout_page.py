from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mockserver.billing import Checkout
from mockserver.domain.errors import CheckoutError, OutcomeUnknown, StoreUnavailable
from tests.web.conftest import Start
from tests.web.mock_client import HERE, KEY, OTHER, Mock, refused
from tests.web.pages.checkout_forms import PATHS, SHOP, TYPED, Form, post


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_pending_session_s_page_shows_the_purchase_and_a_form(mock: Mock, path: str) -> None:
    page = mock.get(path.format(mock.create(amount=1234)))
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "$1,234.00" in page.text
    assert "1,234 credits" in page.text
    assert Form(page).values.items() >= {"card": "", "email": "", "country": "US"}.items()


def test_completed_session_s_page_is_a_receipt_without_a_form(mock: Mock, path: str) -> None:
    name = mock.create(amount=1234)
    mock.pay(name)
    page = mock.get(path.format(name))
    assert page.status_code == 200
    assert "<form" not in page.text
    assert "Paid" in page.text
    assert "15 January 2030, 12:00 UTC" in page.text
    assert "Visa •••• 4242" in page.text
    assert "1,234 credits \u00d7 $1.00" in page.text
    [invoice] = re.findall(r'href="(/c/invoice/in_[A-Za-z0-9]+\.pdf)"', page.text)
    assert mock.get(invoice).headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("early", [False, True])
def test_expired_session_s_page_is_gone_and_says_when_it_ended(mock: Mock, path: str, early: bool) -> None:
    name = mock.create()
    if early:
        mock.post(f"/_mock/sessions/{name}/expire")
    else:
        mock.advance("24h")
    page = mock.get(path.format(name))
    assert page.status_code == 410
    assert "expired" in page.text
    assert "<form" not in page.text
    assert ("It was closed before its time" in page.text) is early
    assert "open until 16 January 2030, 12:00 UTC." in page.text


@pytest.mark.parametrize("name", ["cs_test_none", "cs_test_" + "a" * 58, "<script>alert(1)", "%00", "é"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_session_s_page_is_not_found(mock: Mock, path: str, name: str, method: str) -> None:
    page = mock.request(method, path.format(name))
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"] or refused(page, 404, "not_found")
    assert "<script>" not in page.text
    assert "cs_test" not in page.text
    assert "No checkout has this address." in page.text or "text/html" not in page.headers["content-type"]


def test_payment_redirects_to_the_success_url(mock: Mock, path: str) -> None:
    name = mock.create(amount=5, **SHOP)
    answer = post(mock, name, path=path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"https://shop.example/yes?s={name}"
    assert mock.session(name)["status"] == "completed"
    assert mock.balance() == 5


def test_cancellation_redirects_and_leaves_the_session_open(mock: Mock, path: str) -> None:
    name = mock.create(amount=5, **SHOP)
    answer = post(mock, name, path=path, action="cancel")
    assert answer.status_code == 303
    assert answer.headers["location"] == "http://shop.example:81/no"
    assert mock.session(name)["status"] == "pending"
    assert post(mock, name).status_code == 303


@pytest.mark.parametrize(("action", "says"), [("pay", "Paid"), ("cancel", "nothing was paid")])
def test_page_without_redirects_shows_its_own_result(mock: Mock, path: str, action: str, says: str) -> None:
    answer = post(mock, mock.create(), path=path, action=action)
    assert answer.status_code == 303
    shown = mock.get(answer.headers["location"])
    assert shown.status_code == 200
    assert says in shown.text


def test_declined_card_shows_the_reason_and_the_form_again(mock: Mock, path: str) -> None:
    name = mock.create()
    page = post(mock, name, path=path, card="4000000000009995")
    assert page.status_code == 402
    assert "insufficient funds" in page.text
    assert "csrf" in Form(page).values
    assert mock.session(name)["status"] == "pending"
    assert mock.balance() == 0
    assert post(mock, name).status_code == 303


@pytest.mark.parametrize(("authenticate", "status"), [("true", 303), ("false", 402)])
def test_card_with_3d_secure_needs_a_second_step(mock: Mock, authenticate: str, status: int) -> None:
    name = mock.create()
    asked = post(mock, name, card="4000002500003155")
    assert asked.status_code == 402
    assert "3-D Secure" in asked.text
    assert mock.session(name)["status"] == "pending"
    assert "•••• 3155" in asked.text
    confirmed = mock.request("POST", f"/c/pay/{name}", data={**Form(asked).values, "authenticate": authenticate})
    assert confirmed.status_code == status
    assert mock.balance() == (50 if status == 303 else 0)


def test_loser_of_a_double_click_sees_the_receipt(mock: Mock, path: str) -> None:
    name = mock.create(amount=5, **SHOP)
    form = {**Form(mock.get(path.format(name))).values, **TYPED, "action": "pay"}
    assert mock.request("POST", path.format(name), data=form).status_code == 303
    second = mock.request("POST", path.format(name), data=form)
    assert second.status_code == 409
    assert "Paid" in second.text
    assert mock.balance() == 5


@pytest.mark.parametrize("action", ["pay", "cancel"])
def test_page_that_was_open_too_long_is_gone(mock: Mock, path: str, action: str) -> None:
    name = mock.create(amount=5, **SHOP)
    form = {**Form(mock.get(path.format(name))).values, **TYPED, "action": action}
    mock.advance("24h")
    page = mock.request("POST", path.format(name), data=form)
    assert page.status_code == 410
    assert "expired" in page.text
    assert mock.balance() == 0


def test_form_without_its_session_s_token_has_no_effect(mock: Mock, path: str) -> None:
    name, other = mock.create(), mock.create(key=OTHER)
    foreign = Form(mock.get(path.format(other))).values["csrf"]
    for csrf in ("", "x", foreign, "é", foreign[:-1]):
        for action in ("pay", "cancel"):
            page = post(mock, name, path=path, csrf=csrf, action=action)
            assert page.status_code == 403
            assert "text/html" in page.headers["content-type"]
            assert "This page is out of date, and nothing was paid with it. Try again." in page.text
    assert mock.session(name)["attempts"] == []
    assert mock.balance() == 0


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"csrf=x&action=pay", "text/plain", 415),
        (b'{"action": "pay"}', "application/json", 415),
        (b"csrf=x&action=refund", "application/x-www-form-urlencoded", 400),
        (b"csrf=x", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"\xff=%ff&action=pay", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 100 + b"action=pay", "application/x-www-form-urlencoded", 400),
        (b"x" * (1024 * 1024 + 1), "application/x-www-form-urlencoded", 413),
    ],
)
def test_foreign_form_is_refused_with_a_page(mock: Mock, content: bytes, media_type: str, status: int) -> None:
    name = mock.create()
    page = mock.request("POST", f"/c/pay/{name}", content=content, headers={"content-type": media_type})
    assert page.status_code == status
    assert "text/html" in page.headers["content-type"]
    assert mock.session(name)["status"] == "pending"


@pytest.mark.parametrize("state", ["pending", "completed", "expired", "unknown", "declined"])
def test_every_page_has_security_headers(mock: Mock, state: str) -> None:
    name = mock.create(amount=5, **SHOP) if state != "unknown" else "cs_test_none"
    if state == "completed":
        mock.pay(name)
    if state == "expired":
        mock.advance("24h")
    page = post(mock, name, card="4000000000000002") if state == "declined" else mock.get(f"/c/pay/{name}")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    # own scripts and the one URL that they read; none if the session is closed
    assert scripts(page) == re.findall(r'<script type="module" src="([^"]+)"></script>', page.text)
    assert bool(scripts(page)) is (state in ("pending", "declined"))
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", page.text)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] in ("same-origin", "no-referrer")


def scripts(page: httpx.Response) -> list[str]:
    """The paths of the scripts that the page may run."""
    match = re.search(r"script-src ([^;]*)", page.headers["content-security-policy"])
    return [url.removeprefix(HERE) for url in match[1].split()] if match else []


def form_action(page: httpx.Response) -> set[str]:
    match = re.search(r"form-action ([^;]*)", page.headers["content-security-policy"])
    assert match
    return set(match[1].split())


def test_form_action_allows_the_session_s_redirects(mock: Mock) -> None:
    targets = form_action(mock.get(f"/c/pay/{mock.create(amount=5, **SHOP)}"))
    assert targets >= {"'self'", "https://shop.example", "http://shop.example:81"}
    # a shop's page may redirect to any page, but not to a script or a file
    assert targets <= {"'self'", "https://shop.example", "http://shop.example:81", "https:", "http:"}


@pytest.mark.parametrize("url", ["http://[::1]:3000/ok", "http://my_shop:3000/ok"])
def test_form_action_leaves_out_a_host_that_a_policy_cannot_name(mock: Mock, url: str) -> None:
    targets = form_action(mock.get(f"/c/pay/{mock.create(amount=5, success_url=url)}"))
    assert targets == {"'self'", "http:", "https:"}


def test_form_action_without_redirects_is_self_only(mock: Mock) -> None:
    assert form_action(mock.get(f"/c/pay/{mock.create()}")) == {"'self'"}


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/;script-src'unsafe-inline'",
        "https://a;script-src.example/",
        "https://a.example,b.example/",
        "https://user@a.example/",
        'https://a.example/"><script>alert(1)</script>',
        "https://*/",
    ],
)
def test_hostile_redirect_is_escaped(start: Start, url: str) -> None:
    mock = start(profile="openapi")
    page = mock.get(f"/c/pay/{mock.create(amount=5, success_url=url, cancel_url=url)}")
    assert page.status_code == 200
    assert "<script>" not in page.text
    policy = page.headers["content-security-policy"]
    assert all(path.startswith("/c/assets/") for path in scripts(page))
    assert scripts(page) == re.findall(r'<script type="module" src="([^"]+)"></script>', page.text)
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    "plan_id",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><script>", "{{ 7 * 7 }}", "&lt;b"],
)
def test_hostile_plan_is_escaped(mock: Mock, plan_id: str) -> None:
    name = mock.create(mode="subscription", plan_id=plan_id)
    for page in (mock.get(f"/c/pay/{name}"), post(mock, name, card="4000000000000002"), post(mock, name, csrf="x")):
        assert "<script>" not in page.text
        assert "<img" not in page.text
        assert "49" not in re.sub(r"cs_test_\w+|[0-9a-f]{12,}|<section class=.drawer.*", "", page.text, flags=re.DOTALL)
        assert "Plan" in page.text


def test_api_key_is_on_no_page(mock: Mock) -> None:
    assert KEY not in mock.get(f"/c/pay/{mock.create()}").text


def test_last_value_of_a_repeated_name_counts(mock: Mock) -> None:
    name = mock.create()
    csrf = Form(mock.get(f"/c/pay/{name}")).values["csrf"]
    media_type = {"content-type": "application/x-www-form-urlencoded"}
    both = f"csrf={csrf}&action=pay&card=4242424242424242&card=4000000000000002"
    assert mock.request("POST", f"/c/pay/{name}", content=both, headers=media_type).status_code == 402
    both = f"csrf={csrf}&action=pay&action=cancel&card=4242424242424242"
    assert mock.request("POST", f"/c/pay/{name}", content=both, headers=media_type).status_code == 303
    assert mock.session(name)["status"] == "pending"


def test_time_left_has_seconds_in_the_last_hour(mock: Mock) -> None:
    name = mock.create()
    for by, left in (("1m", "23 h 59 min"), ("23h", "59 min 0 s"), ("58m", "1 min 0 s"), ("17s", "43 s")):
        mock.advance(by)
        assert f'<span id="left" data-testid="time-left">{left}</span>' in mock.get(f"/c/pay/{name}").text


def test_receipt_and_expired_page_link_to_the_shop(mock: Mock) -> None:
    paid, late = mock.create(amount=5, **SHOP), mock.create(amount=5, **SHOP)
    mock.pay(paid)
    mock.advance("24h")
    assert f'href="https://shop.example/yes?s={paid}"' in mock.get(f"/c/pay/{paid}").text
    assert 'href="http://shop.example:81/no"' in mock.get(f"/c/pay/{late}").text


def test_page_state_is_readable_and_not_recorded(mock: Mock) -> None:
    name = mock.create()
    mock.real_time.advance(seconds=90.5)
    before = len(mock.journal())
    state = mock.get(f"/c/pay/{name}/state")
    assert state.json() == {"status": "pending", "seconds_left": 86_309.5, "frozen": False}
    assert state.headers["cache-control"] == "no-store"
    mock.post("/_mock/clock", {"key": KEY, "frozen": True})
    assert mock.get(f"/c/pay/{name}/state").json()["frozen"] is True
    mock.advance("24h", key=KEY)
    assert mock.get(f"/c/pay/{name}/state").json() == {"status": "expired", "seconds_left": 0, "frozen": True}
    assert len(mock.journal()) == before


def test_page_state_is_guarded_like_the_page(mock: Mock) -> None:
    state = f"/c/pay/{mock.create()}/state"
    refused(mock.get("/c/pay/cs_test_none/state"), 404, "session_not_found")
    refused(mock.post(state), 405, "method_not_allowed")
    refused(mock.get(state, headers={"host": "evil.example"}), 403, "forbidden_host")
    refused(mock.get(state, headers={"sec-fetch-site": "cross-site"}), 403, "forbidden_origin")
    for path in re.findall(r'(?:src|href)="(/c/assets/[^"]+)"', mock.get(state.removesuffix("/state")).text):
        assert mock.get(path).status_code == 200
        refused(mock.get(path, headers={"host": "evil.example"}), 403, "forbidden_host")


def lose(error: CheckoutError) -> Callable[..., Any]:
    async def method(*_: object, **__: object) -> None:
        raise error

    return method


def test_payment_of_unknown_outcome_is_a_504_although_the_store_is_away(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = mock.create()
    form = Form(mock.get(f"/c/pay/{name}"))
    monkeypatch.setattr(Checkout, "pay", lose(OutcomeUnknown("the store was lost while it stored the request")))
    monkeypatch.setattr(Checkout, "visit", lose(StoreUnavailable("the store is away")))
    page = mock.request("POST", f"/c/pay/{name}", data={**form.values, **TYPED, "action": "pay"})
    assert (page.status_code, "was lost while it stored" in page.text) == (504, True)
    assert "retry-after" not in page.headers


def test_decline_that_cannot_be_shown_is_a_504_since_the_attempt_is_stored(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = mock.create()
    form = Form(mock.get(f"/c/pay/{name}"))
    monkeypatch.setattr(Checkout, "visit", lose(StoreUnavailable("the store is away")))
    declined = {**form.values, **TYPED, "card": "4000000000000002", "action": "pay"}
    page = mock.request("POST", f"/c/pay/{name}", data=declined)
    assert (page.status_code, "retry-after" in page.headers) == (504, False)
    assert [each["outcome"] for each in mock.session(name)["attempts"]] == ["generic_decline"]
