"""The files that come with the product: the published document, its overlays, profiles and bundles."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DOCUMENT: Final = "videodb.yaml"
"""The published document, in the spec folder."""

CONTROL_DOCUMENT: Final = "control.yaml"
"""The document of the mock's own control API, in the spec folder."""


def spec_folder() -> Path:
    """The folder of these files: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "spec"
    return installed if installed.is_dir() else package.parent / "spec"


def bundled_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the product."""
    return tuple(sorted(file.stem for file in (spec_folder() / "profiles").glob("*.yaml")))


def bundle_file(profile: str) -> Path:
    """The file of a bundled profile's bundle."""
    return spec_folder() / "effective" / f"{profile}.json"
