"""An environment as the Dockerfile makes it: the locked dependencies and the wheel of the files that it copies."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from packaging.requirements import Requirement

from tests.packaging.dockerfile import BUILD, ROOT

LOCK: Final = ROOT / "requirements" / "runtime.lock"
LOCK_WITH_CHECK: Final = ROOT / "requirements" / "check.lock"
HOME: Final = "/opt/mockserver"
"""The environment's folder in the image."""
IGNORED: Final = shutil.ignore_patterns("__pycache__", "*.pyc")


class Built(NamedTuple):
    """The wheel, and the folder of the commands of the environment in which it is installed."""

    wheel: Path
    commands: Path

    @classmethod
    def below(cls, folder: Path) -> Built:
        """The build in a folder."""
        [wheel] = (folder / "src" / "dist").iterdir()
        return cls(wheel, folder / "environment" / "bin")


def build(folder: Path) -> None:
    """Copy, build and install as the first stage does. The packages of the lock are linked from this environment."""
    source, home = folder / "src", folder / "environment"
    source.mkdir()
    copy_context(source)
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    packages = Path(output([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip())
    link_packages(packages, LOCK)
    pip = f"{sys.executable} -m pip --disable-pip-version-check --quiet --python {python}"
    output(["sh", "-ec", BUILD.all("RUN")[-1].rest.replace(f"{HOME}/bin/pip", pip)], cwd=source)


def copy_context(target: Path) -> None:
    """Copy the files of the build stage."""
    for instruction in BUILD.all("COPY"):
        *names, to = instruction.arguments
        for name in names:
            place = target / to / name if to.endswith("/") else target / to
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, place, ignore=IGNORED)
            else:
                shutil.copyfile(ROOT / name, place)


def with_check(folder: Path, wheel: Path) -> Path:
    """The command folder of an environment with the wheel, its extra `check` and their locked dependencies."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    packages = Path(output([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip())
    link_packages(packages, LOCK_WITH_CHECK)
    output(
        [
            sys.executable,
            *f"-m pip --disable-pip-version-check -q --python {python} install --no-deps".split(),
            str(wheel),
        ]
    )
    return folder / "bin"


def link_packages(packages: Path, lock: Path) -> None:
    """Link what a lock names into a folder of packages."""
    for requirement in locked(lock):
        _link(distribution(requirement.name), packages)


def locked(lock: Path = LOCK) -> list[Requirement]:
    """The requirements of a lock that apply to this machine."""
    lines = re.findall(r"^[\w.-]+==\S+(?: ; .+?)?(?= \\$)", lock.read_text(), re.MULTILINE)
    found = [Requirement(line) for line in lines]
    return [each for each in found if each.marker is None or each.marker.evaluate()]


def _link(installed: Distribution, packages: Path) -> None:
    """Link a distribution's folders and files from this environment: installing it anew takes a hundred times as long.

    Two distributions may share a folder, whose link exists then.
    """
    assert installed.files is not None
    for name in {file.parts[0] for file in installed.files} - {"..", "__pycache__"}:
        source, target = Path(str(installed.locate_file(name))), packages / name
        if source.exists() and not target.exists():
            target.symlink_to(source)


def pip_check(commands: Path) -> None:
    """Fail the test unless the packages of an environment fit together."""
    python = str(commands / "python")
    output([sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python, "check"])


def clean_environment(home: Path) -> dict[str, str]:
    """The environment variables without those that lead to the checkout or to the user's settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MOCKSERVER_", "PYTEST"))
    }
    kept.pop("VIRTUAL_ENV", None)
    return {**kept, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}


def output(arguments: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """The output of a command; the test fails if the command does."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    if done.returncode != 0:
        shown = " ".join(arguments)
        pytest.fail(f"exit code {done.returncode} of {shown}\n{done.stdout}\n{done.stderr}", pytrace=False)
    return done.stdout
