"""Named bugs for a correct server: to prove that a check can fail, and to see whether somebody's tests would notice.

Nothing here is in the way of a server that was not asked to have a defect.
"""

from __future__ import annotations

from mockserver_contracts.defects.defect import Defect, with_defects
from mockserver_contracts.defects.registry import DEFECTS, UnknownDefect, defects_named, settings_of

__all__ = ["DEFECTS", "Defect", "UnknownDefect", "defects_named", "settings_of", "with_defects"]
