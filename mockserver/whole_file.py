"""Write a file in one step, for others who read it at the same time."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Replace the file by a text. Others see the old file or the new one, never a part. Raises OSError."""
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8")
        os.replace(scratch, file)
    finally:
        scratch.unlink(missing_ok=True)
