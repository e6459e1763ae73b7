"""The Chromium of this machine, as the browser tests and the pictures drive it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

VARIABLE: Final = "MOCKSERVER_TEST_CHROMIUM"
NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS: Final = (
    "--no-sandbox",  # a container has none, and only pages of ours are opened
    "--disable-gpu",
    "--in-process-gpu",  # one process less to start
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * 127.0.0.1",  # whatever a page asks for, it reaches this machine and no other
)


class NoChromium(Exception):
    """There is no Chromium to drive; the message says how to get one."""


def executable() -> str:
    """Where Chromium is; raises NoChromium."""
    named = os.environ.get(VARIABLE)
    for name in (named,) if named else NAMES:
        if found := shutil.which(name):
            return found
    if named:
        raise NoChromium(f"{VARIABLE} is {named!r}, which is no program that can be run")
    raise NoChromium(f"there is no Chromium on the PATH; tools/browser.sh gets one, or {VARIABLE} names one")


@contextmanager
def launched() -> Iterator[Browser]:
    """A Chromium with a profile of its own; raises NoChromium."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
