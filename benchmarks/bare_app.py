"""The baseline: an ASGI function with a fixed reply, on uvicorn like the mock.

It does the least that a server must do. The difference is the cost of the mock.
Rule 1: loop, parser and settings are those of the mock's server; a test compares them.
Rule 2: the garbage collector is set as in `mockserver serve`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import MutableMapping
from typing import Any

import uvicorn

BODY = b'{"success":true,"data":{"url":"https://checkout.stripe.com/c/pay/cs_test_x"}}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Read the body, and send the fixed reply."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


def config(port: int, served: Any = app) -> uvicorn.Config:
    """The settings of the mock's server, but for the lifespan, which the function does not have."""
    return uvicorn.Config(
        served,
        port=port,
        http="httptools",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    gc.freeze()
    gc.set_threshold(20_000)
    uvicorn.Server(config(int(sys.argv[1]))).run()
