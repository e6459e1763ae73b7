"""Hashes of the page show each quote to be of the page, in the part of its voice; the page itself is not here."""

from __future__ import annotations

import re

import pytest
from mockserver_contracts.results.claims import Claim, load_claims

from tools.page_hashes import HASHES, HEAD, digest, known_digests, page_digests, page_lines, runs_of

QUOTING = ("prose", "python-sample", "javascript-sample")
CLAIMS = [claim for claim in load_claims() if claim.voice in QUOTING]
KNOWN = known_digests()
PAGE = """\
> ## Index
> Read the index first.

# Buy Tea

> Buy tea by the pound

Pay *once*. Drink the tea for ever.

  ```python Python theme={null}
  print(f"Tea: {tea.get('leaf')}")
  ```

<Card title="List Teas" href="/x/y">
  View all teas
</Card>

## OpenAPI

openapi: 3.0.3
"""


def is_of_page(voice: str, quote: str) -> bool:
    return digest(voice, quote) in KNOWN


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_quote_of_a_claim_is_on_the_page(claim: Claim) -> None:
    assert is_of_page(claim.voice, claim.quote)
    assert 8 <= len(claim.quote) <= 60


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_changed_quote_is_not_on_the_page(claim: Claim) -> None:
    words = re.findall(r"\w+", claim.quote)
    for word in words:
        assert not is_of_page(claim.voice, claim.quote.replace(word, f"{word}x"))
        assert not is_of_page(claim.voice, claim.quote.replace(word, "never"))
    assert not is_of_page(claim.voice, f"not {claim.quote}")


@pytest.mark.parametrize(
    "invented",
    [
        "Checkout sessions expire after 48 hours",
        "sessions never expire",
        "credits are refunded",
        "status their and sessions",
        "purchase credits Initiate a checkout",
    ],
)
def test_invented_sentence_is_not_on_the_page(invented: str) -> None:
    assert not any(is_of_page(voice, invented) for voice in QUOTING)


def test_quote_of_one_voice_is_not_found_in_another() -> None:
    for claim in CLAIMS:
        others = [voice for voice in QUOTING if voice != claim.voice and is_of_page(voice, claim.quote)]
        # Both samples read the answer and send the key with the same words.
        assert others == [] or claim.id in ("python-sample-reads-json", "javascript-sample-key-in-x-access-token")


def test_file_has_sorted_hashes_and_no_text() -> None:
    text = HASHES.read_text("utf-8")
    lines = text.removeprefix(HEAD).splitlines()
    assert text.startswith(HEAD)
    assert 1000 < len(lines) < 2000
    assert lines == sorted(set(lines))
    assert all(re.fullmatch(r"[0-9a-f]{12}", line) for line in lines)


def test_page_has_lines_of_each_voice_without_its_index_and_markup() -> None:
    lines = [(voice, line.strip()) for voice, line in page_lines(PAGE)]
    assert lines == [
        ("prose", "Buy Tea"),
        ("prose", "Buy tea by the pound"),
        ("prose", "Pay once."),
        ("prose", "Drink the tea for ever."),
        ("python-sample", """print(f"Tea: {tea.get('leaf')}")"""),
        ("prose", "List Teas"),
        ("prose", "View all teas"),
    ]


@pytest.mark.parametrize(
    ("voice", "quote", "is_found"),
    [
        ("prose", "tea by the pound", True),
        ("prose", "the\n  tea for ever.", True),
        ("prose", "tea for ever!", False),
        ("prose", "Tea by the pound", False),
        ("prose", "once. Drink", False),
        ("prose", "tea", False),
        ("prose", "List Teas", True),
        ("python-sample", "tea.get('leaf')", True),
        ("python-sample", 'tea.get("leaf")', False),
        ("javascript-sample", "tea.get('leaf')", False),
        ("prose", "the index first", False),
        ("prose", "openapi: 3.0.3", False),
    ],
)
def test_run_of_words_is_found_in_its_line_and_voice(voice: str, quote: str, *, is_found: bool) -> None:
    assert (digest(voice, quote) in page_digests(PAGE)) == is_found


def test_run_has_two_to_eight_words() -> None:
    lengths = {len(run.split()) for run in runs_of(" ".join("abcdefghijkl"))}
    assert lengths == set(range(2, 9))
