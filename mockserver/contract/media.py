"""Media types: their kinds of bodies, parameters and ranges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

Kind = Literal["json", "lines", "xml", "text", "form", "multipart", "binary"]

_CONCRETE: Final = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}
_CONCRETE_REST: Final = {
    "image": "image/png",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "multipart": "multipart/form-data",
}
_TEXTUAL: Final = frozenset({"application/javascript", "application/graphql", "application/sql", "application/csv"})
_YAML: Final = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"})
_OF_THE_BODY: Final = frozenset({"", "charset", "boundary", "q"})
_LINES: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"})


def essence_of(media_type: str | None) -> str:
    """The type and subtype, in lower case and without parameters."""
    return (media_type or "").partition(";")[0].strip().lower()


def media_parameter(media_type: str | None, name: str) -> str | None:
    """A parameter of a media type, such as charset or boundary."""
    for part in (media_type or "").split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return None


def is_json(media_type: str | None) -> bool:
    """The media type is JSON or ends in +json."""
    essence = essence_of(media_type)
    return essence.endswith(("/json", "+json"))


def is_yaml(media_type: str | None) -> bool:
    """The media type is YAML or ends in +yaml."""
    essence = essence_of(media_type)
    return essence in _YAML or essence.endswith("+yaml")


def kind_of(media_type: str) -> Kind:
    """The kind of body of a media type."""
    essence = essence_of(concrete_type(media_type))
    if is_json(essence) or is_yaml(essence):
        return "json"
    if essence in _LINES:
        return "lines"
    if essence.endswith(("/xml", "+xml")):
        return "xml"
    if essence == "application/x-www-form-urlencoded":
        return "form"
    if essence.startswith("multipart/"):
        return "multipart"
    return "text" if essence.startswith("text/") or essence in _TEXTUAL else "binary"


def suffix_of(media_type: str) -> str:
    """The structured suffix of a media type or range, such as json of application/problem+json; else empty."""
    return essence_of(media_type).partition("/")[2].rpartition("+")[2] if "+" in media_type else ""


def concrete_type(media_type: str) -> str:
    """The media type; for a range, a media type within it."""
    essence = essence_of(media_type)
    if "*" not in essence:
        return media_type
    if (suffix := suffix_of(essence)) and not essence.startswith("*"):
        return f"{essence.partition('/')[0]}/vnd.example+{suffix}"
    return _CONCRETE.get(essence) or _CONCRETE_REST.get(essence.partition("/")[0], "application/octet-stream")


def parameters_of(media_type: str) -> frozenset[tuple[str, str]]:
    """The parameters of a media type, such as version=2, that tell it from others of the same name."""
    pairs = (part.partition("=") for part in media_type.split(";")[1:])
    found = ((name.strip().lower(), value.strip().strip('"').lower()) for name, _, value in pairs)
    return frozenset(pair for pair in found if pair[0] not in _OF_THE_BODY)


def contradict(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Two media types have the same parameter with different values."""
    values = dict(one)
    return any(values.get(name, value) != value for name, value in other)


def covering_type(media_type: str, declared: Iterable[str]) -> str | None:
    """The declared media type that covers another: the same one, else the narrowest range, such as application/*+json.

    The same parameters win, then none. A parameter with another value is an obstacle, and one more is none.
    """
    essence = essence_of(media_type)
    names = list(declared)
    if any(";" in name for name in names):
        given = parameters_of(media_type or "")
        names = [name for name in names if not contradict(parameters_of(name), given)]
        names.sort(key=lambda name: (parameters_of(name) != given, len(parameters_of(name))))
    kind = essence.partition("/")[0]
    suffixed = (f"{kind}/*+{suffix}",) if (suffix := suffix_of(essence)) else ()
    for wanted in (essence, *suffixed, f"{kind}/*", "*/*") if essence else ():
        for name in names:
            if essence_of(name) == wanted:
                return name
    return None
