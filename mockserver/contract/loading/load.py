"""Loading a contract and its profile, by the name of a bundled profile or from files of the user."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from mockserver.contract.contract import Contract
from mockserver.contract.errors import ContractError
from mockserver.contract.loading.billing import Billing
from mockserver.contract.loading.bundle_cache import read_bundle, read_or_build
from mockserver.contract.loading.bundled import DOCUMENT, bundle_file, bundled_profiles, spec_folder
from mockserver.contract.profile.profile import Profile
from mockserver.suggestion import did_you_mean

MAX_CACHED: Final = 4

_caching: Final = threading.Lock()
_loaded: Final[dict[tuple[Billing, tuple[tuple[Path, str], ...]], tuple[Contract, Profile]]] = {}
"""Contracts and profiles by the setting `billing`, their input files and the hashes of these."""


def load(
    profile: str = "page",
    *,
    spec: Path | None = None,
    overlays: Sequence[Path] = (),
    billing: Billing = "auto",
    writes_cache: bool = True,
) -> tuple[Contract, Profile]:
    """The contract and the profile; raises ContractError for unusable files."""
    folder = spec_folder()
    bundled = folder / "profiles" / f"{profile}.yaml"
    is_name = not {"/", "\\", "."} & set(profile)
    if is_name and not bundled.is_file():
        known = ", ".join(bundled_profiles())
        hint = did_you_mean(profile, bundled_profiles())
        raise ContractError(f"use {known} or a file path{hint}", file=f"unknown profile {profile!r}")
    file = bundled if is_name else Path(profile).expanduser().absolute()
    document = folder / DOCUMENT if spec is None else spec.expanduser().absolute()
    extra = [each.expanduser().absolute() for each in overlays]
    bundle = None
    if is_name and spec is None and not extra and billing == "auto":
        bundle = read_bundle(bundle_file(profile), folder)
    if bundle is None:
        bundle = read_or_build(file, document, extra, billing, writes_cache=writes_cache)
    return _of_bundle(bundle, folder, billing, source=str(file))


def _of_bundle(bundle: dict[str, Any], folder: Path, billing: Billing, *, source: str) -> tuple[Contract, Profile]:
    """The contract and the profile of a bundle. The last few are cached, schemas compiled: tests start many mocks."""
    # the inputs of a bundled profile are relative to the spec folder, those of a user are absolute
    inputs = tuple((folder / name, digest) for name, digest in bundle["inputs"])
    with _caching:
        if (known := _loaded.pop((billing, inputs), None)) is None:
            contract = Contract(
                bundle["document"],
                deviations=bundle.get("deviations", ()),
                stateless=bundle.get("stateless", ()),
                inputs=[file for file, _ in inputs],
            )
            known = contract, Profile.of(bundle["profile"], source=source)
        _loaded[billing, inputs] = known
        if len(_loaded) > MAX_CACHED:
            del _loaded[next(iter(_loaded))]
    return known
