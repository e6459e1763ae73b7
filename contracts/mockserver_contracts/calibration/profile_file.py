"""From what was seen to a profile file that the mock can be run with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from mockserver.contract import load
from mockserver.contract.folder import spec_folder
from mockserver_contracts.calibration.profile import Calibration
from mockserver_contracts.calibration.request_schema import Takes
from mockserver_contracts.run.observations import Observations
from mockserver_contracts.run.plan import key_header
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Undecided
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.gate import Gate
from mockserver_contracts.target.transports import AsgiTransport, HttpTransport

_HEAD: Final = (
    "# Made by mockserver calibrate. Each entry rests on what `evidence` says of it: read it before you trust it.\n"
)


def calibrate(notes: Observations, file: Path, *, profile: str, spec: Path | None, upheld: Sequence[str]) -> list[str]:
    """Write the profile to the file; the sentences say what of the server it cannot say.

    Raises ContractError where what was seen makes no profile, and OSError where the file cannot be written.
    """
    document = load(profile, spec=spec)[0].document
    url = notes.target.url if notes.target is not None else "the server"
    with _asking(notes, document) as takes:
        calibration = Calibration(_data(profile), document, notes)
        calibrated = calibration.profile(name=file.stem, url=url, upheld=upheld, takes=takes)
    text = yaml.safe_dump(calibrated.profile, sort_keys=False, allow_unicode=True, width=100)
    # Whoever serves with the old file goes on with it until the new one is whole.
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.write_text(_HEAD + text, encoding="utf-8")
    try:
        load(str(scratch.absolute()), spec=spec)
    except BaseException:
        scratch.unlink()
        raise
    os.replace(scratch, file)
    return calibrated.left


def _data(profile: str) -> Mapping[str, Any]:
    is_name = not {"/", "\\", "."} & set(profile)
    file = spec_folder() / "profiles" / f"{profile}.yaml" if is_name else Path(profile)
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data


@contextmanager
def _asking(notes: Observations, document: Mapping[str, Any]) -> Iterator[Takes]:
    """A way to ask the server whether it takes an order; on rails it is asked nothing more."""
    target = notes.target
    if target is None or target.on_rails:
        yield lambda body: False
        return
    transport = target.transport if isinstance(target.transport, AsgiTransport) else HttpTransport(target.url)
    client = TargetClient(
        gate=Gate(transport, target.limits),
        url=target.url,
        key_header=key_header(document),
        is_in_process=isinstance(transport, AsgiTransport),
        control=None,
    )
    account = AccountClient(client, target.key.value)

    def takes(body: Mapping[str, Any]) -> bool:
        try:
            return account.post(json.dumps(body).encode()).is_accepted
        except Undecided:
            return False

    try:
        yield takes
    finally:
        client.close()
        transport.close()
