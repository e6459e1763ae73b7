"""The request of an exchange as curl, Python and fetch. The code repeats the request, and has no secret."""

from __future__ import annotations

import ast
import gzip
import json
import re
import subprocess
import sys
from itertools import product
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import send_request
from tests.matrix import IS_LONG, few_examples, long_but

pytestmark = pytest.mark.browser

BODY: Final = {
    "amount": 7,
    "success_url": "https://shop.example/?it's={CHECKOUT_SESSION_ID}&x=$HOME`id`\\\"\u2028ü",
    "extra": [None, True, 1.5, {"__proto__": {"a": []}}],
}
MODULES: Final = """async ([module, name, request]) => {
  const found = await import(new URL(module, document.querySelector("script").src));
  const body = JSON.parse(request.text);
  return found[name]({ method: "POST", url: "http://a/", headers: [], body, isJson: true, hasType: true, ...request });
}"""


@pytest.fixture
def dashboard(window: Page, mock: AccountMock) -> Page:
    """The dashboard; code that runs in it may be refused by the mock."""
    window.goto(f"{mock.url}/_mock/")
    return window


def sample(dashboard: Page, language: str) -> str:
    """The code of the oldest exchange, as it is copied."""
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = dashboard.locator("#exchange-list > li").last
    if row.locator(".exchange").get_attribute("aria-expanded") == "false":
        row.locator(".exchange").click()
    row.get_by_role("button", name=language, exact=True).click()
    row.get_by_role("button", name="Copy").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()
    text: str = dashboard.evaluate("navigator.clipboard.readText()")
    return text


def run_sample(dashboard: Page, language: str, mock: AccountMock) -> None:
    """Run the code of the oldest exchange."""
    code = sample(dashboard, language)
    assert mock.api_key not in code
    environment = {"VIDEO_DB_API_KEY": mock.api_key, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    if language == "fetch":
        dashboard.evaluate(f"async (env) => {{ const process = {{ env }};\n{code}\n}}", environment)
    else:
        command = [sys.executable, "-c", code] if language == "Python" else ["bash", "-c", f"{code} --silent"]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)


BY_HAND: Final = b'{"amount": 1.0,\n "amount" : 7.00, "x": "\\/\\u00fc", "2": 1, "1": 1e-7 }'
JSON_TYPE: Final = {"headers": {"content-type": "application/json"}}
BODIES: Final[dict[str, dict[str, Any]]] = {
    "text": {"content": b'{it\'s: "no JSON"\r\n}', **JSON_TYPE},
    "form": {"data": {"a": "1 2", "b": "ü"}},
    "json": {"json": BODY},
    "without a type": {"content": b"%d\\n it's {}\x00\x01\n"},
    "written by hand": {"content": BY_HAND, **JSON_TYPE},
    "compressed": {"content": gzip.compress(BY_HAND), "headers": {**JSON_TYPE["headers"], "content-encoding": "gzip"}},
}
LANGUAGES: Final = ("curl", "Python", "fetch")
# `make test` runs each kind of body in one language, `make test-long` in all.
POSTS: Final = product(BODIES, LANGUAGES) if IS_LONG else zip(BODIES, LANGUAGES * 2, strict=True)


@pytest.mark.parametrize(("body", "language"), list(POSTS))
def test_code_repeats_a_post(dashboard: Page, mock: AccountMock, language: str, body: str) -> None:
    send_request(mock, "/billing/checkout?a=%20&b=[]", **BODIES[body])
    expect(dashboard.locator(".exchange")).to_have_count(1)
    run_sample(dashboard, language, mock)

    again, first = ({**each} for each in mock.requests)
    names = ("method", "path", "body_text", "status", "account")
    assert [again[name] for name in names] == [first[name] for name in names]
    assert content_type(again) == content_type(first)


def content_type(exchange: dict[str, Any]) -> str | None:
    given: str | None = exchange["headers"].get("content-type")
    return given


@pytest.mark.parametrize("language", long_but(LANGUAGES[0], of=LANGUAGES))
def test_code_repeats_a_get_and_follows_no_redirect(dashboard: Page, mock: AccountMock, language: str) -> None:
    then = {"status": 302, "headers": {"Location": "/billing/checkouts"}}
    mock.control("POST", "/faults", body={"times": None, "match": {"path": "/billing/usage"}, "then": then})
    send_request(mock, "/billing/usage?q=%C3%BC&r=1")
    expect(dashboard.locator(".exchange")).to_have_count(1)
    run_sample(dashboard, language, mock)

    again, first = mock.requests
    assert (again["method"], again["path"], again["query"]) == (first["method"], first["path"], first["query"])


