"""The types of the package, as a user's checker sees them."""

from __future__ import annotations

from pathlib import Path

from mypy import api

SUITE = """
import mockserver
from mockserver.pytest_plugin import VideodbEnv


def test_payment(videodb_mock: mockserver.AccountMock, videodb_env: VideodbEnv) -> None:
    videodb_env.set(SHOP="{url}")
    videodb_mock.clock.advance(1.5)
    try:
        videodb_mock.pay(videodb_mock.create())
    except mockserver.CardDecline:
        pass
"""


def test_misspelt_name_is_the_only_error_of_a_suite(tmp_path: Path) -> None:
    suite = tmp_path / "test_shop.py"
    suite.write_text(SUITE)
    out, _, _ = api.run(["--strict", "--no-error-summary", f"--cache-dir={tmp_path / 'cache'}", str(suite)])
    [line] = [line for line in out.splitlines() if "note:" not in line]
    assert 'Module has no attribute "CardDecline"' in line
