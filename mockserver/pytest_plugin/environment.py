"""The variables that an application reads, and the address of VideoDB's SDK, for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.pytest_plugin.options import environment_of

if TYPE_CHECKING:
    from mockserver.client.account_mock import AccountMock

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these


class VideodbEnv:
    """The environment of a test; it is as before when the test ends."""

    def __init__(self, account: AccountMock, patch: pytest.MonkeyPatch) -> None:
        self._account = account
        self._patch = patch

    def set(self, **variables: str) -> None:
        """Set variables; `{url}` and `{api_key}` in a value stand for those of the account.

        Raises TypeError for a value that is no text.
        """
        for name, template in variables.items():
            if not isinstance(template, str):
                raise TypeError(f"{name} is {template!r}; a text is needed")
            value = template.replace("{url}", self._account.url).replace("{api_key}", self._account.api_key)
            self._patch.setenv(name, value)

    def redirect_sdk(self) -> None:
        """Let `videodb.connect()` without `base_url` lead to the mock. Raises ImportError without the SDK."""
        import videodb

        names = videodb.connect.__code__.co_varnames[: videodb.connect.__code__.co_argcount]
        defaults = list(videodb.connect.__defaults__ or ())
        # the function itself is changed: the application may have imported it by its name
        defaults[names.index("base_url") - len(names)] = self._account.url
        self._patch.setattr(videodb.connect, "__defaults__", tuple(defaults))


@pytest.fixture
def videodb_env(videodb_mock: AccountMock, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> VideodbEnv:
    """The variables of the ini option `videodb_env`, by default VIDEO_DB_API_KEY with the account's key."""
    environment = VideodbEnv(videodb_mock, monkeypatch)
    environment.set(**environment_of(pytestconfig))
    return environment
