"""Write the tables of claims and contradictions in docs/profiles.md, from spec/claims.yaml: `make bundles`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from mockserver_contracts.results.claims import VOICES, Claim, load_claims

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "profiles.md"
HEADS: Final = ("| voice | claims |\n|---|---|\n", "| claim | contradicts |\n|---|---|\n")


def with_tables(text: str) -> str:
    """The text of the page with both tables made anew."""
    claims = load_claims()
    for head, rows in zip(HEADS, (_voice_rows(claims), _contradiction_rows(claims)), strict=True):
        before, _, rest = text.partition(head)
        _, _, after = rest.partition("\n\n")
        text = f"{before}{head}{rows}\n\n{after}"
    return text


def _voice_rows(claims: tuple[Claim, ...]) -> str:
    return "\n".join(f"| `{voice}` | {_names(c.id for c in claims if c.voice == voice)} |" for voice in VOICES)


def _contradiction_rows(claims: tuple[Claim, ...]) -> str:
    rows = []
    for place, claim in enumerate(claims):
        # A pair stands once, in the row of the claim that comes first.
        later = {each.id for each in claims[place:]}
        others = [other for other in claim.contradicts if other in later]
        if others:
            rows.append(f"| `{claim.id}` | {_names(others)} |")
    return "\n".join(rows)


def _names(ids: Iterable[str]) -> str:
    return ", ".join(f"`{id_}`" for id_ in ids)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
