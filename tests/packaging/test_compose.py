"""compose.yaml by its schema, and by what it promises: profiles, names, the database's password, health checks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from check_jsonschema import main as check_jsonschema  # type: ignore[import-untyped] # ships no types
from click.testing import CliRunner

from mockserver import running
from mockserver.settings import SETTINGS
from tests.packaging.dockerfile import IMAGE, ROOT

FILE: Final = ROOT / "compose.yaml"
DOCUMENT: Final[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = DOCUMENT["services"]
REPLICAS: Final = {"mock-1", "mock-2", "mock-3"}
MOCKS: Final = {"mock", *REPLICAS}
PORT: Final = IMAGE.one("EXPOSE").rest


def validate(file: Path) -> int:
    return CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.compose-spec", str(file)]).exit_code


def test_file_is_valid_by_the_schema_of_compose() -> None:
    assert validate(FILE) == 0


def test_schema_refuses_an_unknown_key(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(FILE.read_text("utf-8").replace("read_only:", "readonly:"))
    assert validate(wrong) == 1


def test_one_mock_is_in_no_profile_and_all_else_is_in_replicas() -> None:
    alone = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert alone == {"mock"}
    assert {name for name in SERVICES if SERVICES[name].get("profiles") == ["replicas"]} == {
        *REPLICAS,
        "balancer",
        "postgres",
    }


def test_dependencies_wait_for_health_and_are_in_the_same_profile() -> None:
    for name, service in SERVICES.items():
        for other, needed in service.get("depends_on", {}).items():
            assert needed == {"condition": "service_healthy"}, name
            assert SERVICES[other].get("profiles") == service.get("profiles"), name
            assert other in MOCKS or "healthcheck" in SERVICES[other]  # the mocks' own is in the Dockerfile


def test_ports_are_different_and_open_to_this_machine_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(re.fullmatch(rf"127\.0\.0\.1:\d+:{PORT}", port) for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports) == 2


@pytest.mark.parametrize("name", sorted({*MOCKS, "balancer"}))
def test_service_has_a_read_only_root_and_no_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service.get("init", name == "balancer") is True  # HAProxy has handlers from its start
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_one_mock_stores_its_data_in_a_volume_and_the_replicas_in_the_database() -> None:
    assert SERVICES["mock"]["volumes"] == [f"mock-data:{IMAGE.one('VOLUME').arguments[0]}"]
    for name in REPLICAS:
        assert "volumes" not in SERVICES[name]
        assert SERVICES[name]["environment"]["MOCKSERVER_STORE"] == ("postgresql://mockserver@postgres:5432/mockserver")


def test_password_of_the_database_is_one_and_in_no_address() -> None:
    given = {SERVICES[name]["environment"]["PGPASSWORD"] for name in REPLICAS}
    assert given == {SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]}
    assert "ports" not in SERVICES["postgres"]


def test_variables_of_the_mocks_are_settings() -> None:
    known = {setting.variable for setting in SETTINGS} | {"PGPASSWORD"}
    for name in MOCKS:
        assert SERVICES[name].get("environment", {}).keys() <= known


def test_volumes_are_declared_and_mounted_files_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in DOCUMENT["volumes"] or (ROOT / source).is_file(), source


def test_images_are_pinned_by_tag_and_the_mock_is_built_here() -> None:
    for name, service in SERVICES.items():
        if name in MOCKS:
            assert (service["image"], service["build"]) == ("videodb-mockserver", ".")
        else:
            assert re.fullmatch(r"[a-z]+:\d+(\.\d+)?-alpine", service["image"])


def test_mock_answers_to_the_names_of_its_services_and_of_its_container() -> None:
    containers = [f"{DOCUMENT['name']}-{name}-1" for name in MOCKS]
    with running(host="0.0.0.0", store="memory") as mock:
        for host in [*SERVICES, *containers, "3f2a9c0d1e4b", "host.docker.internal"]:
            headers = {"x-access-token": "sk-compose", "host": f"{host}:{PORT}"}
            answer = httpx.post(f"{mock.url}/billing/checkout", json={"amount": 5}, headers=headers, trust_env=False)
            assert answer.status_code == 200, host
            assert answer.json()["checkout_url"].startswith(f"http://{host}:{PORT}/c/pay/")
