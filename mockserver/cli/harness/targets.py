"""What the harness is run on: contracts and targets, as the arguments name them."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockserver.cli.parser import UsageError

if TYPE_CHECKING:
    from contracts.drift.notes import Notes
    from contracts.order import Subject
    from contracts.target import Target
    from mockserver.contract import Contract, Profile

PROFILES: Final = ("page", "openapi")


class Subjects:
    """The contracts to hold and the targets to hold them to, as the arguments name them."""

    def __init__(self, arguments: argparse.Namespace, *, compares: bool, notes: Notes | None = None) -> None:
        self._arguments = arguments
        self._compares = compares
        self._notes = notes
        self.secrets: tuple[str, ...] = ()
        self.all: tuple[Subject, ...] = self._local() if arguments.target is None else (self._remote(),)

    def _local(self) -> tuple[Subject, ...]:
        from contracts.order import Subject
        from contracts.target import IN_PROCESS_KEY, in_process

        if self._arguments.token_env is not None:
            raise UsageError("--token-env is for a TARGET; the mock in-process needs no key")
        self.secrets = (IN_PROCESS_KEY,)
        given = self._arguments.profile
        spec = self._spec()
        subjects = []
        for profile in (given,) if given else PROFILES:
            contract, loaded = self._contract(profile)
            opened = partial(in_process, profile, spec)
            subjects.append(Subject(loaded.name, contract.document, frozenset(loaded.promises), opened))
            if not subjects[0].is_videodb:
                break  # a document of something else is the same in every profile
        return tuple(subjects)

    def _remote(self) -> Subject:
        from contracts.order import Subject
        from contracts.target import TargetFailed, TargetRefused, by_name, in_process

        given = self._arguments.profile
        contract, loaded = self._contract(given or PROFILES[0])
        try:
            target = by_name(
                self._arguments.target,
                contract.document,
                os.environ,
                token_env=self._arguments.token_env,
                allow_production=self._arguments.allow_production,
            )
        except TargetRefused as error:
            raise UsageError(str(error)) from None
        except TargetFailed as error:
            return Subject(loaded.name, contract.document, frozenset(loaded.promises), partial(_fail, error))
        self.secrets = (target.key.value,)
        if given is None and target.profile not in (None, loaded.name):
            try:
                contract, loaded = self._contract(str(target.profile))
            except UsageError as error:
                target.close()
                raise UsageError(f"the mock runs with a profile of its own; give it with --profile: {error}") from None
        mock = partial(in_process, given or loaded.name, self._spec()) if self._compares else None
        promises = frozenset(loaded.promises)
        return Subject(loaded.name, contract.document, promises, lambda: target, mock, self._notes)

    def _contract(self, profile: str) -> tuple[Contract, Profile]:
        return loaded(profile, self._spec())

    def _spec(self) -> Path | None:
        return None if self._arguments.spec is None else Path(self._arguments.spec)


def loaded(profile: str, spec: Path | None) -> tuple[Contract, Profile]:
    """The contract and the profile; raises UsageError."""
    from mockserver.contract import ContractError, load

    try:
        return load(profile, spec=spec)
    except ContractError as error:
        raise UsageError(str(error)) from None


def claims_of(subjects: tuple[Subject, ...]) -> list[dict[str, Any]] | None:
    """The claims of the page; None where no subject is of VideoDB."""
    import yaml

    from mockserver.contract import spec_folder

    # The claims are VideoDB's: of another document they say nothing.
    if not any(subject.is_videodb for subject in subjects):
        return None
    claims: list[dict[str, Any]] = yaml.safe_load((spec_folder() / "claims.yaml").read_text(encoding="utf-8"))
    return claims


def second_key(arguments: argparse.Namespace) -> str | None:
    """The key of the second account, from the environment; raises UsageError."""
    name = arguments.second_token_env
    if name is None:
        return None
    if arguments.target is None:
        raise UsageError("--second-token-env is for a TARGET; the mock in-process opens an account for every key")
    value: str = os.environ.get(name, "")
    if not value or not value.isascii() or not value.isprintable() or value != value.strip():
        raise UsageError(f"{name} holds no API key: a key is printable ASCII without spaces around it")
    return value


def control_of(arguments: argparse.Namespace) -> str | None:
    """Where the control API is, if it is said; raises UsageError."""
    from urllib.parse import urlsplit

    given: str | None = arguments.control
    if given is None:
        return None
    if arguments.target is None:
        raise UsageError("--control is for a TARGET; the mock in-process has its own")
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"--control {given!r}: an http(s) URL without query or fragment is needed")
    return given.rstrip("/")


def _fail(error: Exception) -> Target:
    raise error
