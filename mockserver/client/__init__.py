"""A client of a running mock: an account in the hand of a test, and the calls under it."""

from mockserver.client.account_clock import AccountClock
from mockserver.client.account_mock import AccountMock
from mockserver.client.async_account_mock import AsyncAccountClock, AsyncAccountMock
from mockserver.client.control_api import ControlApi
from mockserver.client.http_client import HttpAnswer, HttpClient, NoAnswer

__all__ = [
    "AccountClock",
    "AccountMock",
    "AsyncAccountClock",
    "AsyncAccountMock",
    "ControlApi",
    "HttpAnswer",
    "HttpClient",
    "NoAnswer",
]
