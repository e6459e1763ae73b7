"""axe-core: what it finds wrong with a page for people who do not see it, or not well."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

SOURCE: Final = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"

RUN: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}"""


@cache
def _source() -> str:
    if not SOURCE.exists():
        pytest.fail("axe-core is not installed; make tests/browser/axe/node_modules does", pytrace=False)
    return SOURCE.read_text("utf-8")


def found_by_axe(page: Page) -> list[str]:
    """What breaks axe's rules, its best practices included."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(RUN)
    return found
