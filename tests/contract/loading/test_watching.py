"""The places that are watched for one file."""

from __future__ import annotations

from pathlib import Path

from mockserver.contract.loading.watching import places_of


def test_places_are_the_file_the_links_and_the_target(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    (folder / "v1").mkdir()
    (folder / "v1" / "a.yaml").write_text("", "utf-8")
    (folder / "data").symlink_to("v1")
    (folder / "a.yaml").symlink_to("data/a.yaml")
    places = list(places_of(folder / "a.yaml"))
    assert set(places) == {folder / "a.yaml", folder / "data", folder / "v1" / "a.yaml"}


def test_places_of_a_missing_folder_reach_its_parent(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    assert set(places_of(folder / "b" / "c" / "a.yaml")) == {
        *(folder / "b" / "c" / "a.yaml", folder / "b" / "c", folder / "b")
    }


def test_circle_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert tmp_path / "a" in set(places_of(tmp_path / "a"))
