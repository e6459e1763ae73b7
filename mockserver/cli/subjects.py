"""What the harness is run on: contracts and targets, as the arguments name them."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli.command import UsageError

if TYPE_CHECKING:
    from mockserver_contracts.results.claims import Claim
    from mockserver_contracts.run.plan import Subject
    from mockserver_contracts.target.target import Target

    from mockserver.contract import Contract, Profile

PROFILES: Final = ("page", "openapi")


class Subjects:
    """The contracts to hold and the targets to hold them to, as the arguments name them."""

    def __init__(self, arguments: argparse.Namespace, *, compares: bool) -> None:
        self._arguments = arguments
        self._compares = compares
        self.secrets: tuple[str, ...] = ()
        self.all: tuple[Subject, ...] = self._local() if arguments.target is None else (self._remote(),)

    def _local(self) -> tuple[Subject, ...]:
        from mockserver_contracts.run.plan import Subject
        from mockserver_contracts.target.target import IN_PROCESS_KEY, mock_in_process

        if self._arguments.token_env is not None:
            raise UsageError("--token-env is for a TARGET; the mock in-process needs no key")
        self.secrets = (IN_PROCESS_KEY,)
        given = self._arguments.profile
        spec = self._spec()
        subjects = []
        for profile in (given,) if given else PROFILES:
            contract, loaded = self._contract(profile)
            opened = partial(mock_in_process, profile, spec)
            subjects.append(Subject(loaded.name, contract.document, frozenset(loaded.promises), opened))
            if not subjects[0].is_videodb:
                break  # a document of something else is the same in every profile
        return tuple(subjects)

    def _remote(self) -> Subject:
        from mockserver_contracts.run.plan import Subject
        from mockserver_contracts.target.address import TargetRefused
        from mockserver_contracts.target.target import TargetUnreachable, mock_in_process, open_target

        given = self._arguments.profile
        contract, loaded = self._contract(given or PROFILES[0])
        try:
            target = open_target(
                self._arguments.target,
                contract.document,
                os.environ,
                token_env=self._arguments.token_env,
                allow_production=self._arguments.allow_production,
            )
        except TargetRefused as error:
            raise UsageError(str(error)) from None
        except TargetUnreachable as error:
            return Subject(loaded.name, contract.document, frozenset(loaded.promises), partial(_fail, error))
        self.secrets = (target.key.value,)
        if given is None and target.profile not in (None, loaded.name):
            try:
                contract, loaded = self._contract(str(target.profile))
            except UsageError as error:
                target.close()
                raise UsageError(f"the mock runs with a profile of its own; give it with --profile: {error}") from None
        mock = partial(mock_in_process, given or loaded.name, self._spec()) if self._compares else None
        promises = frozenset(loaded.promises)
        return Subject(loaded.name, contract.document, promises, lambda: target, mock)

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


def claims_of(subjects: tuple[Subject, ...]) -> tuple[Claim, ...] | None:
    """The claims of the page; None if no subject has VideoDB's contract."""
    from mockserver_contracts.results.claims import load_claims

    # The claims are about VideoDB's API alone.
    return load_claims() if any(subject.is_videodb for subject in subjects) else None


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
