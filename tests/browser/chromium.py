"""The Chromium of this machine, for the browser tests and the screenshots."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

VARIABLE: Final = "MOCKSERVER_TEST_CHROMIUM"
NAMES: Final = (
    "chromium-headless-shell",  # the same engine without a browser's own windows: a third less processor time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS: Final = (
    "--no-sandbox",  # a container has none, and the tests open only our own pages
    "--disable-gpu",
    "--in-process-gpu",  # one process less to start
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * 127.0.0.1",  # every request of a page stays on this machine
)


class NoChromium(Exception):
    """No Chromium is installed; the message says how to install one."""


def executable() -> str:
    """The path of Chromium; raises NoChromium."""
    named = os.environ.get(VARIABLE)
    for name in (named,) if named else NAMES:
        if found := shutil.which(name):
            return found
    if named:
        raise NoChromium(f"{VARIABLE} is {named!r}, which is not an executable program")
    raise NoChromium(f"there is no Chromium on the PATH; run tools/browser.sh, or set {VARIABLE}")


@contextmanager
def launched() -> Iterator[Browser]:
    """Run Chromium with a fresh profile; raises NoChromium."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
