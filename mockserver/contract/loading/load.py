"""The contract at hand: built once for each set of inputs, kept with their hashes.

Applying overlays takes a hundred times as long as the first request may, so what comes of the bundled profiles is
kept beside them, in spec/effective (bundle.py writes it), and what comes of a user's files in the user's cache
folder. Either is used only while every input still has the bytes it was made of.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mockserver.contract.contract import Contract
from mockserver.contract.errors import ContractError
from mockserver.contract.loading.bundled import spec_folder
from mockserver.contract.profile.profile import Profile

FORMAT: Final = 1
"""Of the kept files; another number makes them unreadable to this version."""

DOCUMENT: Final = "videodb.yaml"
REMEMBERED: Final = 4

_remembering: Final = threading.Lock()
_contracts: Final[dict[tuple[tuple[Path, str], ...], Contract]] = {}
"""By the files that they were made of, and the hashes of these."""


def bundled_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the product."""
    return tuple(sorted(file.stem for file in (spec_folder() / "profiles").glob("*.yaml")))


def load(profile: str = "page", *, spec: Path | None = None, overlays: Sequence[Path] = ()) -> tuple[Contract, Profile]:
    """The contract and the profile; raises ContractError for what can't be used."""
    folder = spec_folder()
    bundled = folder / "profiles" / f"{profile}.yaml"
    is_name = not {"/", "\\", "."} & set(profile)
    if is_name and not bundled.is_file():
        known = ", ".join(bundled_profiles())
        raise ContractError(f"no such profile; {known} are, and so is the path of a file", file=f"profile {profile!r}")
    file = bundled if is_name else Path(profile).expanduser().absolute()
    document = folder / DOCUMENT if spec is None else spec.expanduser().absolute()
    extra = [each.expanduser().absolute() for each in overlays]
    bundle = None
    if is_name and spec is None and not extra:
        bundle = _read(folder / "effective" / f"{profile}.json", folder)
    if bundle is None:
        kept = _cache_file(file, document, extra)
        bundle = _read(kept, Path()) or _rebuild(kept, file, document, extra)
    return _contract(bundle, folder), Profile.of(bundle["profile"], source=str(file))


def _contract(bundle: dict[str, Any], folder: Path) -> Contract:
    """The contract; the last few are remembered with all that they have compiled, for who starts many mocks."""
    # those of a bundled profile are named from the spec folder on, a user's from the root
    inputs = tuple((folder / name, digest) for name, digest in bundle["inputs"])
    with _remembering:
        if (known := _contracts.pop(inputs, None)) is None:
            files = [file for file, _ in inputs]
            known = Contract(bundle["document"], lapses=bundle.get("lapses", ()), inputs=files)
        _contracts[inputs] = known
        if len(_contracts) > REMEMBERED:
            del _contracts[next(iter(_contracts))]
    return known


def _read(kept: Path, base: Path) -> dict[str, Any] | None:
    """What is kept, if it is of this format and its inputs are as they were."""
    try:
        bundle: dict[str, Any] = json.loads(kept.read_bytes())
        if bundle["format"] != FORMAT:
            return None
        for name, digest in bundle["inputs"]:
            if sha256((base / name).read_bytes()).hexdigest() != digest:
                return None
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return bundle


def _rebuild(kept: Path, profile: Path, document: Path, overlays: Sequence[Path]) -> dict[str, Any]:
    bundle = built_anew(profile, document, overlays)
    with suppress(OSError):  # a cache folder that can't be written costs the next start time, nothing else
        kept.parent.mkdir(parents=True, exist_ok=True)
        keep(kept, bundle)
    return bundle


def built_anew(profile: Path, document: Path, overlays: Sequence[Path]) -> dict[str, Any]:
    """What comes of the inputs, and their hashes, as it is kept."""
    from mockserver.contract.loading.effective_document import build

    built = build(profile, document, overlays)
    return {
        "format": FORMAT,
        "inputs": [[str(file), sha256(raw).hexdigest()] for file, raw in built.inputs.items()],
        "profile": built.profile,
        "document": built.document,
        **({"lapses": list(built.lapses)} if built.lapses else {}),
    }


def keep(kept: Path, bundle: dict[str, Any], *, indent: int | None = None) -> None:
    """Write a bundle to its place at once, whole; indented for people, in a fraction of the time for us."""
    # Another process may read or write the same file: it sees the old one or the new one.
    scratch = kept.with_name(f"{kept.name}.{os.getpid()}")
    scratch.write_text(json.dumps(bundle, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(scratch, kept)


def _cache_file(profile: Path, document: Path, overlays: Sequence[Path]) -> Path:
    from platformdirs import user_cache_path

    paths = "\0".join(map(str, (profile, document, *overlays)))
    return user_cache_path("videodb-mockserver") / "contracts" / f"{sha256(paths.encode()).hexdigest()[:32]}.json"
