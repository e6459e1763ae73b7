"""One build for all processes of a test run."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.packaging.environment import Built, build


@contextmanager
def shared_build(folder: Path, users: Path) -> Iterator[Built]:
    """The build in a folder that every user may read: the first process makes it, the last one deletes it.

    `users` is a file with the number of processes that use it now.
    """
    with _number(users) as number:
        if number[0] == 0:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            folder.chmod(0o755)
            build(folder)
        number[0] += 1
    try:
        yield Built.below(folder)
    finally:
        with _number(users) as number:
            number[0] -= 1
            if number[0] == 0:
                shutil.rmtree(folder)


@contextmanager
def _number(file: Path) -> Iterator[list[int]]:
    """The number in a file that other processes wait for; changes are written."""
    with file.open("a+") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        opened.seek(0)
        number = [int(opened.read() or 0)]
        yield number
        opened.truncate(0)
        opened.write(str(number[0]))
