"""The flags of the baseline, the file of accepted findings."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.cli.errors import UsageError

if TYPE_CHECKING:
    from mockserver_contracts.baseline.baseline import Baseline


def add_baseline_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help="YAML file of accepted findings. They are counted but do not fail the run; any other finding does.",
    )
    parser.add_argument(
        "--update-baseline",
        action="store_true",
        help="Add new findings to FILE. Remove those that this run looked for and did not find.",
    )


def read_baseline(arguments: argparse.Namespace) -> Baseline | None:
    """Read the baseline, if one is given. Raises UsageError."""
    from mockserver_contracts.baseline.baseline import Baseline
    from mockserver_contracts.baseline.yaml_io import BaselineError

    if arguments.baseline is None:
        if arguments.update_baseline:
            raise UsageError("--update-baseline needs --baseline FILE, the file to update")
        return None
    file, today = Path(arguments.baseline), datetime.now(UTC).date()
    try:
        return Baseline.read(file, today)
    except BaselineError as error:
        raise UsageError(f"--baseline {error}") from None
    except FileNotFoundError:
        if not arguments.update_baseline:
            raise UsageError(f"--baseline {file} does not exist; --update-baseline creates it") from None
        if not file.absolute().parent.is_dir():
            raise UsageError(f"--baseline {file} cannot be written; a file in an existing folder is needed") from None
        return Baseline.empty(file, today)
    except OSError as error:
        raise UsageError(f"--baseline {file} cannot be read: {error.strerror}") from None
