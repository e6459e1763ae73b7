"""Repairs of security schemes."""

from __future__ import annotations

from typing import Final

from mockserver.contract.loading.repairing.changes import Changes, Node, excerpt

_NEEDED: Final = {
    **{"apiKey": ("name", "in"), "http": ("scheme",), "oauth2": ("flows",), "openIdConnect": ("openIdConnectUrl",)},
    "mutualTLS": (),
}
_PLACES: Final = ("header", "query", "cookie")
_URLS: Final = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
}


def repair_security_scheme(node: Node, changes: Changes, is_30: bool) -> None:
    """Give a security scheme the members that its type needs, or leave it out."""
    value = node.value
    types = {name.lower(): name for name in _NEEDED if name != "mutualTLS" or not is_30}
    given = value.get("type")
    if not isinstance(given, str) or (kind := {**types, "basic": "http"}.get(given.lower())) is None:
        changes.drop(node, f"type {excerpt(given)} is none of {', '.join(types.values())}; the scheme is left out")
        return
    if kind != given:
        changes.report((node.path, "type"), f"{given} is read as {kind}")
        value["type"] = kind
    if kind == "http" and given.lower() == "basic":
        value.setdefault("scheme", "basic")
    if kind == "oauth2" and not isinstance(value.get("flows"), dict):
        changes.report(node.path, "flows are missing; none are taken")
        value["flows"] = {}
    place = value.get("in")
    if kind == "apiKey" and isinstance(place, str) and place not in _PLACES and place.strip().lower() in _PLACES:
        changes.report((node.path, "in"), f"{place} is read as {place.strip().lower()}")
        value["in"] = place.strip().lower()
    if kind == "apiKey" and value.get("in") not in _PLACES:
        changes.drop(node, f"in is {excerpt(value.get('in'))}, none of {', '.join(_PLACES)}; the scheme is left out")
        return
    for name in _NEEDED[kind]:
        if name != "flows" and not isinstance(value.get(name), str):
            changes.drop(node, f"{name} is missing; the scheme is left out")
            return
    _drop_others(node, kind, changes)


def _drop_others(node: Node, kind: str, changes: Changes) -> None:
    allowed = {"type", "description", *_NEEDED[kind]}
    if kind == "http" and node.value["scheme"].lower() == "bearer":
        allowed.add("bearerFormat")
    for name in [each for each in node.value if each not in allowed and not each.startswith("x-")]:
        changes.drop(Node(node.value, name, (node.path, name), ""), f"{name} has no meaning for {kind}; it is ignored")


def repair_requirement(node: Node, changes: Changes, is_30: bool) -> None:
    """Read an empty value of a requirement as no scopes."""
    del is_30
    for name in [name for name, scopes in node.value.items() if scopes is None]:
        changes.report((node.path, name), "the scopes are empty; [] is taken")
        node.value[name] = []


def repair_flow(node: Node, changes: Changes, is_30: bool) -> None:
    """Give a flow the URLs that it needs. The mock calls none of them."""
    del is_30
    needed = _URLS.get(str(node.path[1]), ())
    for name in needed:
        if not isinstance(node.value.get(name), str):
            changes.report(node.path, f'{name} is missing; "/" is taken for it')
            node.value[name] = "/"
    for name in ("authorizationUrl", "tokenUrl"):
        if name in node.value and name not in needed:
            changes.drop(Node(node.value, name, (node.path, name), ""), f"{name} has no meaning here; it is ignored")
