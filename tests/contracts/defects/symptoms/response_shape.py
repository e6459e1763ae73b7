"""The symptoms of the defects of response shape."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import (
    SYMPTOMS,
    reply,
)

SYMPTOMS.update(
    {
        "url-not-in-data": lambda mock: "url" not in reply(mock)["data"],
        "no-checkout-url": lambda mock: "checkout_url" not in reply(mock),
        "no-checkouturl": lambda mock: "checkoutUrl" not in reply(mock),
        "no-id": lambda mock: "id" not in reply(mock),
        "id-is-not-the-listed-one": lambda mock: reply(mock)["id"] not in {row["id"] for row in mock.listed()},
        "success-in-quotes": lambda mock: reply(mock)["success"] == "true",
        "created-is-201": lambda mock: mock.checkout({"amount": 5}).status_code == 201,
        "json-called-text": lambda mock: mock.checkout({"amount": 5}).headers["content-type"].startswith("text/plain"),
        "reply-in-a-list": lambda mock: isinstance(reply(mock), list),
        "url-of-another-scheme": lambda mock: reply(mock)["data"]["url"].startswith("https://127.0.0.1"),
        "relative-url": lambda mock: reply(mock)["data"]["url"].startswith("/c/pay/cs_test_"),
        "url-opens-as-json": lambda mock: (
            mock.get(f"/c/pay/{mock.create()}").headers["content-type"] == "application/json"
        ),
        "page-is-empty": lambda mock: mock.get(f"/c/pay/{mock.create()}").content == b"",
        "url-does-not-open": lambda mock: mock.client.get(reply(mock)["data"]["url"]).status_code == 404,
        "balance-in-quotes": lambda mock: mock.usage()["credit_balance"] == "0",
        "no-use-is-null": lambda mock: mock.usage()["credit_used"] is None,
        "html-refusals": lambda mock: "text/html" in mock.checkout({"amount": -1}).headers["content-type"],
        "refusals-without-error-code": lambda mock: "error_code" not in mock.checkout({"amount": -1}).json(),
        "refusals-are-200": lambda mock: mock.checkout({"amount": -1}).status_code == 200,
    }
)
