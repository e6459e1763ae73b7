"""Accessibility rules of axe-core."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.matrix import IS_LONG

SOURCE: Final = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
Look = tuple[int, Literal["dark", "light"]]
LOOKS: Final[tuple[Look, ...]] = ((320, "dark"), (1440, "light"))
_LOOKS_IN_TURN: Final[tuple[tuple[Look, ...], ...]] = (LOOKS[:1], (), LOOKS[1:], ())
# the report needs no selectors, and pages of ours load nothing from elsewhere
RUN: Final = """async () => {
  const options = { resultTypes: ["violations"], preload: false, selectors: false };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}"""


@cache
def _source() -> str:
    if not SOURCE.exists():
        pytest.fail("axe-core is not installed; make tests/browser/axe/node_modules does", pytrace=False)
    return SOURCE.read_text("utf-8")


def axe_violations(page: Page, *, turn: int | None = None) -> list[str]:
    """The page's violations of axe's rules and best practices: narrow and dark, wide and light.

    A test of many states passes their number as `turn`: `make test` judges every second state, in one of the looks.
    """
    looks = LOOKS if turn is None or IS_LONG else _LOOKS_IN_TURN[turn % len(_LOOKS_IN_TURN)]
    if not looks:
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    violations: list[str] = []
    for look in looks:
        _show(page, look)
        violations += [f"{look[0]} {look[1]} {violation}" for violation in page.evaluate(RUN)]
    if looks[-1] != LOOKS[-1]:
        _show(page, LOOKS[-1])
    return violations


def _show(page: Page, look: Look) -> None:
    width, scheme = look
    page.set_viewport_size(ViewportSize(width=width, height=800))
    # reduced: a colour that is on its way to another is neither
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
