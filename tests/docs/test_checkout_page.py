"""The chapter on the checkout page lists every test card and every test id, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from mockserver.domain.payment.card_table import card_lines
from tests.docs.markdown import MarkdownPage

PAGE: Final = MarkdownPage("docs/checkout.md")
TEMPLATES: Final = Path(__file__).parents[2] / "mockserver" / "web" / "templates"
SCRIPTS: Final = TEMPLATES.parent / "assets" / "checkout"
NOT_FOR_BUYERS: Final = "dashboard.html"


def rows(heading: str) -> list[tuple[str, str]]:
    """The rows of the first table after a heading, each with two cells."""
    section = PAGE.text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (`.*) \| (.*) \|$", section.partition("|---|")[2], re.MULTILINE)


def test_every_test_card_is_listed_with_its_effect() -> None:
    listed = {number: effect for cell, effect in rows("Test cards") for number in re.findall(r"`([0-9]+)`", cell)}
    assert set(listed) == {line.number for line in card_lines()}
    for line in card_lines():
        effect = listed[line.number]
        assert ("3-D Secure" in effect) is line.asks_3d_secure, line.number
        if line.pays:
            assert "pays" in effect
            assert line.asks_3d_secure or line.brand.name in effect
        else:
            assert f"`{line.behaviour.decline_code}`" in effect


def test_every_test_id_of_the_page_is_listed() -> None:
    cells = [cell for cell, _ in rows("For Playwright and Cypress")]
    listed = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    sources = [each.read_text("utf-8") for each in TEMPLATES.glob("*.html") if each.name != NOT_FOR_BUYERS]
    used = {name for source in sources for name in re.findall(r'data-testid="([^"]+)"', source)}
    used |= {
        name
        for script in SCRIPTS.glob("*.js")
        for name in re.findall(r'dataset\.testid = "([^"]+)"', script.read_text("utf-8"))
    }
    fields = {name for source in sources for name in re.findall(r'{{ field\("([a-z]+)"', source)}
    examples = {"fill-{{ card.number }}": "fill-4242424242424242", "mistake-{{ name }}": "mistake-email"}
    examples["pay-with-{{ card.number }}"] = "pay-with-4242424242424242"
    assert listed == {examples.get(name, name) for name in used - {"{{ name }}"}} | fields
