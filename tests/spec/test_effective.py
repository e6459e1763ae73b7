from __future__ import annotations

import json

import pytest

from mockserver.contract import bundled_profiles, load, spec_folder
from mockserver.contract.loading.bundle import bundle_of


@pytest.mark.parametrize("name", bundled_profiles())
def test_what_ships_is_what_comes_of_the_overlays_today(name: str) -> None:
    shipped = json.loads((spec_folder() / "effective" / f"{name}.json").read_text(encoding="utf-8"))
    assert shipped == bundle_of(name), "run: python -m mockserver.contract.loading.bundle"


def test_nothing_ships_for_a_profile_that_is_gone() -> None:
    assert {file.stem for file in (spec_folder() / "effective").iterdir()} == set(bundled_profiles())


@pytest.mark.parametrize("name", bundled_profiles())
def test_the_effective_document_is_valid_openapi(name: str) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    assert list(OpenAPIV30SpecValidator(dict(load(name)[0].document)).iter_errors()) == []
