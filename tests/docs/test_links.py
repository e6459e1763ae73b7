"""Every relative link and picture of the Markdown leads somewhere, on a forge and on the site."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.docs.markdown import DOCS, PAGES, ROOT, MarkdownPage

CHAPTERS = [page for page in PAGES if page.name.startswith("docs/")]


def _relative(page: MarkdownPage) -> Iterator[tuple[str, str]]:
    for link in page.links:
        if not re.match(r"[a-z]+:", link):
            path, _, anchor = link.partition("#")
            yield path, anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_to_files_and_headings(page: MarkdownPage) -> None:
    for path, anchor in _relative(page):
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.is_file(), f"{page.name}: {path}"
        if anchor:
            found = MarkdownPage(target.relative_to(ROOT).as_posix()).anchors
            assert anchor in found, f"{page.name}: {path}#{anchor}; headings: {sorted(found)}"


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.name)
def test_chapters_link_to_chapters_alone(page: MarkdownPage) -> None:
    # The site consists of docs/: a link to a file outside is broken there.
    for path, _ in _relative(page):
        assert (page.path.parent / path).resolve().is_relative_to(DOCS), f"{page.name}: {path}"


def test_chapters_are_all_in_the_navigation_of_the_site() -> None:
    def names(entry: object) -> Iterator[str]:
        if isinstance(entry, str):
            yield f"docs/{entry}"
        else:
            for part in entry.values() if isinstance(entry, dict) else entry:  # type: ignore[attr-defined]
                yield from names(part)

    navigation = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    assert sorted(names(navigation)) == sorted(page.name for page in CHAPTERS)


@pytest.mark.parametrize("index", ["README.md", "docs/index.md"])
def test_chapters_are_all_linked_from_the_start(index: str) -> None:
    folder = PurePosixPath(index).parent
    linked = {(folder / path).as_posix() for path, _ in _relative(MarkdownPage(index))}
    chapters = {page.name for page in CHAPTERS if page.path.parent == DOCS} - {"docs/index.md"}
    assert chapters <= linked
    assert "docs/decisions/index.md" in linked


def test_decisions_are_all_linked_from_their_index() -> None:
    linked = {path for path, _ in _relative(MarkdownPage("docs/decisions/index.md"))}
    assert linked >= {path.name for path in (DOCS / "decisions").glob("0*.md")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_are_small(page: MarkdownPage) -> None:
    for picture in re.findall(r"!\[[^]]+\]\(([^)]+)\)", page.text):
        assert (page.path.parent / picture).stat().st_size < 100_000


def test_links_of_the_web_use_tls() -> None:
    for page in PAGES:
        plain = [link for link in page.links if link.startswith("http://")]
        assert plain == [], page.name
