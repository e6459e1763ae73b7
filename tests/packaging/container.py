"""Run a command of the image without an engine: its user, its variables, a read-only root and a writable /data.

A superuser gets a mount and a process namespace of its own where the machine allows it. So the root is read-only and
the command is process 1, as in a container. Other users run the command as themselves.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Final

from tests.packaging.dockerfile import IMAGE
from tests.packaging.environment import HOME

DATA: Final = "/data"
"""The writable folder of the image."""
PATIENCE: Final = 30.0
READ: Final = (Path(sys.base_prefix).resolve(), Path(sysconfig.get_path("purelib")).resolve())
"""The folders that the environment leads to. In the home of a superuser they are closed to others; the unprivileged
user then keeps the one capability to read them.
"""
_SYSTEM: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_READ_ONLY: Final = 'mount --bind "$1" "$1" && mount -o remount,bind,ro / && cd "$1" && shift && exec "$@"'
_NAMESPACES: Final = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c")


class Container:
    """A place to run commands of the image; `data` stands for /data, `commands` has the environment's commands."""

    def __init__(self, commands: Path, data: Path) -> None:
        self._commands = commands
        self.data = data
        self.user, self.group = (int(number) for number in IMAGE.one("USER").rest.split(":"))
        if os.geteuid() == 0:
            os.chown(data, self.user, self.group)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._arguments(command),
            env=self._environment(variables),
            cwd=self.data,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def start(self, *command: str, **variables: str) -> Iterator[RunningCommand]:
        """Start a command; it is killed at the end of the block."""
        with subprocess.Popen(
            self._arguments(command),
            env=self._environment(variables),
            cwd=self.data,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            running = RunningCommand(process)
            try:
                yield running
            finally:
                running.kill()

    def _arguments(self, command: tuple[str, ...]) -> list[str]:
        if os.geteuid() != 0:
            return list(command)
        drop = ["setpriv", f"--reuid={self.user}", f"--regid={self.group}", "--clear-groups"]
        kept = "" if all(map(is_public, READ)) else ",+dac_read_search"
        drop += ["--no-new-privs", *(f"--{kind}=-all{kept}" for kind in ("bounding-set", "inh-caps", "ambient-caps"))]
        drop += command
        return [*_NAMESPACES, _READ_ONLY, "sh", str(self.data), *drop] if has_namespaces() else drop

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        image = {
            name: value.replace("$PATH", _SYSTEM).replace(f"{HOME}/bin", str(self._commands))
            for name, value in IMAGE.environment.items()
        }
        store = image["MOCKSERVER_STORE"].replace(DATA, str(self.data))
        return {"HOME": "/home/mock", **image, "MOCKSERVER_STORE": store, **variables}


class RunningCommand:
    """A running command."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.output: IO[str] = process.stdout

    def terminate(self) -> int:
        """Send SIGTERM, as an engine does to process 1, and return the exit code."""
        os.kill(self.number, signal.SIGTERM)
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """End it at once. unshare does not: its child is another user's, for whom the kernel forgets the wish."""
        with suppress(OSError, ValueError):  # it has ended
            os.kill(self.number, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._process.kill()

    @property
    def number(self) -> int:
        """The number of its process, as this namespace sees it."""
        if os.geteuid() != 0 or not has_namespaces():
            return self._process.pid
        number = self._process.pid
        [child] = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        return int(child)


@cache
def is_public(path: Path) -> bool:
    """Every user may enter the folder."""
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


@cache
def has_namespaces() -> bool:
    """This user may make namespaces and a read-only root in them."""
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in ("unshare", "setpriv", "mount")):
        return False
    return (
        subprocess.run([*_NAMESPACES, "mount -o remount,bind,ro /"], capture_output=True, check=False).returncode == 0
    )
