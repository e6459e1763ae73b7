"""The types of the package, as a user's checker sees them."""

from __future__ import annotations

import pytest

import mockserver


def test_misspelt_name_of_the_package_is_an_error_of_types_too() -> None:
    # If the checker took any name, it would report an unused "type: ignore".
    with pytest.raises(AttributeError, match="CardDecline"):
        mockserver.CardDecline  # type: ignore[attr-defined] # noqa: B018
