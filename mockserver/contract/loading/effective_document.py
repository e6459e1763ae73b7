"""From files to the effective document and the profile's data: the long way, taken once for each set of inputs.

Rule 1: nothing is fetched; a $ref leads into the document's own folder or is refused.
Rule 2: whatever is wrong is said with file, line and pointer, of the overlay's action if an overlay made it wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.bundled import spec_folder
from mockserver.contract.loading.checking.deviations import is_lapse, mended, with_readable_schemas
from mockserver.contract.loading.checking.document_error import Fault, first_fault
from mockserver.contract.loading.overlay import Action, actions_of, applied
from mockserver.contract.loading.reading.source import Source, read_bytes, read_source
from mockserver.contract.loading.references import Bundle
from mockserver.contract.profile.profile import Profile, ProfileError

CHECKOUT: Final = "/billing/checkout"
MENDABLE: Final = ("/pattern", "/exclusiveMinimum", "/exclusiveMaximum", "/examples")
BUNDLED: Final = "bundled:"
"""Begins the name of an overlay that comes with the product, wherever the profile lies."""


@dataclass(frozen=True)
class Built:
    """What the inputs come to, and the bytes they were."""

    document: dict[str, Any]
    profile: dict[str, Any]
    inputs: dict[Path, bytes]
    # What was wrong with the document and could be mended, each in a sentence with its place.
    lapses: tuple[str, ...] = ()


def build(profile: Path, document: Path, overlays: Sequence[Path]) -> Built:
    """Read, apply, check and compile; raises ContractError for the first thing that is wrong."""
    inputs: dict[Path, bytes] = {}

    def read(file: Path) -> Source:
        inputs[file] = read_bytes(file)
        return read_source(file, inputs[file])

    profile_source = read(profile)
    data = profile_source.mapping("a profile")
    try:
        Profile.of(data, source=str(profile))
    except ProfileError as error:
        raise profile_source.error(error.pointer, error.reason) from None
    source = read(document)
    bundle = Bundle(source, read)
    base, lapses = mended(bundle.document(_openapi(source)))
    actions: list[Action] = []
    if _has_checkout(base):
        for index, overlay in enumerate(data["overlays"]):
            actions += _profile_actions(profile_source, index, overlay, read)
    for file in overlays:
        overlay_source = read(file)
        actions += actions_of(overlay_source, overlay_source.value)
    effective = base
    for action in actions:
        effective = applied(effective, action)
    fault = first_fault(effective, is_lapse=is_lapse)
    if fault is not None and fault.pointer.endswith(MENDABLE):
        effective, more = with_readable_schemas(effective)
        lapses = (*lapses, *more)
        fault = first_fault(effective, is_lapse=is_lapse)
    if fault is not None:
        raise _blamed(fault, bundle, base, actions)
    return Built(effective, data, inputs, tuple(str(bundle.error(*lapse)) for lapse in lapses))


def _profile_actions(profile: Source, index: int, overlay: Any, read: Callable[[Path], Source]) -> Iterator[Action]:
    """The actions of an overlay that a profile names or holds."""
    place = f"/overlays/{index}"
    if not isinstance(overlay, str):
        return actions_of(profile, overlay, place)
    name = overlay.removeprefix(BUNDLED)
    file = profile.file.parent / overlay if name == overlay else spec_folder() / "overlays" / f"{name}.yaml"
    try:
        source = read(file.resolve())
    except ContractError as error:
        if error.line is not None:
            raise
        raise profile.error(place, f"{overlay} {error.reason}") from None
    return actions_of(source, source.value)


def _openapi(source: Source) -> dict[str, Any]:
    document = source.mapping("an OpenAPI document")
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0.", "3.1.")):
        said = "says openapi: " + repr(version) if version is not None else "does not say openapi: 3.x"
        raise source.error("/openapi", f"a document in OpenAPI 3.0 or 3.1 is needed; this one {said}")
    return document


def _has_checkout(document: Any) -> bool:
    for step in ("paths", CHECKOUT):
        document = document.get(step) if isinstance(document, dict) else None
    return isinstance(document, dict) and "post" in document


def _blamed(fault: Fault, bundle: Bundle, base: dict[str, Any], actions: Sequence[Action]) -> ContractError:
    """The error naming the file at fault: the document's own, or the action after which the fault is there."""
    document = base
    if (own := first_fault(document, is_lapse=is_lapse)) is not None:
        return bundle.error(own.pointer, own.reason)
    for action in actions:
        document = applied(document, action)
        if (made := first_fault(document, is_lapse=is_lapse)) is not None:
            return action.source.error(
                action.pointer, f"the action makes the document invalid: {made.reason}, at {made.pointer or 'its root'}"
            )
    return bundle.error(fault.pointer, fault.reason)
