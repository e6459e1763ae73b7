"""The size of the matrices: `make test` runs a part of them, `make test-long` all."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import settings

SEEDS: Final = range(1, int(os.environ.get("MOCKSERVER_TEST_SEEDS", "1")) + 1)
IS_LONG: Final = len(SEEDS) > 2


def few_examples(most: int) -> settings:
    """The settings of a test with expensive examples: at most so many, unless the profile is `long`."""
    return settings() if os.environ.get("HYPOTHESIS_PROFILE") == "long" else settings(max_examples=most)
