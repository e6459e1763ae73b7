"""The paths that the mock serves beside those of the contract."""

from __future__ import annotations

from typing import Final

CHECKOUT: Final = "/billing/checkout"
CHECKOUT_PAGES: Final = ("/c/pay/{id}", "/pay/{id}")
PAGE_STATE: Final = "/c/pay/{id}/state"
PAGE_ASSETS: Final = "/c/assets/"
INVOICE: Final = "/c/invoice/{id}.pdf"
PAGE_PREFIXES: Final = ("/c/pay/", "/c/invoice/", PAGE_ASSETS, "/pay/")

ROOT: Final = "/"
FAVICON: Final = "/favicon.ico"
BROWSER_PATHS: Final = (ROOT, FAVICON)
"""The paths that a browser asks for by itself; the mock answers them where the contract does not declare them."""

CONTROL: Final = "/_mock"
HEALTH: Final = "/_mock/health"
LIVE: Final = "/_mock/live"
DASHBOARD: Final = "/_mock/"
DASHBOARD_PAGES: Final = (CONTROL, DASHBOARD)
"""The dashboard's address, and the same without its slash."""
DASHBOARD_ASSETS: Final = "/_mock/dashboard/"
