from __future__ import annotations

import json

import pytest
import yaml

from mockserver import __version__
from mockserver.domain.errors import StoreUnavailable
from mockserver.store.memory.transaction import MemoryTransaction
from tests.web.conftest import Start
from tests.web.mock_client import Mock, refused


def test_health_shows_version_profile_and_store(mock: Mock) -> None:
    assert mock.get("/_mock/health").json() == {
        "status": "ok",
        "version": __version__,
        "profile": "page",
        "store": "memory",
    }


@pytest.mark.parametrize("profile", ["page", "openapi", "python-sample", "javascript-sample", "observed"])
def test_health_names_the_profile(start: Start, profile: str) -> None:
    assert start(profile=profile).get("/_mock/health").json()["profile"] == profile


def test_live_shows_no_detail(mock: Mock) -> None:
    assert mock.get("/_mock/live").json() == {"status": "ok"}


def test_health_reads_the_store_and_live_does_not(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lose(*_: object) -> bool:
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(MemoryTransaction, "has_account", lose)
    answer = mock.get("/_mock/health")
    assert refused(answer, 503, "store_unavailable")["message"] == "the database is away"
    assert answer.headers["retry-after"] == "5"
    assert mock.get("/_mock/live").status_code == 200


def test_contract_is_the_same_as_yaml_and_json(mock: Mock) -> None:
    as_yaml, as_json = mock.get("/_mock/contract.yaml"), mock.get("/_mock/contract.json")
    assert as_yaml.headers["content-type"] == "application/yaml"
    assert as_json.headers["content-type"] == "application/json"
    assert yaml.safe_load(as_yaml.text) == json.loads(as_json.text)


def test_contract_has_the_served_paths(mock: Mock) -> None:
    document = mock.get("/_mock/contract.json").json()
    assert document["openapi"] == "3.0.3"
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/billing/checkout": ["post"],
        "/billing/checkouts": ["get"],
        "/billing/usage": ["get"],
        "/billing/invoices": ["get"],
        "/billing/topup": ["post"],
        "/billing/auto_recharge": ["get", "post"],
    }


def test_contract_s_server_is_the_request_address(mock: Mock) -> None:
    document = mock.get("/_mock/contract.json", headers={"host": "mock.localhost:9000"}).json()
    assert [server["url"] for server in document["servers"]] == ["http://mock.localhost:9000"]


def test_contract_is_the_profile_s(start: Start) -> None:
    def amount(profile: str) -> object:
        document = start(profile=profile).get("/_mock/contract.json").json()
        operation = document["paths"]["/billing/checkout"]["post"]
        return operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["amount"]

    assert amount("openapi") == {"type": "number", "example": 100}
    assert amount("page") == {"type": "number", "example": 100, "multipleOf": 1, "minimum": 1, "maximum": 999_999}


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/contract.yaml", "/_mock/clock", "/_mock/sessions"])
def test_control_api_is_never_cached(mock: Mock, path: str) -> None:
    assert mock.get(path).headers["cache-control"] == "no-store"
