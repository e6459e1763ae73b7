"""Price maps: an object with the price of a unit of each resource, and the units beside it under the same names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from mockserver.contract.pointer import pointer_of
from mockserver_contracts.drift.normalize import type_of

PRICE_NAMES: Final = ("costmetric", "unitprices", "unitcosts", "prices", "pricing")
"""The names of a price map, in lower case and without underscores."""


def bare_name(name: str) -> str:
    """The name in lower case and without underscores."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def prices_in(members: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """The name and the value of the price map among the members of an object; None without one."""
    for name, value in members.items():
        if (
            bare_name(name) in PRICE_NAMES
            and isinstance(value, dict)
            and {type_of(p) for p in value.values()} == {"number"}
        ):
            return name, value
    return None


def units_in(members: Mapping[str, Any]) -> frozenset[str]:
    """The members that are units of a resource of the price map beside them."""
    found = prices_in(members)
    priced: Collection[str] = found[1] if found is not None else ()
    return frozenset(name for name, value in members.items() if name in priced and type_of(value) == "number")


def price_gaps(mock: Any, target: Any) -> list[str]:
    """A sentence with the prices in the target's usage statistics, which settings give; none if the mock has them."""
    prices = _unit_prices(target)
    if not prices or prices == _unit_prices(mock):
        return []
    flags = " ".join(f"--price {name}={price}" for name, price in prices.items())
    return [f"usage: the prices of units are settings of the mock: {flags}"]


def _unit_prices(body: Any) -> Mapping[str, Any]:
    """The prices in the first price map of a body; empty without one."""
    found = (prices_in(members) for _, members in _objects(body, ""))
    return next((each[1] for each in found if each is not None), {})


def maps_of_units(bodies: Sequence[Any]) -> dict[str, frozenset[str]]:
    """The declared names of the objects with units and of their price maps, by pointer."""
    maps: dict[str, frozenset[str]] = {}
    for body in bodies:
        for pointer, members in _objects(body, ""):
            found = prices_in(members)
            if found is not None:
                declared = frozenset(members) - units_in(members)
                maps[pointer] = maps.get(pointer, frozenset()) | declared
                maps[pointer + pointer_of([found[0]])] = frozenset()
    return maps


def _objects(value: Any, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield pointer, value
        for name, member in value.items():
            yield from _objects(member, pointer + pointer_of([name]))
