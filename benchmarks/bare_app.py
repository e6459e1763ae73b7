"""The baseline: an ASGI function with a fixed reply, on uvicorn like the mock.

It does the least that a server must do. The difference is the cost of the mock.
"""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

BODY = b'{"success":true,"data":{"url":"https://checkout.stripe.com/c/pay/cs_test_x"}}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the body, and send the fixed reply."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False, lifespan="off")
