"""Faults that show late, or at some accounts only, are found by a whole run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from mockserver_contracts.defects import DEFECTS, with_defects
from mockserver_contracts.defects.defect import Behaviour
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream

from mockserver import create_app
from tests.contracts.runs import checked_on, target_of

Shows = Callable[[int, InterceptedRequest], bool]
LATE = 900
"""The rules take some more requests than this."""


class Hidden:
    """The behaviour of a defect, for some requests; the others go to the correct server."""

    def __init__(self, behaviour: Behaviour, shows: Shows) -> None:
        self._behaviour = behaviour
        self._shows = shows
        self._count = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        self._count += 1
        return await (self._behaviour if self._shows(self._count, request) else _correct)(request, upstream)


async def _correct(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(request)


def found(name: str, shows: Shows) -> set[str]:
    """The checks that find the defect where it shows."""
    defect = DEFECTS[name]
    make = defect.behaviour
    assert make is not None
    hidden = replace(defect, behaviour=lambda: Hidden(make(), shows))
    return {each.check for each in checked_on(target_of(with_defects(create_app(), [hidden]), is_mock=False)).findings}


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("payment-leads-to-the-cancel-url", "rule-whole-lives"),
        ("payments-without-an-invoice", "rule-invoice-for-each-payment"),
        ("declined-form-leads-on", "rule-paid-at-its-page"),
    ],
)
def test_fault_of_a_payment_that_begins_late_is_found(name: str, check: str) -> None:
    assert check in found(name, lambda count, _: count > LATE)


def test_fault_of_every_account_but_the_first_is_found() -> None:
    first: list[str | None] = []

    def is_later(_: int, request: InterceptedRequest) -> bool:
        if request.key is not None and not first:
            first.append(request.key)
        return request.key not in first

    assert "rule-whole-lives" in found("list-in-cents", is_later)
