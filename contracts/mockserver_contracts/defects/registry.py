"""Every defect, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mockserver_contracts.defects.acceptance import ACCEPTANCE
from mockserver_contracts.defects.authentication import AUTHENTICATION
from mockserver_contracts.defects.billing_family import SIBLINGS
from mockserver_contracts.defects.crediting import CREDITING
from mockserver_contracts.defects.defect import Defect
from mockserver_contracts.defects.response_shape import SHAPE
from mockserver_contracts.defects.sessions import SESSIONS
from mockserver_contracts.defects.timing import TIME
from mockserver_contracts.defects.transport import TRANSPORT

FAMILIES: Final = (SHAPE, ACCEPTANCE, AUTHENTICATION, SESSIONS, CREDITING, SIBLINGS, TIME, TRANSPORT)
DEFECTS: Final[dict[str, Defect]] = {defect.name: defect for family in FAMILIES for defect in family.defects}


class UnknownDefect(Exception):
    """There is no defect of that name; the message is one sentence."""


def defects_named(names: Iterable[str]) -> tuple[Defect, ...]:
    """The defects of these names, each once, in their order. Raises UnknownDefect."""
    found: dict[str, Defect] = {}
    for name in names:
        if name not in DEFECTS:
            raise UnknownDefect(f"{name!r} is no defect; mockserver defects lists them")
        found[name] = DEFECTS[name]
    return tuple(found.values())


def settings_of(defects: Iterable[Defect]) -> dict[str, str]:
    """The settings with which the defects want the server to start; the last one counts."""
    wanted: dict[str, str] = {}
    for defect in defects:
        wanted.update(defect.settings)
    return wanted
