"""The contracts and targets of a run, from its arguments."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli.errors import UsageError

if TYPE_CHECKING:
    from mockserver_contracts.run.plan import Subject
    from mockserver_contracts.target.target import Target

    from mockserver.contract import Contract, Profile

PROFILES: Final = ("page", "openapi")


class RunTargets:
    """The subjects of a run, and the API keys that must not appear in reports."""

    def __init__(self, arguments: argparse.Namespace, *, compares: bool) -> None:
        self._arguments = arguments
        self._compares = compares
        self.secrets: tuple[str, ...] = ()
        self.all: tuple[Subject, ...] = self._local() if arguments.target is None else (self._remote(),)

    def _local(self) -> tuple[Subject, ...]:
        from mockserver_contracts.run.plan import Subject
        from mockserver_contracts.target.target import IN_PROCESS_KEY, mock_in_process

        if self._arguments.token_env is not None:
            raise UsageError("--token-env needs a TARGET; the mock in-process needs no key")
        self.secrets = (IN_PROCESS_KEY,)
        given = self._arguments.profile
        spec = self._spec()
        subjects = []
        for profile in (given,) if given else PROFILES:
            contract, loaded = self._contract(profile)
            opened = partial(mock_in_process, profile, spec)
            subject = Subject(loaded.name, contract.document, frozenset(loaded.promises), opened)
            subjects.append(subject if subject.is_videodb else replace(subject, opinion=opened))
            if not subjects[0].is_videodb:
                break  # another document is the same in every profile
        return tuple(subjects)

    def _remote(self) -> Subject:
        from mockserver_contracts.run.plan import Subject
        from mockserver_contracts.target.address import TargetRefused
        from mockserver_contracts.target.target import TargetUnreachable, mock_in_process, open_target

        from mockserver.contract import bundled_profiles

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
            # A server names a profile; it must not choose a file of this machine.
            if target.profile not in bundled_profiles():
                target.close()
                raise UsageError(
                    f"the mock at TARGET has the profile {str(target.profile)[:60]!r}, which is not known here; "
                    "give its file with --profile"
                )
            contract, loaded = self._contract(str(target.profile))
        mock = partial(mock_in_process, given or loaded.name, self._spec())
        promises = frozenset(loaded.promises)
        subject = Subject(loaded.name, contract.document, promises, lambda: target, mock if self._compares else None)
        return subject if subject.is_videodb else replace(subject, opinion=mock)

    def _contract(self, profile: str) -> tuple[Contract, Profile]:
        return load_contract(profile, self._spec())

    def _spec(self) -> Path | None:
        return None if self._arguments.spec is None else Path(self._arguments.spec)


def load_contract(profile: str, spec: Path | None) -> tuple[Contract, Profile]:
    """Load the contract and the profile. Raises UsageError."""
    from mockserver.contract import ContractError, load

    try:
        return load(profile, spec=spec)
    except ContractError as error:
        raise UsageError(str(error)) from None


def _fail(error: Exception) -> Target:
    raise error
