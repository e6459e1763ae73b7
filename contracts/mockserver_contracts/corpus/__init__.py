"""The requests of a run: generated once, stored, replayed.

The defaults stand here, so that the command line reads them without loading the generator.
"""

from __future__ import annotations

from typing import Final

DEFAULT_SEED: Final = 1
DEFAULT_EXAMPLES: Final = 20
