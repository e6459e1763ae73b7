"""The effective document, built from the files of a document, its overlays and its profile.

Rule 1: nothing is fetched. A $ref outside of the document's own folder is a broken one.
Rule 2: every error names file, line and pointer: those of an overlay's action if the action caused the error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.billing import Billing
from mockserver.contract.loading.billing.choice import choose_billing
from mockserver.contract.loading.bundled import spec_folder
from mockserver.contract.loading.checking.deviations import is_tolerable
from mockserver.contract.loading.checking.document_error import DocumentError, find_document_error
from mockserver.contract.loading.checking.members import FILES
from mockserver.contract.loading.checking.schema_deviations import REPAIRABLE, repair_schemas
from mockserver.contract.loading.overlay import OverlayAction, read_actions
from mockserver.contract.loading.overlay_action import apply_action
from mockserver.contract.loading.reading.source import Source, read_bytes, read_source
from mockserver.contract.loading.references import ReferencedFiles
from mockserver.contract.loading.repairing.repair import has_operations, repair_document
from mockserver.contract.loading.repairing.version import openapi_of
from mockserver.contract.profile.checks import ProfileError
from mockserver.contract.profile.profile import Profile

BUNDLED: Final = "bundled:"
"""The prefix of an overlay that comes with the product; the profile may lie anywhere."""


@dataclass(frozen=True)
class EffectiveDocument:
    """The effective document, the data of the profile, and the bytes of their inputs."""

    document: dict[str, Any]
    profile: dict[str, Any]
    inputs: dict[Path, bytes]
    deviations: tuple[str, ...] = ()
    """The tolerated or repaired deviations of the document, each with its place."""
    stateless: tuple[str, ...] = ()
    """The declared billing operations that are answered from the document, each with the reason."""
    missing: tuple[Path, ...] = ()
    """The unreadable files that the document refers to."""


def build_effective_document(
    profile: Path, document: Path, overlays: Sequence[Path], *, billing: Billing = "auto"
) -> EffectiveDocument:
    """Read, apply and check the files; raises ContractError, with its inputs, for the first error."""
    inputs: dict[Path, bytes] = {}
    missing: dict[Path, None] = {}
    try:
        return _build(profile, document, overlays, billing, inputs, missing)
    except ContractError as error:
        error.inputs = (*inputs, *missing)
        raise


def _build(
    profile: Path,
    document: Path,
    overlays: Sequence[Path],
    billing: Billing,
    inputs: dict[Path, bytes],
    missing: dict[Path, None],
) -> EffectiveDocument:
    """The effective document. The files read are added to `inputs`, the unreadable ones to `missing`."""

    def read(file: Path, *, is_lenient: bool = False) -> Source:
        try:
            inputs[file] = read_bytes(file)
        except ContractError:
            missing[file] = None
            raise
        return read_source(file, inputs[file], is_lenient=is_lenient)

    profile_source = read(profile)
    data = profile_source.mapping("a profile")
    try:
        Profile.of(data, source=str(profile))
    except ProfileError as error:
        raise profile_source.error(error.pointer, error.reason) from None
    source = read(document, is_lenient=True)
    files = ReferencedFiles(source, partial(read, is_lenient=True))
    document_data, version = openapi_of(source)
    base = files.document(document_data)
    inputs.update({link: inputs[file] for link, file in files.links() if file in inputs})
    deviations, needs_check = repair_document(base, files.broken)
    deviations = (*files.faults(), *deviations)
    if version is not None:
        taken = f"the version {version} is read as {base['openapi']}"
        deviations = (DocumentError("/openapi", taken), *deviations)
    if deviations and document_data.get("paths") not in (None, {}) and not has_operations(base):
        raise files.error(*_first_loss(deviations))
    of_profile: list[OverlayAction] = []
    for index, overlay in enumerate(data["overlays"]):
        of_profile += _profile_actions(profile_source, index, overlay, read)
    chosen = choose_billing(base, source, _profiles(data, read), of_profile, mode=billing)
    base, actions = chosen.document, list(chosen.actions)
    for file in overlays:
        overlay_source = read(file)
        actions += read_actions(overlay_source, overlay_source.value)
    effective = base
    for action in actions:
        effective = apply_action(effective, action)
    effective = chosen.mark(effective)
    needs_check = needs_check or bool(actions)
    first = find_document_error(effective, is_tolerable=is_tolerable) if needs_check else None
    if first is not None and first.pointer.endswith(REPAIRABLE):
        effective, more = repair_schemas(effective)
        deviations = (*deviations, *more)
        first = find_document_error(effective, is_tolerable=is_tolerable)
    if first is not None:
        raise _located(first, files, base, actions)
    notes = tuple(str(files.error(*each)) for each in deviations)
    return EffectiveDocument(effective, data, inputs, notes, chosen.stateless, tuple(missing))


def _first_loss(deviations: Sequence[DocumentError]) -> DocumentError:
    """The first deviation that cost an operation, of a document without operations."""
    lost = (each for each in deviations if each.pointer.startswith(("/paths", f"/{FILES}")) or "paths" in each.reason)
    return next(lost, deviations[0])


def _profiles(data: dict[str, Any], read: Callable[[Path], Source]) -> tuple[Profile, ...]:
    """The profile, and the one with the replies of the published document."""
    published = spec_folder() / "profiles" / "openapi.yaml"
    return (
        Profile.of(data, source=""),
        Profile.of(read(published).mapping("a profile"), source=str(published)),
    )


def _profile_actions(
    profile: Source, index: int, overlay: Any, read: Callable[[Path], Source]
) -> Iterator[OverlayAction]:
    """The actions of an overlay that a profile names or contains."""
    place = f"/overlays/{index}"
    if not isinstance(overlay, str):
        return read_actions(profile, overlay, place)
    name = overlay.removeprefix(BUNDLED)
    file = profile.file.parent / overlay if name == overlay else spec_folder() / "overlays" / f"{name}.yaml"
    try:
        source = read(file.resolve())
    except ContractError as error:
        if error.line is not None:
            raise
        raise profile.error(place, f"{overlay} {error.reason}") from None
    return read_actions(source, source.value)


def _located(
    first: DocumentError, files: ReferencedFiles, base: dict[str, Any], actions: Sequence[OverlayAction]
) -> ContractError:
    """The error in the file that causes it: the document itself, or the overlay whose action adds the error."""
    document = base
    if (own := find_document_error(document, is_tolerable=is_tolerable)) is not None:
        return files.error(own.pointer, own.reason)
    for action in actions:
        document = apply_action(document, action)
        if (caused := find_document_error(document, is_tolerable=is_tolerable)) is not None:
            return action.source.error(
                action.pointer,
                f"the action makes the document invalid: {caused.reason}, at {caused.pointer or 'its root'}",
            )
    return files.error(first.pointer, first.reason)
