from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.environment import Built, with_check
from tests.packaging.shared_build import shared_build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The wheel and its environment, in a folder that every user may read; the workers of a run share them."""
    base = tmp_path_factory.getbasetemp()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    folder = Path(tempfile.gettempdir()) / f"mockserver-image-{run or os.getpid()}"
    with shared_build(folder, (base.parent if run else base) / "users-of-the-build") as build:
        yield build


@pytest.fixture(scope="session")
def wheel(built: Built) -> Path:
    """The wheel, built from the files that the Dockerfile copies."""
    return built.wheel


@pytest.fixture(scope="session")
def installed(built: Built) -> Path:
    """The command folder of an environment with only the wheel and its locked dependencies."""
    return built.commands


@pytest.fixture(scope="session")
def installed_with_check(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the extra `check`."""
    return with_check(tmp_path_factory.mktemp("environment"), wheel)
