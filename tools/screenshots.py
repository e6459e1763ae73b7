"""Takes the README's pictures anew, of the real mock in a real Chromium: docs/checkout.png."""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path
from typing import Final

import mockserver
from tests.browser.chromium import NoChromium, launched

PICTURE: Final = Path(__file__).parents[1] / "docs" / "checkout.png"
WIDTH: Final = 800
LARGEST: Final = 80_000
KEY: Final = "sk-demo"


def main() -> int:
    """Take the picture; the exit code."""
    with mockserver.running(store="memory") as mock:
        try:
            take(a_checkout(mock.url), PICTURE)
        except NoChromium as error:
            sys.stderr.write(f"{error}\n")
            return 1
    size = PICTURE.stat().st_size
    sys.stderr.write(f"{PICTURE.name}: {size} bytes\n")
    return 0 if size <= LARGEST else 1


def a_checkout(url: str) -> str:
    """The address of the page of a new session."""
    order = urllib.request.Request(
        f"{url}/billing/checkout",
        data=json.dumps({"amount": 50}).encode(),
        headers={"x-access-token": KEY, "content-type": "application/json"},
    )
    with urllib.request.urlopen(order) as reply:
        return str(json.load(reply)["checkout_url"])


def take(address: str, picture: Path) -> None:
    """Keep what a window shows at an address, as far down as there is something."""
    picture.parent.mkdir(exist_ok=True)
    with launched() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 200}, color_scheme="light")
        page.goto(address)
        page.screenshot(path=picture, full_page=True, animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
