from __future__ import annotations

import json

import pytest

from mockserver.contract import bundled_profiles, load, spec_folder
from mockserver.contract.loading.bundle import bundle_of


@pytest.mark.parametrize("name", bundled_profiles())
def test_shipped_bundle_is_current(name: str) -> None:
    shipped = json.loads((spec_folder() / "effective" / f"{name}.json").read_text(encoding="utf-8"))
    assert shipped == bundle_of(name), "stale: make bundles"


def test_shipped_bundles_belong_to_profiles() -> None:
    assert {file.stem for file in (spec_folder() / "effective").iterdir()} == set(bundled_profiles())


@pytest.mark.parametrize("name", bundled_profiles())
def test_effective_document_is_valid_openapi(name: str) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    assert list(OpenAPIV30SpecValidator(dict(load(name)[0].document)).iter_errors()) == []
