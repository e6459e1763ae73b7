"""The relevant ones among the failures of a value.

Of an anyOf or oneOf only the failures of the most likely branch are reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockserver.contract.schema.violation import Path, ValidationFailure, Violation, violations_of


def relevant_violations(failures: Iterable[ValidationFailure]) -> Iterator[Violation]:
    """The violations that the failures stand for, with repeats."""
    for note, failure in _relevant(list(failures)):
        yield from violations_of(failure, note=note)


def violations_within(subject: str, failures: Iterable[ValidationFailure]) -> Iterator[Violation]:
    """The violations of a parameter, which has no pointer. One within a choice has the code of the choice."""
    for whole in failures:
        for note, failure in _relevant([whole]):
            steps = failure.path[:-1] if failure.keyword == "items" else failure.path
            inner = ".".join((subject, *map(str, steps)))
            for violation in violations_of(failure._replace(path=()), subject=inner, note=note):
                yield violation._replace(pointer="", code=whole.keyword if whole.branches else violation.code)


def without_mistyped(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Each violation once. The other keywords say nothing more about a value of the wrong type."""
    found = dict.fromkeys(violations)
    mistyped = {violation.pointer for violation in found if violation.code == "type"}
    return tuple(each for each in found if each.code == "type" or each.pointer not in mistyped)


def _relevant(failures: Sequence[ValidationFailure], note: str = "") -> Iterator[tuple[str, ValidationFailure]]:
    """The relevant failures, each with a note: the description of the branch it lies in."""
    plain = [failure for failure in failures if not failure.branches]
    yield from ((note, failure) for failure in plain)
    if len(plain) == len(failures):
        return
    reported = {failure.path for failure in plain if failure.keyword != "required"}
    for failure in failures:
        if failure.branches:
            branch, likely = _likely_branch(failure, reported)
            description = branch.get("description", "") if isinstance(branch, Mapping) else ""
            yield from _relevant(likely, note=description)


def _likely_branch(failure: ValidationFailure, reported: Collection[Path]) -> tuple[Any, Sequence[ValidationFailure]]:
    mistyped = [[each for each in found if _is_mistyped(each, failure.path)] for _, found in failure.branches]
    if all(mistyped):
        names = [name for found in mistyped for name in _names(found[0].expected)]
        return None, [mistyped[0][0]._replace(expected=list(dict.fromkeys(names)))]
    branches = [
        (part, [each for each in found if each.path not in reported or each.keyword == "required"])
        for part, found in failure.branches
    ]
    index = min(
        range(len(branches)),
        key=lambda each: (
            bool(mistyped[each]),
            sum(map(_is_choice, branches[each][1])),
            len(branches[each][1]),
        ),
    )
    return branches[index]


def _is_mistyped(failure: ValidationFailure, path: Path) -> bool:
    return failure.keyword == "type" and failure.path == path


def _names(expected: Any) -> list[Any]:
    return expected if isinstance(expected, list) else [expected]


def _is_choice(failure: ValidationFailure) -> bool:
    """The failure shows that another branch is meant: a fixed value differs."""
    return failure.keyword == "const" or (failure.keyword == "enum" and len(failure.expected) == 1)
