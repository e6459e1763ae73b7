"""The request of an exchange as curl, Python and fetch. The code repeats the request, and has no secret."""

from __future__ import annotations

import ast
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
from tests.matrix import IS_LONG, few_examples

pytestmark = pytest.mark.browser

BODY: Final = {
    "amount": 7,
    "success_url": "https://shop.example/?it's={CHECKOUT_SESSION_ID}&x=$HOME`id`\\\"\u2028ü",
    "extra": [None, True, 1.5, {"__proto__": {"a": []}}],
}
MODULES: Final = """async ([module, name, request]) => {
  const found = await import(new URL(module, document.querySelector("script").src));
  return found[name]({ method: "POST", url: "http://a/", headers: [], text: "", isJson: true, ...request });
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


BODIES: Final[dict[str, dict[str, Any]]] = {
    "json": {"json": BODY},
    "text": {"content": b'{it\'s: "no JSON"\r\n}', "headers": {"content-type": "application/json"}},
    "form": {"data": {"a": "1 2", "b": "ü"}},
}
LANGUAGES: Final = ("curl", "Python", "fetch")
# `make test` runs each kind of body in one language, `make test-long` in all.
POSTS: Final = product(BODIES, LANGUAGES) if IS_LONG else zip(BODIES, LANGUAGES, strict=True)


@pytest.mark.parametrize(("body", "language"), list(POSTS))
def test_code_repeats_a_post(dashboard: Page, mock: AccountMock, language: str, body: str) -> None:
    send_request(mock, "/billing/checkout?a=%20&b=[]", **BODIES[body])
    expect(dashboard.locator(".exchange")).to_have_count(1)
    run_sample(dashboard, language, mock)

    again, first = mock.requests
    assert [again[name] for name in ("method", "path", "body", "status", "account")] == [
        first[name] for name in ("method", "path", "body", "status", "account")
    ]
    assert again["headers"]["content-type"] == first["headers"]["content-type"]


@pytest.mark.parametrize("language", LANGUAGES)
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


def test_python_code_has_the_value_of_any_json_body(dashboard: Page) -> None:
    @few_examples(40)
    @given(body=st.dictionaries(st.text(max_size=5), JSON, max_size=3) | st.lists(JSON, max_size=3))
    def has_the_value(body: Any) -> None:
        code = dashboard.evaluate(MODULES, ["code/python_code.js", "pythonCode", {"body": body}])
        (call,) = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and node.keywords]
        (value,) = [keyword.value for keyword in call.keywords if keyword.arg == "json"]
        assert ast.literal_eval(value) == body

    has_the_value()
