"""The overlay of a calibrated profile: the changes to the contract's requests and responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mockserver_contracts.calibration.accepted import accepted_bodies, response_json
from mockserver_contracts.calibration.inferred_schema import schema_of
from mockserver_contracts.calibration.price_map import maps_of_units
from mockserver_contracts.calibration.refusal_template import RefusalTemplate
from mockserver_contracts.calibration.request_schema import SchemaChange
from mockserver_contracts.document.free_form import free_form_objects
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, TOPUP, USAGE
from mockserver_contracts.run.observations import Observations

ERROR: Final = "mockserver.Error"
"""The component of the profile's overlays with the schema of every refusal."""
_REPLY: Final = "reply-"
_ANSWERED: Final = (
    ("POST", CHECKOUT),
    ("GET", CHECKOUTS),
    ("GET", USAGE),
    ("POST", TOPUP),
    ("GET", INVOICES),
    ("GET", AUTO_RECHARGE),
    ("POST", AUTO_RECHARGE),
)
_HEAD: Final = {
    "overlay": "1.0.0",
    "info": {"title": "What the server was seen to do otherwise", "version": "1.0.0"},
}


def overlays(
    base: Mapping[str, Any],
    document: Mapping[str, Any],
    observations: Observations,
    *,
    changes: Sequence[SchemaChange],
    refusal: RefusalTemplate | None,
) -> list[Any]:
    """The overlays of the base profile but for its replies, and one with the observed changes."""
    actions = [
        *_request_actions(changes),
        *_reply_actions(document, observations),
        *_refusal_actions(document, observations, refusal),
    ]
    # An overlay needs at least one action.
    return [*_kept_overlays(base), *([{**_HEAD, "actions": actions}] if actions else [])]


def _kept_overlays(base: Mapping[str, Any]) -> Iterator[Any]:
    for overlay in base["overlays"]:
        if not isinstance(overlay, str):
            yield overlay
            continue
        file = overlay.rpartition("/")[2].removesuffix(".yaml").removeprefix("bundled:")
        if not file.startswith(_REPLY):
            yield f"bundled:{file}" if overlay.startswith(("../overlays/", "bundled:")) else overlay


def _request_actions(changes: Sequence[SchemaChange]) -> Iterator[Mapping[str, Any]]:
    removed: set[str] = set()
    for change in changes:
        for action in change.actions:
            # Two changes may remove one keyword: for both redirects, or for several causes.
            if action.get("remove") and action["target"] in removed:
                continue
            removed.update([action["target"]] if action.get("remove") else [])
            yield {**action, "description": f"Seen: {change.evidence}."}


def _reply_actions(document: Mapping[str, Any], observations: Observations) -> Iterator[Mapping[str, Any]]:
    for method, path in _ANSWERED:
        bodies = [body for _, body in accepted_bodies(observations, method, path)]
        place = f"$.paths['{path}'].{method.lower()}.responses['200'].content['application/json']"
        if bodies and path in document.get("paths", {}):
            maps = {**free_form_objects(document).get(f"{method} {path}", {}), **maps_of_units(bodies)}
            yield {"target": f"{place}.schema", "remove": True}
            yield {"target": place, "update": {"schema": schema_of(bodies, maps=maps)}}


def _refusal_actions(
    document: Mapping[str, Any], observations: Observations, refusal: RefusalTemplate | None
) -> Iterator[Mapping[str, Any]]:
    refused = [response_json(target) for mock, target in observations.pairs if mock.is_refused and target.is_refused]
    if refused and ERROR in document.get("components", {}).get("schemas", {}):
        yield {"target": f"$.components.schemas['{ERROR}']", "remove": True}
        schema = schema_of([body for body in refused if isinstance(body, dict)])
        yield {"target": "$.components.schemas", "update": {ERROR: schema}}
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{ERROR}"}}}
    response = {"description": "A refusal, as the server was seen to answer it.", "content": content}
    statuses = sorted(set(refusal.status.values())) if refusal is not None else []
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            missing = {str(s): response for s in statuses if str(s) not in operation.get("responses", {})}
            if missing:
                yield {"target": f"$.paths['{path}'].{method}.responses", "update": missing}
