"""Where the published document, its overlays and the profiles lie."""

from __future__ import annotations

from pathlib import Path


def spec_folder() -> Path:
    """The folder: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "spec"
    return installed if installed.is_dir() else package.parent / "spec"
