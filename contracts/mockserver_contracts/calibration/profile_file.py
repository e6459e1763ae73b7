"""The profile file that calibration writes from the observations of a run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from mockserver.contract import ContractError, load
from mockserver.contract.loading.bundled import spec_folder
from mockserver_contracts.calibration.profile import ProfileBuilder
from mockserver_contracts.calibration.request_schema import Accepts
from mockserver_contracts.document.key_header import key_header
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.run.observations import Observations
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.gate import Gate
from mockserver_contracts.target.transport.http_transport import HttpTransport
from mockserver_contracts.target.undecided import Undecided

# Where an error names an action of the profile's own overlay.
_ACTION: Final = re.compile(r"/overlays/([0-9]+)/actions/([0-9]+)(?![0-9])")
_HEAD: Final = (
    "# Made by mockserver calibrate. `evidence` says what each entry rests on: read it before you trust it.\n"
)


def calibrate(
    observations: Observations, file: Path, *, profile: str, spec: Path | None, redaction: Redaction
) -> list[str]:
    """Write the profile to the file, and return sentences about behaviour that a profile cannot express.

    The file is meant to be committed: nothing in it shows a key, whatever the server answers.

    Raises ContractError if the observations give no valid profile, and OSError if the file cannot be written.
    """
    document = load(profile, spec=spec)[0].document
    url = observations.target.url if observations.target is not None else "the server"
    with _order_probe(observations, document) as accepts:
        builder = ProfileBuilder(_read_profile(profile), document, observations)
        result = builder.profile(name=file.stem, url=url, upheld=observations.upheld, accepts=accepts)
    # A mock that serves with the old file must not read a part of the new one.
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        left_out = _write_loadable(scratch, _storable(redaction.value(result.profile)), spec)
        os.replace(scratch, file)
    finally:
        scratch.unlink(missing_ok=True)
    return [redaction.text(gap) for gap in (*result.gaps, *left_out)]


def _storable(value: Any) -> Any:
    """The value with a replacement character for each half of a character, which no YAML file can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_storable(name): _storable(member) for name, member in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


def _write_loadable(scratch: Path, profile: dict[str, Any], spec: Path | None) -> list[str]:
    """Write the profile without the overlay actions that cannot be applied; return sentences about those."""
    left_out: list[str] = []
    while True:
        text = yaml.safe_dump(profile, sort_keys=False, allow_unicode=True, width=100)
        scratch.write_text(_HEAD + text, encoding="utf-8")
        try:
            load(str(scratch.absolute()), spec=spec)
        except ContractError as error:
            place = _ACTION.search(str(error))
            if place is None:
                raise
            action = profile["overlays"][int(place[1])]["actions"].pop(int(place[2]))
            left_out.append(f"the change at {action.get('target')} cannot be applied to the contract")
        else:
            return left_out


def _read_profile(profile: str) -> Mapping[str, Any]:
    is_name = not {"/", "\\", "."} & set(profile)
    file = spec_folder() / "profiles" / f"{profile}.yaml" if is_name else Path(profile)
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data


@contextmanager
def _order_probe(observations: Observations, document: Mapping[str, Any]) -> Iterator[Accepts]:
    """A function that sends the server an order and returns if it was accepted; on rails it sends nothing."""
    target = observations.target
    if target is None or target.on_rails:
        yield lambda body: False
        return
    transport = target.transport if target.is_in_process else HttpTransport(target.url)
    client = TargetClient(
        gate=Gate(transport, target.limits),
        key_header=key_header(document),
        is_in_process=target.is_in_process,
        control=None,
    )
    account = AccountClient(client, target.key.value)

    def accepts(body: Mapping[str, Any]) -> bool:
        try:
            return account.post(json.dumps(body).encode()).is_accepted
        except Undecided:
            return False

    try:
        yield accepts
    finally:
        client.close()
        transport.close()
