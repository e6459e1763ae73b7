"""The cache of bundles: another version of the code builds them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.contract.loading import bundle_cache
from mockserver.contract.loading.bundled import spec_folder
from tests.contract.builders import a_file

TEXT = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"


@pytest.mark.parametrize(("stamps", "builds"), [((1, 1), 1), ((1, 2), 2)])
def test_bundle_of_other_code_is_built_anew(
    stamps: tuple[int, ...], builds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    built: list[Path] = []
    build = bundle_cache.build_bundle

    def counted(profile: Path, document: Path, *others: object) -> object:
        built.append(document)
        return build(profile, document, ())

    monkeypatch.setattr(bundle_cache, "build_bundle", counted)
    file = a_file(tmp_path, TEXT)
    for stamp in stamps:
        monkeypatch.setattr(bundle_cache, "_code_stamp", lambda stamp=stamp: iter([stamp]))
        bundle_cache.read_or_build(spec_folder() / "profiles" / "page.yaml", file, (), "auto")
    assert len(built) == builds
