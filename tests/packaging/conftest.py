from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.environment import Built, build, with_check


@pytest.fixture(scope="session")
def built() -> Iterator[Built]:
    """The wheel and its environment, in a folder that every user may read."""
    with tempfile.TemporaryDirectory(prefix="mockserver-image-") as name:
        Path(name).chmod(0o755)
        yield build(Path(name))


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
