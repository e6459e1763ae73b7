"""A baseline file is read and written whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.yaml_io import BaselineError

from tests.contracts.baseline.files import TEXT, TODAY, C


def test_file_with_wrong_bytes_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_bytes(b"accepted:\n- id: \xff\n")
    with pytest.raises(BaselineError, match=r"line 2: the byte 0xff is given; text in UTF-8 is needed"):
        Baseline.read(file, TODAY)


def test_unchanged_baseline_is_written_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    raw = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").replace("Slow", "Slów").encode()
    file.write_bytes(raw)
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    baseline = Baseline.read(link, TODAY)
    baseline.write()
    assert file.read_bytes() == raw
    baseline.merge([baseline.new_entry(C, "New")]).write()
    assert link.is_symlink()
    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n") == raw.count(b"\n") + 4
    assert file.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in tmp_path.iterdir()} == {"accepted.yaml", "link.yaml"}
