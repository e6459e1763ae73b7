"""Python, the packages and the extras, compared with the metadata of the installed package."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from mockserver.cli.doctor.diagnosis import Diagnosis

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PACKAGE: Final = "videodb-mockserver"
DEVELOPMENT: Final = frozenset({"build", "test"})
"""The extras for work on the mock itself; a user never misses them."""
_CHECKOUT: Final = "/path/to/the/checkout"


def check_installation() -> Iterator[Diagnosis]:
    """Check Python, the packages, and each extra for users."""
    try:
        installed = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        yield Diagnosis("python", "ok", f"Python {platform.python_version()}")
        yield Diagnosis("packages", "wrong", f"{PACKAGE} is not installed", f"install it: pip install {_CHECKOUT}")
        return
    if find_spec("packaging") is None:  # pytest brings it; nothing else of the mock needs it
        yield Diagnosis("python", "ok", f"Python {platform.python_version()}")
        yield Diagnosis("packages", "note", "versions are not compared without packaging", "pip install packaging")
        return
    from packaging.requirements import Requirement

    yield check_python(installed.metadata["Requires-Python"] or "", platform.python_version())
    requirements = [Requirement(line) for line in installed.requires or ()]
    yield check_packages(installed.version, [one for one in requirements if _applies(one)])
    for extra in installed.metadata.get_all("Provides-Extra") or ():
        if extra not in DEVELOPMENT:
            needed = [one for one in requirements if _applies(one, extra) and not _applies(one)]
            yield check_extra(extra, needed)


def check_python(needed: str, version: str) -> Diagnosis:
    """Compare the version of Python."""
    from packaging.specifiers import SpecifierSet

    if SpecifierSet(needed).contains(version, prereleases=True):
        return Diagnosis("python", "ok", f"Python {version}")
    return Diagnosis("python", "wrong", f"Python {version} runs, {needed} is needed", "install the mock with that one")


def check_packages(version: str, requirements: Sequence[Requirement]) -> Diagnosis:
    """Compare the versions of the packages that the mock always needs."""
    faults = list(_faults(requirements))
    if not faults:
        count = len(requirements)
        return Diagnosis("packages", "ok", f"videodb-mockserver {version} and the {count} packages that it needs")
    return Diagnosis("packages", "wrong", ", ".join(faults), f"install the mock again: pip install {_CHECKOUT}")


def check_extra(extra: str, requirements: Sequence[Requirement]) -> Diagnosis:
    """Compare the packages of an extra. An absent extra is a note: few need it."""
    faults = list(_faults(requirements))
    if not faults:
        return Diagnosis("extra", "ok", f"the extra {extra} is installed")
    advice = f"if you need it: pip install '{_CHECKOUT}[{extra}]'"
    return Diagnosis("extra", "note", f"the extra {extra} is not installed ({', '.join(faults)})", advice)


def _faults(requirements: Sequence[Requirement]) -> Iterator[str]:
    for requirement in requirements:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield f"{requirement.name} is missing"
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} is {version} where {requirement.specifier} is needed"


def _applies(requirement: Requirement, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})
