"""A schema inferred from several bodies: the types and the required members that they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from mockserver_contracts.document.free_form import FreeForm

NO_MAPS: Final[FreeForm] = {}


def schema_of(bodies: Sequence[Any], *, maps: FreeForm = NO_MAPS, pointer: str = "") -> dict[str, Any]:
    """Infer the schema, in OpenAPI 3.0; a value whose type differs from body to body gets an empty schema.

    `maps` has the objects with free member names; in a pointer, every index of a list is 0.
    """
    if not bodies:
        return {}
    if all(isinstance(body, dict) for body in bodies):
        names = dict.fromkeys(name for body in bodies for name in body)
        free: dict[str, Any] = {}
        if pointer in maps:
            values = [value for body in bodies for name, value in body.items() if name not in maps[pointer]]
            free = {"additionalProperties": schema_of(values, maps=maps, pointer=f"{pointer}/0")}
            names = dict.fromkeys(name for name in names if name in maps[pointer])
            if not names:
                return {"type": "object", **free}
        properties = {
            name: schema_of([body[name] for body in bodies if name in body], maps=maps, pointer=f"{pointer}/{name}")
            for name in names
        }
        required = [name for name in names if all(name in body for body in bodies)]
        schema: dict[str, Any] = {"type": "object", "properties": properties, **free}
        return {**schema, "required": required} if required else schema
    if all(isinstance(body, list) for body in bodies):
        items = [item for body in bodies for item in body]
        return {"type": "array", "items": schema_of(items, maps=maps, pointer=f"{pointer}/0")}
    for kind, types in (("boolean", bool), ("number", int | float), ("string", str)):
        present = [body for body in bodies if body is not None]
        if (
            present
            and all(isinstance(body, types) for body in present)
            and (kind == "boolean" or not any(isinstance(b, bool) for b in present))
        ):
            return {"type": kind} if len(present) == len(bodies) else {"type": kind, "nullable": True}
    return {}
