"""The Markdown of the repository: its pages, their fenced blocks, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"

_FENCE: Final = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`+[^`\n]*`+")
_HEADING: Final = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_LINK: Final = re.compile(r"!?\[(?:[^][]|\[[^]]*\])*\]\(([^()\s]+)\)")
_FILE_NAME: Final = re.compile(r"(?:#!.*\n)?(?:#|//) ([\w.-]+\.(?:ya?ml|toml|py|mjs|ts|sh))\n")


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block: its page, language and text."""

    page: MarkdownPage
    language: str
    text: str

    @property
    def file_name(self) -> str | None:
        """The name of the file that the block shows, if its first comment is a name."""
        found = _FILE_NAME.match(self.text)
        return found[1] if found else None


@dataclass(frozen=True)
class MarkdownPage:
    """A page, named by its path from the root of the repository."""

    name: str

    @property
    def path(self) -> Path:
        """The file."""
        return ROOT / self.name

    @property
    def text(self) -> str:
        """The whole page."""
        return self.path.read_text("utf-8")

    def blocks(self, language: str) -> list[CodeBlock]:
        """The fenced blocks of a language, in the order of the page."""
        # A search for one language alone takes the end of another block for a beginning.
        return [CodeBlock(self, word, text) for _, word, text in _FENCE.findall(self.text) if word == language]

    @property
    def languages(self) -> set[str]:
        """The languages of all fenced blocks; a block without one counts as the empty word."""
        return {word for _, word, _ in _FENCE.findall(self.text)}

    @property
    def anchors(self) -> set[str]:
        """The anchors that a forge and the site make of the headings."""
        return {_anchor(heading) for heading in _HEADING.findall(_FENCE.sub("", self.text))}

    @property
    def links(self) -> list[str]:
        """The targets of all links and pictures outside of code."""
        return _LINK.findall(_CODE.sub("", _FENCE.sub("", self.text)))


def _anchor(heading: str) -> str:
    words = re.sub(r"[^\w\s-]", "", heading.replace("`", "").lower())
    return re.sub(r"\s", "-", words.strip())


def _pages() -> Iterator[MarkdownPage]:
    for path in sorted(ROOT.glob("*.md")) + sorted(DOCS.rglob("*.md")):
        yield MarkdownPage(path.relative_to(ROOT).as_posix())


PAGES: Final = tuple(_pages())
"""Each page of the root and of docs/."""

README: Final = MarkdownPage("README.md")

HANDBOOK: Final = tuple(page for page in PAGES if page == README or page.name.startswith("docs/"))
"""The pages for users: the README and all of docs/."""

HANDBOOK_TEXT: Final = "\n".join(page.text for page in HANDBOOK)
