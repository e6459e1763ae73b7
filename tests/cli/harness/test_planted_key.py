"""Nothing that a command of the harness writes shows an API key, wherever and however a server shows it."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import quopri
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest

from mockserver.cli import main
from tests.contracts.servers.echoing import SPELLINGS, Echoing
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import serving
from tests.matrix import IS_LONG, long_but

KEY: Final = "sk-Planted-Key_7d3f9a1c5e"
SECOND: Final = "sk-Another-Key_80b2c4d6fa"
REPORTS: Final = ("json", "junit", "html", "sarif", "markdown")


def readings(text: str) -> Iterator[str]:
    """The text as someone who looks for a key would read it. Written without a look at the product's own search."""
    for _ in range(3):
        yield text
        text = html.unescape(unquote(text))
        text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    yield re.sub(r"\s|\\n", "", text)
    lines = text.replace("\\r", "\r").replace("\\n", "\n")
    yield quopri.decodestring(lines.encode("utf-8", "replace")).decode("latin-1")
    for blob in re.findall(r"[A-Za-z0-9+/_-]{12,}", text):
        for start in range(4):
            cut = blob[start:].translate(str.maketrans("-_", "+/"))
            yield base64.b64decode(cut[: len(cut) // 4 * 4]).decode("latin-1")
        for start in range(2):
            try:
                yield binascii.unhexlify(blob[start : start + (len(blob) - start) // 2 * 2]).decode("latin-1")
            except binascii.Error:
                continue


def shows_key(text: str) -> str | None:
    """The place where the text shows one of the keys, in any case of its letters; None if it does not."""
    for reading in readings(text):
        for key in (KEY, SECOND):
            place = reading.casefold().find(key.removeprefix("sk-")[:-1].casefold())
            if place >= 0:
                return reading[max(place - 60, 0) : place + 60]
    return None


def read(file: Path) -> str:
    """The text of a file, which may be packed."""
    data = file.read_bytes()
    return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_search_of_this_test_finds_every_spelling(spelling: str) -> None:
    assert shows_key(f'{{"caller": "{SPELLINGS[spelling](KEY)}"}}') is not None
    assert shows_key("sk-check 7d3f9a1c sk-another") is None


# Calibration compares as `drift` does.
@pytest.mark.parametrize("command", long_but("check", of=["check", "drift", "calibrate"]))
def test_planted_key_stands_in_no_written_byte(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDEO_DB_API_KEY", KEY)
    monkeypatch.setenv("SECOND_KEY", SECOND)
    # Generated requests are written too; a check makes some for all commands.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    part = ["--max-examples", "1"] if command == "check" or IS_LONG else ["--claims-only"]
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    flags = [word for form in REPORTS for word in ("--report", f"{form}={tmp_path / form}")]
    output = ["--output", str(tmp_path / "learned.yaml")] if command == "calibrate" else []
    server = Echoing(Other("html_on_refusal" if command == "check" else "error_code_missing", control=True))
    with serving(server) as url:
        run = [command, url, "--control", f"{url}/_mock", "--second-token-env", "SECOND_KEY", *output]
        codes = {main([*run, *part, *flags])}
        codes.add(main([*run, "--claims-only", "--baseline", str(tmp_path / "accepted.yaml"), "--update-baseline"]))
    printed = capsys.readouterr()
    files = [file for file in sorted(tmp_path.rglob("*")) if file.is_file()]
    written = {"stdout": printed.out, "stderr": printed.err, **{file.name: read(file) for file in files}}
    assert codes <= {0, 1}
    assert server.echoes > 100
    assert {"accepted.yaml", "summary.md", *REPORTS} <= written.keys()
    assert "\n::" in written["stdout"]
    assert (command == "calibrate") == ("learned.yaml" in written)
    # The Markdown has the answer of one finding alone, and a difference may be in an answer without a key.
    silent = {"markdown", "summary.md"} if command != "check" else set()
    assert {name for name in (*REPORTS, "summary.md", "stdout") if "[redacted]" not in written[name]} <= silent
    assert {name: place for name, text in written.items() if (place := shows_key(text)) is not None} == {}
