"""Write spec/effective anew: what comes of each bundled profile, as the product ships it.

python -m mockserver.contract.loading.bundle
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mockserver.contract.loading.bundled import spec_folder
from mockserver.contract.loading.load import DOCUMENT, built_anew, bundled_profiles, keep


def bundle_of(name: str) -> dict[str, Any]:
    """What comes of a bundled profile, its inputs named relative to the spec folder."""
    folder = spec_folder()
    bundle = built_anew(folder / "profiles" / f"{name}.yaml", folder / DOCUMENT, ())
    bundle["inputs"] = [[Path(file).relative_to(folder).as_posix(), digest] for file, digest in bundle["inputs"]]
    return bundle


def write_bundled() -> None:
    """Write the file of each bundled profile."""
    for name in bundled_profiles():
        keep(spec_folder() / "effective" / f"{name}.json", bundle_of(name), indent=1)


if __name__ == "__main__":
    write_bundled()
