"""For every test: no folder or setting of the user's is read or written; hypothesis goes by HYPOTHESIS_PROFILE."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)
settings.register_profile("long", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session", autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("home")
    # The workers of a run share what is generated once: corpora and compiled contracts.
    base = tmp_path_factory.getbasetemp()
    cache = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("MOCKSERVER_") and "_TEST_" not in name]:
            environment.delenv(name)
        environment.setenv("XDG_CACHE_HOME", str(cache))
        environment.setenv("XDG_DATA_HOME", str(folder / "data"))
        yield
