"""One of the processes of `mockserver serve --workers`."""

from __future__ import annotations

import gc

from mockserver.cli.serve.process import collect_rarely, log_escaped, request_line_of
from mockserver.server.child_process import read_settings, serve_settings


def serve_worker(answers: int, listening: int) -> None:
    """Serve for the process that started this one. See `serve_settings`."""
    gc.disable()
    log_escaped()
    settings = read_settings()
    serve_settings(settings, answers, listening, request_line=request_line_of(settings), on_ready=collect_rarely)
