from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.whole_file import write_whole


def test_file_is_replaced_by_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for text in ("old", "new, with an é"):
        write_whole(file, text)
        assert file.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [file]


def test_text_that_cannot_be_written_leaves_the_old_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    write_whole(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "\ud800")
    assert (file.read_text(), list(tmp_path.iterdir())) == ("old", [file])
