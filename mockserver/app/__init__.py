"""The application: the one place where the parts are put together."""

from mockserver.app.mock_app import SHUTDOWN_KEY, create_app

__all__ = ["SHUTDOWN_KEY", "create_app"]
