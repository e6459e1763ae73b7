"""The kinds of stores under test. A new kind adds a line here, not tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BACKENDS: Final[Mapping[str, str]] = {"memory": "memory", "sqlite": "sqlite:///{folder}/store.db"}
"""A store address for each kind; `{folder}` is an empty folder of the test."""
