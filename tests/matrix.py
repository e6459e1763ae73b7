"""The size of the matrices: `make test` runs a part of them, `make test-long` all."""

from __future__ import annotations

import os
from typing import Final

SEEDS: Final = range(1, int(os.environ.get("MOCKSERVER_TEST_SEEDS", "1")) + 1)
IS_LONG: Final = len(SEEDS) > 2
