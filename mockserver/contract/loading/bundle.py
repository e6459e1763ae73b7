"""Write the bundles of the bundled profiles to spec/effective.

python -m mockserver.contract.loading.bundle
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mockserver.contract.loading.bundle_cache import build_bundle, write_bundle
from mockserver.contract.loading.bundled import DOCUMENT, bundle_file, bundled_profiles, spec_folder


def bundle_of(profile: str) -> dict[str, Any]:
    """The bundle of a bundled profile. Its inputs are relative to the spec folder."""
    folder = spec_folder()
    bundle = build_bundle(folder / "profiles" / f"{profile}.yaml", folder / DOCUMENT, ())
    bundle["inputs"] = [[Path(file).relative_to(folder).as_posix(), digest] for file, digest in bundle["inputs"]]
    return bundle


def write_bundles() -> None:
    """Write the bundle of each bundled profile."""
    for profile in bundled_profiles():
        write_bundle(bundle_file(profile), bundle_of(profile), indent=1)


if __name__ == "__main__":
    write_bundles()
