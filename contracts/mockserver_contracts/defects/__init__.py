"""Named bugs for a correct server: they prove that a check can fail, and show whether your own tests would notice.

A server without a requested defect runs none of this code.
"""

from __future__ import annotations

from mockserver_contracts.defects.defect import Defect, with_defects
from mockserver_contracts.defects.registry import DEFECTS, UnknownDefect, find_defects, settings_of

__all__ = ["DEFECTS", "Defect", "UnknownDefect", "find_defects", "settings_of", "with_defects"]
