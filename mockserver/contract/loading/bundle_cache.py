"""Bundles: an effective document and its profile as one JSON file, with the hashes of their inputs.

Applying overlays takes a hundred times as long as the first request may. So the bundles of the bundled profiles ship in
spec/effective (bundle.py writes them), and those of a user's files lie in the user's cache folder. A bundle is valid
only while every input has the bytes it was built from, and one of a user only for the code that built it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mockserver.contract.loading.billing import Billing
from mockserver.user_folders import cache_folder
from mockserver.whole_file import write_whole

FORMAT: Final = 4
"""The format of the bundle files; a file of another format is not read."""
MISSING: Final = ""
"""Stands for the hash of a file that the document refers to and that is missing."""


def read_bundle(file: Path, base: Path) -> dict[str, Any] | None:
    """The bundle in a file; None if its format or the hash of an input differs."""
    try:
        bundle: dict[str, Any] = json.loads(file.read_bytes())
        if bundle["format"] != FORMAT:
            return None
        for name, digest in bundle["inputs"]:
            if digest == MISSING:
                if (base / name).is_file():
                    return None
            elif sha256((base / name).read_bytes()).hexdigest() != digest:
                return None
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return bundle


def read_or_build(
    profile: Path, document: Path, overlays: Sequence[Path], billing: Billing, *, writes_cache: bool = True
) -> dict[str, Any]:
    """The bundle of a user's files, from the cache folder if it is valid there."""
    file = _cache_file(profile, document, overlays, billing)
    if (known := read_bundle(file, Path())) is not None:
        return known
    bundle = build_bundle(profile, document, overlays, billing)
    if not writes_cache:
        return bundle
    with suppress(OSError):  # without a writable cache folder only the next start takes longer
        file.parent.mkdir(parents=True, exist_ok=True)
        write_bundle(file, bundle)
    return bundle


def build_bundle(profile: Path, document: Path, overlays: Sequence[Path], billing: Billing = "auto") -> dict[str, Any]:
    """The bundle of the inputs, built anew."""
    from mockserver.contract.loading.effective_document import build_effective_document

    effective = build_effective_document(profile, document, overlays, billing=billing)
    return {
        "format": FORMAT,
        "inputs": [
            *([str(file), sha256(raw).hexdigest()] for file, raw in effective.inputs.items()),
            *([str(file), MISSING] for file in effective.missing),
        ],
        "profile": effective.profile,
        "document": effective.document,
        **({"deviations": list(effective.deviations)} if effective.deviations else {}),
        **({"stateless": list(effective.stateless)} if effective.stateless else {}),
    }


def write_bundle(file: Path, bundle: dict[str, Any], *, indent: int | None = None) -> None:
    """Write a bundle in one step; `indent` is for people and takes more time."""
    write_whole(file, json.dumps(bundle, indent=indent, ensure_ascii=False) + "\n")


def _code_stamp() -> Iterator[int]:
    """The times of the code that builds a bundle: another version may read the same files otherwise."""
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        yield file.stat().st_mtime_ns


def _cache_file(profile: Path, document: Path, overlays: Sequence[Path], billing: Billing) -> Path:
    paths = "\0".join(map(str, (profile, document, *overlays, billing, *_code_stamp())))
    return cache_folder() / "contracts" / f"{sha256(paths.encode()).hexdigest()[:32]}.json"
