"""The example of the handbook, in Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from mockserver.client.account_mock import AccountMock
from tests.docs.markdown import MarkdownPage

pytestmark = pytest.mark.browser


def test_example_of_the_handbook_passes(page: Page, videodb_mock: AccountMock) -> None:
    [example] = [
        block.text for block in MarkdownPage("docs/checkout.md").blocks("python") if "playwright" in block.text
    ]
    names: dict[str, Any] = {}
    exec(example, names)
    [test] = [value for name, value in names.items() if name.startswith("test_")]
    test(page, videodb_mock)
