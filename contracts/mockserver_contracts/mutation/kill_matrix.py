"""The kill matrix on the console: `python -m mockserver_contracts.mutation.kill_matrix [NAME ...]`.

The exit code is 1 if a defect is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from mockserver_contracts.defects.registry import DEFECTS, UnknownDefect, find_defects
from mockserver_contracts.mutation.kill import Kill, kill

_NAME: Final = "mockserver_contracts.mutation.kill_matrix"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check on the correct server and on a server with each defect."""
    parser = argparse.ArgumentParser(prog=f"python -m {_NAME}", description="Print the kill matrix.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="The defects to run. [default: all]")
    parser.add_argument("--family", metavar="NAME", help="The defects of one family only.")
    options = parser.parse_args(arguments)
    try:
        defects = find_defects(options.names or DEFECTS)
    except UnknownDefect as error:
        print(f"{_NAME}: {error}", file=sys.stderr)
        return 2
    correct = kill(None)
    print(_render_line(correct), flush=True)
    family, killed = "", 0
    wanted = [defect for defect in defects if options.family in (None, defect.family)]
    for defect in wanted:
        if defect.family != family:
            family = defect.family
            print(f"\n{family}", flush=True)
        one = kill(defect)
        print(_render_line(one), flush=True)
        killed += one.is_killed
    print(f"\n{killed} of {len(wanted)} defects found by every check that they name")
    return 0 if killed == len(wanted) and correct.is_expected else 1


def _render_line(one: Kill) -> str:
    mark = "found " if one.is_killed else "MISSED"
    if one.defect is None:
        mark = "clean " if one.is_expected else "WRONG "
    name = "no defect" if one.defect is None else one.defect.name
    # The checks that the defect names come first.
    named = sorted(one.found_by, key=lambda check: (one.defect is None or check not in one.defect.fails, check))
    found = ", ".join(named) or "nothing"
    if one.failure is not None:
        found += f"; not tested to the end: {one.failure.message}"
    if one.missed_by:
        found += f"; not by {', '.join(one.missed_by)}"
    return f"  {mark} {name:<36} {one.seconds:5.1f} s {one.requests:5}  {found}"


if __name__ == "__main__":
    raise SystemExit(main())
