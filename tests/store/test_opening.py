from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.settings import SETTINGS
from mockserver.store import StoreUnusable, inspect_store, open_store
from mockserver.store.opening import FORMS
from tests.store.backends import BACKENDS


def test_help_of_the_store_setting_has_all_forms_of_addresses() -> None:
    [setting] = [setting for setting in SETTINGS if setting.name == "store"]
    assert FORMS in setting.help


MISSPELT = (
    "?mode=ro ?shared ?shared= ?shared=1 ?shared=TRUE ?shared=false ?SHARED=true"
    " ?shared=true&mode=rw ?shared=true?shared=true"
)


@pytest.mark.parametrize("parameter", MISSPELT.split())
@pytest.mark.parametrize("look", [open_store, inspect_store])
def test_misspelt_parameter_is_no_name_of_a_file(tmp_path: Path, parameter: str, look: Callable[[str], object]) -> None:
    with pytest.raises(StoreUnusable, match=re.escape("has an unknown parameter; its end may be ?shared=true")):
        look(f"sqlite:///{tmp_path}/mock.db{parameter}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("look", [open_store, inspect_store])
def test_memory_of_sqlite_is_no_name_of_a_file(look: Callable[[str], object]) -> None:
    with pytest.raises(StoreUnusable, match="is no file; give --store memory"):
        look("sqlite:///:memory:")


@pytest.mark.parametrize("name", ["a?shared=1/mock.db", "mock?sharedfile.db", "what?.db"])
def test_question_mark_may_be_in_the_name_of_a_file(tmp_path: Path, name: str) -> None:
    open_store(f"sqlite:///{tmp_path}/{name}").close()
    assert (tmp_path / name).is_file()


def test_every_kind_of_store_has_a_backend_under_test() -> None:
    kinds = {re.split("[:?]", form)[0] for form in FORMS.replace(" or ", ", ").split(", ")}
    assert kinds == {backend.address("folder").partition(":")[0] for backend in BACKENDS.values()}
