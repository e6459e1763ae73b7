"""A shop that sells credits: the server to which the checkout page sends its buyers back.

It is found under two names, its address and OTHER_NAME. It redirects `/moved` from the one to the other, and answers
`/slow` when `is_ready` is set.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

OTHER_NAME: Final = "my_shop"
"""As containers are often named: the underscore is in no host name of the standards, but browsers open it."""

PAGE: Final = b"""<!DOCTYPE html>
<html lang="en"><head><title>The shop</title><link rel="icon" href="data:,"></head><body><h1>The shop</h1></body></html>
"""


class Merchant:
    """A shop on a port of its own; `visits` are the paths, with their queries, at which buyers arrived."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.is_ready = threading.Event()
        visits, is_ready = self.visits, self.is_ready

        class Handler(BaseHTTPRequestHandler):
            server: ThreadingHTTPServer

            def do_GET(self) -> None:
                visits.append(self.path)
                if self.path.startswith("/moved"):
                    self.send_response(302)
                    self.send_header("Location", f"http://{OTHER_NAME}:{self.server.server_port}/thanks")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if self.path == "/slow":
                    is_ready.wait(30)
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(PAGE)))
                self.end_headers()
                self.wfile.write(PAGE)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.other_url = f"http://{OTHER_NAME}:{self.server.server_port}"

    @property
    def origins(self) -> set[str]:
        """The address of the shop."""
        return {self.url, self.other_url}

    @property
    def redirects(self) -> dict[str, Any]:
        """The redirects to the shop, as fields of a checkout."""
        return {
            "success_url": f"{self.url}/thanks?session={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{self.url}/basket?items=1",
        }


@contextmanager
def open_shop() -> Iterator[Merchant]:
    """A merchant that serves until the block ends."""
    merchant = Merchant()
    thread = threading.Thread(target=merchant.server.serve_forever, name="merchant", daemon=True)
    thread.start()
    try:
        yield merchant
    finally:
        merchant.server.shutdown()
        merchant.server.server_close()
        thread.join()
