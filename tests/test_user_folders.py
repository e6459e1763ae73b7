from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.user_folders import cache_folder, data_folder

FOLDERS = [
    pytest.param(data_folder, "XDG_DATA_HOME", ".local/share", "Library/Application Support", id="data"),
    pytest.param(cache_folder, "XDG_CACHE_HOME", ".cache", "Library/Caches", id="cache"),
]


@pytest.mark.parametrize(("folder", "variable", "usual", "of_macos"), FOLDERS)
@pytest.mark.parametrize("given", [None, "", "relative/folder"])
def test_folder_is_in_the_home_of_the_user(
    folder: Callable[[], Path],
    variable: str,
    usual: str,
    of_macos: str,
    given: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv(variable, raising=False)
    if given is not None:
        monkeypatch.setenv(variable, given)
    for platform, base in (("linux", usual), ("darwin", of_macos)):
        monkeypatch.setattr(sys, "platform", platform)
        assert str(folder()) == f"/home/me/{base}/videodb-mockserver"


@pytest.mark.parametrize(("folder", "variable", "usual", "of_macos"), FOLDERS)
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_variable_of_xdg_names_another_folder(
    folder: Callable[[], Path],
    variable: str,
    usual: str,
    of_macos: str,
    platform: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, "/elsewhere")
    assert str(folder()) == os.path.join("/elsewhere", "videodb-mockserver")
