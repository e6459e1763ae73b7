"""The doctor's checks of Python, packages and extras."""

from __future__ import annotations

from importlib import metadata

import pytest
from packaging.requirements import Requirement

from mockserver.cli.doctor import installation
from mockserver.cli.doctor.installation import check_extra, check_installation, check_packages, check_python


def test_this_environment_has_every_package() -> None:
    python, packages, *extras = check_installation()
    assert (python.level, packages.level) == ("ok", "ok")
    assert not {"build", "test"} & {word for extra in extras for word in extra.fact.split()}


def test_missing_and_old_packages_are_all_named() -> None:
    needed = [Requirement(text) for text in ("httpx>=0.1", "no-such-package-here>=1", "uvicorn>=9999")]
    version = metadata.version("uvicorn")
    found = check_packages("0.1.0", needed)
    assert found.level == "wrong"
    assert found.fact == f"no-such-package-here is missing, uvicorn is {version} where >=9999 is needed"
    assert "pip install" in found.advice


def test_old_python_is_wrong() -> None:
    assert check_python(">=3.11", "3.10.4").sentence == (
        "Python 3.10.4 runs, >=3.11 is needed; install the mock with that one"
    )
    assert [check_python(">=3.11", version).level for version in ("3.11.0", "3.15.0b1")] == ["ok", "ok"]


def test_absent_extra_is_a_note_that_says_how_to_get_it() -> None:
    found = check_extra("postgres", [Requirement("no-such-package-here>=3")])
    assert found.level == "note"
    assert found.sentence == (
        "the extra postgres is not installed (no-such-package-here is missing); "
        "if you need it: pip install '/path/to/the/checkout[postgres]'"
    )
    assert check_extra("postgres", [Requirement("httpx")]).level == "ok"


def test_package_without_metadata_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "PACKAGE", "no-such-package-here")
    python, packages = check_installation()
    assert (python.level, packages.level) == ("ok", "wrong")
    assert "pip install" in packages.advice
