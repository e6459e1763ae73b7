"""Other mock servers, for comparison: Prism, with VideoDB's published document.

npm installs it into .cache/peers. Prism answers with the document's example and keeps nothing.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from benchmarks.servers import ServerCommand

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / ".cache" / "peers"
PACKAGE: Final = "@stoplight/prism-cli@5.16.0"
PRISM: Final = FOLDER / "node_modules" / ".bin" / "prism"


class NoPeer(Exception):
    """Prism cannot be installed; the message says why."""


def prism_command() -> ServerCommand:
    """The command of Prism, installed if need be. Raises NoPeer."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NoPeer("Prism was not measured: it needs Node with npm")
    if not PRISM.exists():
        _install(npm)
    document = str(ROOT / "spec" / "videodb.yaml")
    return ServerCommand((node, str(PRISM), "mock", document, "--verboseLevel", "silent", "--port"))


def _install(npm: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ("--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
    run = subprocess.run([npm, "install", *options, PACKAGE], capture_output=True, text=True)
    if run.returncode:
        raise NoPeer(f"Prism was not measured: npm could not install {PACKAGE}: {run.stderr.strip()}")
