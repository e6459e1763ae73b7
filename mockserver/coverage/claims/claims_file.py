"""The file of claims, `claims.yaml`, read once a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from mockserver.contract import spec_folder


@cache
def claim_entries() -> tuple[dict[str, Any], ...]:
    """The claims as the file has them, in the order of the page."""
    import yaml  # a mock that counts nothing does without it

    # libyaml reads the file in a tenth of the time, where PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(yaml.load((spec_folder() / "claims.yaml").read_text("utf-8"), Loader=loader))
