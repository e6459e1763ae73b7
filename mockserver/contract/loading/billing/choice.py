"""The choice of the billing operations that the mock serves with state, for one document.

`auto` takes the operations that fit (fit.py), `on` takes all that the document declares, `off` none. Where the checkout
is taken, operations of the family that the document does not declare are added by the profile's overlays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mockserver.contract.errors import ContractError
from mockserver.contract.loading.billing import Billing
from mockserver.contract.loading.billing.actions import actions_for
from mockserver.contract.loading.billing.fit import misfit
from mockserver.contract.loading.billing.inlining import inline_references
from mockserver.contract.loading.billing.operations import CHECKOUT, OPERATIONS, BillingOperation
from mockserver.contract.loading.bundled import spec_folder
from mockserver.contract.loading.checking.deviations import is_tolerable
from mockserver.contract.loading.checking.document_error import find_document_error
from mockserver.contract.loading.overlay import OverlayAction
from mockserver.contract.loading.overlay_action import apply_action
from mockserver.contract.loading.reading.source import Source
from mockserver.contract.operation import STATEFUL
from mockserver.contract.pointer import dereference, pointer_of
from mockserver.contract.profile.profile import Profile

BY_HAND: Final = "--billing off"


@dataclass(frozen=True)
class BillingChoice:
    """The document with its taken operations in line, the actions for them, and the reasons against the others."""

    document: dict[str, Any]
    actions: tuple[OverlayAction, ...]
    taken: tuple[BillingOperation, ...]
    stateless: tuple[str, ...]

    def mark(self, document: dict[str, Any]) -> dict[str, Any]:
        """The effective document; its stateful operations say so, and no others."""
        paths = document.get("paths")
        if not isinstance(paths, dict):
            return document
        marked = dict(paths)
        names = {operation.name for operation in self.taken}
        for operation in OPERATIONS:
            item = marked.get(operation.path)
            data = item.get(operation.method.lower()) if isinstance(item, dict) else None
            if not isinstance(data, dict):
                continue
            own = {name: value for name, value in data.items() if name != STATEFUL}
            state = {STATEFUL: True} if operation.name in names else {}
            marked[operation.path] = {**marked[operation.path], operation.method.lower(): {**own, **state}}
        return {**document, "paths": marked}


def choose_billing(
    document: dict[str, Any],
    source: Source,
    profiles: Sequence[Profile],
    actions: Sequence[OverlayAction],
    *,
    mode: Billing,
) -> BillingChoice:
    """Choose. `profiles` are the served one and the one of the published document; `actions` are the served one's.

    Raises ContractError if an operation that was asked for by hand cannot be taken.
    """
    declared = [operation for operation in OPERATIONS if _item(document, operation) is not None]
    if not declared or find_document_error(document, is_tolerable=is_tolerable) is not None:
        return BillingChoice(document, (), (), ())
    taken: list[BillingOperation] = []
    stateless: list[str] = []
    for operation in declared:
        reason = BY_HAND if mode == "off" else _reason(document, operation, profiles, actions, by_hand=mode == "on")
        if reason is None:
            taken.append(operation)
            continue
        if mode == "on":
            place = pointer_of(("paths", operation.path, operation.method.lower()))
            raise source.error(place, f"--billing on: {operation.name} cannot be served with state: {reason}")
        stateless.append(f"{operation.name} ({reason})")
    if not taken:
        return BillingChoice(document, (), (), tuple(stateless))
    if CHECKOUT in taken:
        taken += [operation for operation in OPERATIONS if operation not in declared]
    whole = _inlined(document, taken)
    chosen = tuple(_actions(whole, actions, taken))
    if (reason := _fault_of_ours(whole, chosen)) is not None:
        if mode == "on":
            raise source.error(pointer_of(("paths", CHECKOUT.path)), f"--billing on: {reason}")
        return BillingChoice(document, (), (), (*stateless, *(f"{operation.name} ({reason})" for operation in taken)))
    return BillingChoice(whole, chosen, tuple(taken), tuple(stateless))


def _fault_of_ours(document: dict[str, Any], actions: Sequence[OverlayAction]) -> str | None:
    """The reason why an action of the product makes the document invalid; None if none does."""
    for action in actions:
        document = apply_action(document, action)
    if find_document_error(document, is_tolerable=is_tolerable) is None:
        return None
    is_ours = all(action.source.file.is_relative_to(spec_folder()) for action in actions)
    return "it would not be valid with what the mock adds to it" if is_ours else None


def _reason(
    document: dict[str, Any],
    operation: BillingOperation,
    profiles: Sequence[Profile],
    actions: Sequence[OverlayAction],
    *,
    by_hand: bool,
) -> str | None:
    """The reason why the operation cannot be taken; None if it can."""
    try:
        whole = _inlined(document, [operation])
        item = whole["paths"][operation.path]
        if not by_hand and (reason := misfit(operation, item, whole, profiles)) is not None:
            return reason
        for action in _actions(whole, actions, [operation]):
            whole = _apply(whole, action)
    except LookupError as error:
        return f"a reference in it cannot be followed: {error}"
    except _MissingPart as error:
        return f"the profile changes a part that it does not have: {error}"
    if by_hand:
        return None
    return misfit(operation, whole["paths"][operation.path], whole, profiles[:1])


class _MissingPart(Exception):
    """The target of an action of the product is not in the document."""


def _apply(document: dict[str, Any], action: OverlayAction) -> dict[str, Any]:
    """Apply an action. Raises _MissingPart for one of the product, and ContractError for one of the user's profile."""
    try:
        return apply_action(document, action)
    except ContractError as error:
        if action.source.file.is_relative_to(spec_folder()):
            raise _MissingPart(error.reason) from None
        raise


def _actions(
    document: dict[str, Any], actions: Sequence[OverlayAction], taken: Sequence[BillingOperation]
) -> list[OverlayAction]:
    names = {operation.name for operation in taken}
    return list(actions_for(actions, names.__contains__, lambda name: _security(document, name)))


def _security(document: dict[str, Any], name: str) -> Any:
    """The security requirement of an operation; that of the checkout if the document does not declare it."""
    method, _, path = name.partition(" ")
    for place, word in ((path, method.lower()), (CHECKOUT.path, CHECKOUT.method.lower())):
        item = document["paths"].get(place)
        if isinstance(item, dict) and isinstance(item.get(word), dict):
            return item[word].get("security", document.get("security", []))
    return document.get("security", [])


def _item(document: Mapping[str, Any], operation: BillingOperation) -> Mapping[str, Any] | None:
    """The path item that declares the operation."""
    paths = document.get("paths")
    try:
        item = dereference(document, paths.get(operation.path)) if isinstance(paths, dict) else None
    except LookupError:
        return None
    is_declared = isinstance(item, Mapping) and isinstance(item.get(operation.method.lower()), Mapping)
    return item if is_declared else None


def _inlined(document: dict[str, Any], operations: Sequence[BillingOperation]) -> dict[str, Any]:
    """The document with the references inside these operations resolved."""
    paths = dict(document["paths"])
    for operation in operations:
        item = _item({**document, "paths": paths}, operation)
        if item is not None:
            method = operation.method.lower()
            paths[operation.path] = {**item, method: inline_references(item[method], document)}
    return {**document, "paths": paths}
