"""The four readers of `POST /billing/checkout`: the page's two samples and the two SDKs.

Each buys credits from the mock at `url` with `key` and gives what its user gets to see, as texts.
The programs are ours; what they send and which fields they read is as the page and the SDKs have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

import requests
import videodb

from .programs import fetch_sample, node_sdk

Reader = Callable[[str, str], tuple[str, ...]]


def python_sample(url: str, key: str) -> tuple[str, ...]:
    """The two texts that the page's Python sample prints."""
    order = {
        "amount": 75,
        "success_url": "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/basket",
    }
    reply = requests.post(f"{url}/billing/checkout", json=order, headers={"x-access-token": key}, timeout=30)
    session = reply.json()
    return f"{session.get('checkout_url')}", f"{session.get('id')}"


def javascript_sample(url: str, key: str) -> tuple[str, ...]:
    """The two texts that the page's JavaScript sample prints."""
    return tuple(fetch_sample(url, key))


def python_sdk(url: str, key: str) -> tuple[str, ...]:
    """The URL in the `data` that the Python SDK returns, or its error."""
    with connected(url, key) as connection:
        try:
            data = connection.post("billing/checkout", data={"amount": 75})
        except videodb.exceptions.VideodbError as error:
            return (f"raises {type(error).__name__}",)
    return (data["url"],)


def javascript_sdk(url: str, key: str) -> tuple[str, ...]:
    """The URL in the `data` that the npm package returns, or a note that there is none."""
    outcome = node_sdk("checkout", url, key, {"amount": 75})
    if "raised" in outcome:
        return (f"raises {outcome['raised']['name']}",)
    return (outcome["returned"]["url"],) if "returned" in outcome else ("data undefined",)


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "python sample": python_sample,
        "javascript sample": javascript_sample,
        "python sdk": python_sdk,
        "node sdk": javascript_sdk,
    }
)


@contextmanager
def connected(url: str, key: str) -> Iterator[Any]:
    """A connection of the Python SDK; its sockets are closed at the end."""
    connection = videodb.connect(api_key=key, base_url=url)
    with connection.session:
        yield connection