def test_language_is_remembered(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, "/billing/usage")
    assert sample(dashboard, "Python").startswith("import os\n\nimport requests\n")
    dashboard.reload()
    dashboard.locator(".exchange").click()
    expect(dashboard.get_by_role("group", name="The request as Python")).to_contain_text("requests.get(")
    expect(dashboard.get_by_role("button", name="Python", exact=True)).to_have_attribute("aria-pressed", "true")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_python_code_sends_the_text_of_any_json_body(dashboard: Page) -> None:
    @few_examples(40)
    @given(
        body=st.dictionaries(st.text(max_size=5), JSON, max_size=3) | st.lists(JSON, max_size=3),
        form=st.sampled_from([{}, {"ensure_ascii": False}, {"separators": (",", ":")}, {"indent": 1}]),
    )
    def sends_the_text(body: Any, form: Any) -> None:
        text = json.dumps(body, **form)
        code = dashboard.evaluate(MODULES, ["code/python_code.js", "pythonCode", {"text": text}])
        assert sent_text(code) == text

    sends_the_text()


def sent_text(code: str) -> str:
    """The body that Python code sends by `requests`."""
    (call,) = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and node.keywords]
    (keyword,) = [each for each in call.keywords if each.arg in ("json", "data")]
    if keyword.arg == "json":
        return json.dumps(ast.literal_eval(keyword.value), allow_nan=False)
    text: str = ast.literal_eval(keyword.value.func.value)  # type: ignore[attr-defined]  # of "…".encode()
    return text


@pytest.mark.parametrize("body", ['{"amount": 50, "plan_id": null, "extra": [true, 1.5, "\\u00fc"]}', "[]"])
def test_code_of_plain_json_shows_its_value(dashboard: Page, body: str) -> None:
    python = dashboard.evaluate(MODULES, ["code/python_code.js", "pythonCode", {"text": body}])
    compact = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False)
    javascript = dashboard.evaluate(MODULES, ["code/fetch_code.js", "fetchCode", {"text": compact}])
    assert "json=" in python
    assert "JSON.stringify(" in javascript


def test_code_of_other_json_shows_its_text(dashboard: Page) -> None:
    request = {"text": '{"amount":1.0,"note":"\\"a\\n"}'}
    python = dashboard.evaluate(MODULES, ["code/python_code.js", "pythonCode", request])
    javascript = dashboard.evaluate(MODULES, ["code/fetch_code.js", "fetchCode", request])
    literal = """'{"amount":1.0,"note":"\\\\"a\\\\n"}'"""
    assert f"data={literal}.encode()," in python
    assert f"body: {literal}," in javascript
    assert sent_text(python) == request["text"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b'{"amount":7,"note":"a  b"}', '{\n  "amount": 7,\n  "note": "a  b"\n}'),
        (b'{"amount": 1.0,  "amount": 7}', '{"amount": 1.0,  "amount": 7}'),
        (b'{"amount": 7, "note": "\\u00fc"}', '{"amount": 7, "note": "\\u00fc"}'),
    ],
)
def test_details_indent_only_what_keeps_its_text(dashboard: Page, mock: AccountMock, sent: bytes, shown: str) -> None:
    send_request(mock, "/billing/checkout", content=sent, **JSON_TYPE)
    dashboard.locator(".exchange").click()
    assert dashboard.get_by_role("group", name="Body of Request").text_content() == shown


def test_code_says_what_it_cannot_repeat(dashboard: Page, mock: AccountMock) -> None:
    secret = f'{{"amount": 7, "note": "{mock.api_key}"}}'.encode()
    for content in (b"\xff\xfe", secret, secret + b" " * 70_000):
        send_request(mock, "/billing/checkout", content=content)
    expect(dashboard.locator(".exchange")).to_have_count(3)
    samples = dashboard.locator("#exchange-list .sample")
    for row in dashboard.locator(".exchange").all():
        row.click()
    redacted = "Keys and card numbers of the body are [redacted]."
    expect(samples.nth(0).locator(".near")).to_have_text([redacted, re.compile("up to 64 KiB")])
    expect(samples.nth(1).locator(".near")).to_have_text([redacted])
    expect(samples.nth(2).locator(".near")).to_have_text([re.compile("no UTF-8")])
