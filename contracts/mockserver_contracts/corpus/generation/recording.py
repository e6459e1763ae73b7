"""The conversion of the requests that Schemathesis sent to entries of a corpus."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal
from urllib.parse import quote, urlsplit

from schemathesis.core.result import Ok
from schemathesis.engine.recorder import CaseNode, Interaction, ScenarioRecorder
from schemathesis.reporting.crashes.encoding import encode_case_body, to_json_safe

from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Expected, Link, Origin
from mockserver_contracts.corpus.odd_urls import has_odd_url

# The transport's own headers; the replay adds its own.
_TRANSPORT_HEADERS: Final = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "user-agent", "x-schemathesis-testcaseid"}
)
_USER_AGENT: Final = ("user-agent", "videodb-mockserver-check")
_CONTAINERS: Final = {"path_parameters": "path"}
_EXPRESSION: Final = re.compile(r"\{?\$response\.(?:body#(?P<pointer>/[^#}]*)|header\.(?P<header>[^}]+))\}?")


class EntryRecorder:
    """Collects each request once, and at most so many random ones of an operation and origin."""

    def __init__(self, most: int) -> None:
        self.entries: dict[str, CorpusEntry] = {}
        self._most = most
        self._random: dict[tuple[str, Origin], int] = {}

    def record(self, recorder: ScenarioRecorder, origin: Origin) -> None:
        """Record the requests of a scenario; a request comes after those that its links depend on."""
        names: dict[str, str] = {}
        for case_id, interaction in recorder.interactions.items():
            node = recorder.cases.get(case_id)
            # A request that a check sent itself has a parent, but no transition.
            if node is None or (node.parent_id is not None and node.transition is None):
                continue
            entry = _entry(node, interaction, origin, names)
            # A sequence of one request is only fuzzing.
            if origin == "stateful" and not entry.links and not _is_parent(case_id, recorder):
                continue
            if entry.id not in self.entries:
                place = (entry.operation, origin)
                if origin in ("fuzzing", "stateful") and self._random.get(place, 0) >= self._most:
                    continue
                self._random[place] = self._random.get(place, 0) + 1
                self.entries[entry.id] = entry
            names[case_id] = entry.id


def _is_parent(case_id: str, recorder: ScenarioRecorder) -> bool:
    return any(node.parent_id == case_id and node.transition is not None for node in recorder.cases.values())


def _entry(node: CaseNode, interaction: Interaction, origin: Origin, names: Mapping[str, str]) -> CorpusEntry:
    case, sent = node.value, interaction.request
    parts = urlsplit(sent.uri)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = [
        (name.lower(), ", ".join(_text(value) for value in values))
        for name, values in sent.headers.items()
        if name.lower() not in _TRANSPORT_HEADERS
    ]
    body = sent.body or b""
    links = []
    for link in _links(node, names):
        target, body, is_found = _mark(target, body, link)
        links += [link] if is_found else []
    meta = case.meta.to_dict() if case.meta is not None else None
    if meta is not None:
        # The duration differs from run to run, and empty parts need no space.
        meta["generation"]["time"] = 0
        meta = {name: value for name, value in meta.items() if value or name == "components"}
    values = {
        "path_parameters": to_json_safe(case.path_parameters),
        "query": to_json_safe(case.query),
        "headers": to_json_safe({name: value for name, value in dict(case.headers).items() if value != KEY}),
        "cookies": to_json_safe(case.cookies),
        "body": encode_case_body(case.body),
        "media_type": case.media_type,
        "meta": to_json_safe(meta),
    }
    return CorpusEntry(
        operation=case.operation.label,
        origin=origin,
        method=sent.method,
        target=target,
        headers=(*headers, _USER_AGENT),
        body=body,
        expected=_expected(node, interaction),
        links=tuple(links),
        case=values,
    )


def _expected(node: CaseNode, interaction: Interaction) -> Expected:
    meta = node.value.meta
    if meta is None or node.value.method.lower() != node.value.operation.method.lower():
        return Expected.EITHER
    if has_odd_url(interaction.request.body or b""):
        return Expected.EITHER
    # A mutation may be valid all the same; Schemathesis' own check knows these exceptions.
    return Expected.ACCEPTED if meta.generation.mode.is_positive and node.parent_id is None else Expected.EITHER


def _links(node: CaseNode, names: Mapping[str, str]) -> Iterator[Link]:
    parent = names.get(node.parent_id or "")
    if node.transition is None or parent is None:
        return
    for container, parameters in node.transition.parameters.items():
        place_of = _CONTAINERS.get(str(container), str(container))
        for name, extracted in parameters.items():
            found = _EXPRESSION.fullmatch(str(extracted.definition))
            if found is None or not isinstance(extracted.value, Ok):
                continue
            value = extracted.value.ok()
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
                place: Literal["body", "header"] = "body" if found["pointer"] is not None else "header"
                yield Link(
                    parent=parent,
                    place=place,
                    where=found["pointer"] if found["pointer"] is not None else found["header"].lower(),
                    mark=f"~{place_of}.{name}~",
                    recorded=str(value),
                    name=f"{place_of}.{name}",
                )


def _mark(target: str, body: bytes, link: Link) -> tuple[str, bytes, bool]:
    """Put the link's mark in place of its value in the target or body; the flag says if the value was there."""
    container = link.name.partition(".")[0]
    if container == "path":
        path, question, query = target.partition("?")
        segments = path.split("/")
        marked = [link.mark if segment == quote(link.recorded, safe="") else segment for segment in segments]
        return "/".join(marked) + question + query, body, marked != segments
    if container == "query":
        name = link.name.partition(".")[2]
        was = f"{quote(name, safe='')}={quote(link.recorded, safe='')}"
        return target.replace(was, f"{quote(name, safe='')}={link.mark}"), body, was in target
    if container == "body":
        value = json.dumps(link.recorded).encode()
        return target, body.replace(value, json.dumps(link.mark).encode(), 1), value in body
    return target, body, False


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
