from __future__ import annotations

import re

from mockserver.settings import SETTINGS
from mockserver.store.opening import FORMS
from tests.store.backends import BACKENDS


def test_help_of_the_store_setting_has_all_forms_of_addresses() -> None:
    [setting] = [setting for setting in SETTINGS if setting.name == "store"]
    assert FORMS in setting.help


def test_every_kind_of_store_has_a_backend_under_test() -> None:
    kinds = {re.split("[:?]", form)[0] for form in FORMS.replace(" or ", ", ").split(", ")}
    assert kinds == {backend.address("folder").partition(":")[0] for backend in BACKENDS.values()}
