"""Take the README's screenshots with a real mock and a real Chromium: docs/checkout.webp and docs/dashboard.webp."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, Page, expect

import mockserver
from tests.browser.chromium import NoChromium, launched

DOCS: Final = Path(__file__).parents[1] / "docs"
LARGEST: Final = 100_000
TO_WEBP: Final = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}"""
KEY: Final = "sk-demo"
OTHER_KEY: Final = "sk-team"


def main() -> int:
    """Take the screenshots; the exit code."""
    DOCS.mkdir(exist_ok=True)
    try:
        with mockserver.running(store="memory") as mock, launched() as browser:
            sizes = [
                _save(browser, "checkout", checkout_picture(browser, mock.url)),
                _save(browser, "dashboard", dashboard_picture(browser, mock.url)),
            ]
    except NoChromium as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if max(sizes) <= LARGEST else 1


def checkout_picture(browser: Browser, url: str) -> bytes:
    """The page of a new session."""
    shop = {"success_url": "https://shop.example/thanks", "cancel_url": "https://shop.example/credits"}
    with _window(browser, width=1200, height=860) as page:
        page.goto(_create(url, KEY, amount=50, **shop)["checkout_url"])
        page.get_by_test_id("fill-4242424242424242").click()
        page.evaluate("document.activeElement.blur()")
        return page.screenshot(animations="disabled")


def dashboard_picture(browser: Browser, url: str) -> bytes:
    """The dashboard of a mock with some sessions, faults and exchanges."""
    _fill(url)
    with _window(browser, width=1440, height=810) as page:
        page.goto(f"{url}/_mock/")
        page.get_by_role("button", name="Got it").click()
        page.get_by_role("button", name="400 POST /billing/checkout").click()
        page.get_by_role("button", name="+24 h").focus()
        expect(page.get_by_text("1 violation of the contract").first).to_be_visible()
        expect(page.locator("[data-part=left]").first).not_to_be_empty()
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        return page.screenshot(animations="disabled")


@contextmanager
def _window(browser: Browser, *, width: int, height: int) -> Iterator[Page]:
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme="light") as context:
        yield context.new_page()


def _fill(url: str) -> None:
    with httpx.Client(base_url=f"{url}/_mock", trust_env=False) as control:
        control.post("/reset")
        for key, name in ((KEY, "Demo shop"), (OTHER_KEY, "Team")):
            control.post("/accounts", json={"key": key, "name": name})
        paid = _create(url, KEY, amount=50)
        control.post(f"/sessions/{paid['id']}/pay")
        late = _create(url, OTHER_KEY, amount=500)
        control.post(f"/sessions/{late['id']}/expire")
        _create(url, KEY, mode="subscription", plan_id="plan-basic")
        declined = _create(url, KEY, amount=20)
        control.post(f"/sessions/{declined['id']}/pay", json={"card": "4000000000009995"})
        control.post("/usage", json={"key": KEY, "credits": 3.5, "category": "indexing"})
        control.post("/faults", json={"match": {"path": "/billing/usage"}, "times": 2, "then": {"status": 503}})
        httpx.get(f"{url}/billing/usage", headers={"x-access-token": KEY}, trust_env=False)
        _post_checkout(url, KEY, amount="50")
        _create(url, OTHER_KEY, amount=1250)


def _create(url: str, key: str, **order: Any) -> dict[str, Any]:
    created: dict[str, Any] = _post_checkout(url, key, **order).raise_for_status().json()
    return created


def _post_checkout(url: str, key: str, **order: Any) -> httpx.Response:
    return httpx.post(f"{url}/billing/checkout", json=order, headers={"x-access-token": key}, trust_env=False)


def _save(browser: Browser, name: str, picture: bytes) -> int:
    path = DOCS / f"{name}.webp"
    path.write_bytes(_to_webp(browser, picture))
    size = path.stat().st_size
    sys.stderr.write(f"{path.name}: {size} bytes\n")
    return size


def _to_webp(browser: Browser, png: bytes) -> bytes:
    """The picture as WebP, a third of the size of a PNG; the browser converts it."""
    with _window(browser, width=100, height=100) as page:
        return base64.b64decode(page.evaluate(TO_WEBP, base64.b64encode(png).decode("ascii")))


if __name__ == "__main__":
    sys.exit(main())
