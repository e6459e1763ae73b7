"""The pytest plugin: one mock for the test run, and one account for each test.

The fixture `videodb_mock` starts one mock, in memory, for the whole run. Each test gets an AccountMock with a fresh API
key. pytest imports this package in every run, so it imports the mock and its client where they are used.
"""

from mockserver.pytest_plugin.accounts import (
    pytest_collection_finish,
    pytest_runtest_makereport,
    videodb_mock,
    videodb_mock_async,
)
from mockserver.pytest_plugin.configuration import pytest_configure
from mockserver.pytest_plugin.environment import VideodbEnv, videodb_env
from mockserver.pytest_plugin.mocks import (
    _videodb_mock_pool,
    videodb_mock_server,
)
from mockserver.pytest_plugin.options import pytest_addoption
from mockserver.pytest_plugin.strictness import pytest_runtest_call

__all__ = [
    "VideodbEnv",
    "_videodb_mock_pool",
    "pytest_addoption",
    "pytest_collection_finish",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_runtest_makereport",
    "videodb_env",
    "videodb_mock",
    "videodb_mock_async",
    "videodb_mock_server",
]
