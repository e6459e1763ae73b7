"""The examples of docs/containers.md: commands, Testcontainers, Kubernetes and a service of GitHub Actions."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import httpx
import kubernetes_validate  # type: ignore[import-untyped] # ships no types
import pytest
import yaml

from mockserver import Mock, running
from mockserver.settings import SETTINGS
from tests.docs.docker_engine import NOT_READY, docker_engine
from tests.docs.markdown import ROOT, MarkdownPage
from tests.docs.transcript import steps
from tests.packaging.dockerfile import IMAGE

PAGE: Final = MarkdownPage("docs/containers.md")
FILES: Final = {str(block.file_name): yaml.safe_load(block.text) for block in PAGE.blocks("yaml")}
DEPLOYMENT: Final[dict[str, Any]] = FILES["deployment.yaml"]
POD: Final[dict[str, Any]] = DEPLOYMENT["spec"]["template"]["spec"]
COMPOSE: Final = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
KUBERNETES: Final = "1.37"
PORT: Final = int(IMAGE.one("EXPOSE").rest)
VARIABLES: Final = {setting.variable for setting in SETTINGS}
COMMANDS: Final = [shlex.split(step.command) for step in steps(PAGE)]
RUNS: Final = [words for words in COMMANDS if words[:2] == ["docker", "run"]]


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with running(host="0.0.0.0", store="memory", allow_hosts="mock.default.svc.cluster.local") as started:
        yield started


def values(words: list[str], flag: str) -> list[str]:
    """The values of a flag of a command."""
    return [value for name, value in pairwise(words) if name == flag]


def test_published_port_is_the_port_of_the_image() -> None:
    published = [value for words in RUNS for value in values(words, "--publish")]
    assert len(published) == len(RUNS) == 2
    assert set(published) == {f"127.0.0.1:8765:{PORT}"}


def test_volumes_are_in_the_folder_of_the_image_s_data() -> None:
    [data] = IMAGE.one("VOLUME").arguments
    for words in RUNS:
        for volume in values(words, "--volume"):
            assert volume.split(":")[1].startswith(data)


def test_variables_of_the_commands_are_settings() -> None:
    given = [value for words in RUNS for value in values(words, "--env")]
    assert {value.partition("=")[0] for value in given} <= VARIABLES
    assert len(given) >= 2


def test_compose_commands_name_services_of_the_file() -> None:
    commands = [words for words in COMMANDS if words[:3] == ["docker", "compose", "up"]]
    assert [words[3:5] for words in commands] == [["--detach", "--wait"]] * 2
    assert [words[5:] for words in commands] == [[], ["balancer"]]
    assert "balancer" in COMPOSE["services"]
    named = re.findall(r"http://127\.0\.0\.1:(\d+)`", PAGE.text)
    assert {f"127.0.0.1:{port}:{PORT}" for port in named} == {
        port for service in COMPOSE["services"].values() for port in service.get("ports", [])
    }


def test_table_names_the_user_and_the_port_of_the_image() -> None:
    assert f"| user | {IMAGE.one('USER').rest.split(':')[0]}, " in PAGE.text
    assert f"| port | {PORT}; " in PAGE.text


def test_python_example_waits_for_http_and_removes_its_container(tmp_path: Path) -> None:
    [example] = PAGE.blocks("python")
    (tmp_path / "test_example.py").write_text(example.text, "utf-8")
    with docker_engine() as (engine, address, container):
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
            cwd=tmp_path,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
                "DOCKER_HOST": address,
                "NO_PROXY": "*",
                "TC_POOLING_INTERVAL": "0.05",
                "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
                "TESTCONTAINERS_RYUK_DISABLED": "true",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout
    assert engine.created["Image"] == COMPOSE["services"]["mock"]["image"]
    assert engine.created["Env"] == ["MOCKSERVER_STORE=memory"]
    assert list(engine.created["ExposedPorts"]) == [f"{PORT}/tcp"]
    assert engine.is_removed
    *probes, order = container.seen
    assert [status for _, _, status in probes] == [503] * NOT_READY + [200]
    assert {path for _, path, _ in probes} == {"/_mock/health"}
    assert order == ("POST", "/billing/checkout", 200)


def test_node_example_waits_for_the_health_path(tmp_path: Path, mock: Mock) -> None:
    """The library is a stand-in here, since it would bring a hundred packages; the names of its calls are its own."""
    [example] = PAGE.blocks("javascript")
    (tmp_path / "example.test.mjs").write_text(example.text, "utf-8")
    library = tmp_path / "node_modules" / "testcontainers"
    library.mkdir(parents=True)
    (library / "package.json").write_text('{"name": "testcontainers", "exports": "./index.mjs"}')
    (library / "index.mjs").write_text(STAND_IN)
    host, port = mock.url.removeprefix("http://").split(":")
    run = subprocess.run(
        ["node", "--test", "example.test.mjs"],
        cwd=tmp_path,
        env={**os.environ, "MOCK_HOST": host, "MOCK_PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert (tmp_path / "calls.txt").read_text().splitlines() == [
        COMPOSE["services"]["mock"]["image"],
        f"expose {PORT}",
        'environment {"MOCKSERVER_STORE":"memory"}',
        f"wait for 200 of /_mock/health at {PORT}",
        "start",
        f"port {PORT}",
        "stop",
    ]


STAND_IN: Final = """
import { appendFileSync } from "node:fs";
const note = (text) => appendFileSync("calls.txt", text + "\\n");
export const Wait = {
  forHttp: (path, port) => ({ forStatusCode: (code) => ({ text: `wait for ${code} of ${path} at ${port}` }) }),
};
export class GenericContainer {
  constructor(image) { note(image); }
  withExposedPorts(port) { note(`expose ${port}`); return this; }
  withEnvironment(variables) { note(`environment ${JSON.stringify(variables)}`); return this; }
  withWaitStrategy(strategy) { note(strategy.text); return this; }
  async start() { note("start"); return this; }
  getHost() { return process.env.MOCK_HOST; }
  getMappedPort(port) { note(`port ${port}`); return process.env.MOCK_PORT; }
  async stop() { note("stop"); }
}
"""


@pytest.mark.parametrize("name", ["deployment.yaml", "service.yaml"])
def test_manifest_is_valid_by_the_schema_of_kubernetes(name: str) -> None:
    kubernetes_validate.validate(FILES[name], KUBERNETES, strict=True)


def test_schema_refuses_a_manifest_with_an_unknown_key() -> None:
    wrong = {**DEPLOYMENT, "spec": {**DEPLOYMENT["spec"], "replica": 3}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


def test_probes_ask_paths_of_the_mock_by_the_address_of_the_pod(mock: Mock) -> None:
    [container] = POD["containers"]
    [port] = container["ports"]
    paths = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    assert port == {"name": "http", "containerPort": PORT}
    assert paths == {"startup": "/_mock/live", "readiness": "/_mock/health", "liveness": "/_mock/live"}
    for name, path in paths.items():
        assert container[f"{name}Probe"]["httpGet"]["port"] == "http"
        for host in (f"10.244.1.7:{PORT}", f"[fd00::7]:{PORT}"):
            assert httpx.get(f"{mock.url}{path}", headers={"host": host}, trust_env=False).status_code == 200


def test_service_leads_to_the_pods_and_its_names_are_accepted(mock: Mock) -> None:
    service = FILES["service.yaml"]
    labels = DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == DEPLOYMENT["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["ports"] == [{"name": "http", "port": PORT, "targetPort": "http"}]
    [allowed] = [each["value"] for each in POD["containers"][0]["env"] if each["name"] == "MOCKSERVER_ALLOW_HOSTS"]
    assert allowed == f"{service['metadata']['name']}.default.svc.cluster.local"
    for host in (service["metadata"]["name"], allowed):
        assert httpx.get(f"{mock.url}/_mock/live", headers={"host": host}, trust_env=False).status_code == 200


def test_deployment_reads_the_password_from_the_secret_that_the_command_creates() -> None:
    [create] = [words for words in COMMANDS if words[:3] == ["kubectl", "create", "secret"]]
    variables = {each["name"]: each for each in POD["containers"][0]["env"]}
    reference = variables["PGPASSWORD"]["valueFrom"]["secretKeyRef"]
    assert create[4] == reference["name"]
    assert create[5].startswith(f"--from-literal={reference['key']}=")
    assert variables.keys() - {"PGPASSWORD"} <= VARIABLES
    assert variables["MOCKSERVER_STORE"]["value"] == COMPOSE["services"]["mock-1"]["environment"]["MOCKSERVER_STORE"]


def test_pod_runs_three_times_without_privileges() -> None:
    [container] = POD["containers"]
    assert DEPLOYMENT["spec"]["replicas"] == 3
    assert POD["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_kubectl_applies_the_files_of_the_page() -> None:
    [apply] = [words for words in COMMANDS if words[:2] == ["kubectl", "apply"]]
    assert values(apply, "--filename") == ["deployment.yaml", "service.yaml"]


def test_job_reaches_its_service_at_the_published_port() -> None:
    [job] = FILES["container-tests.yml"]["jobs"].values()
    service = job["services"]["mock"]
    assert service["ports"] == [f"{PORT}:{PORT}"]
    assert service["env"].keys() <= VARIABLES
    assert job["env"]["MY_VIDEODB_URL"] == f"http://127.0.0.1:{PORT}"
    assert service["image"] == POD["containers"][0]["image"]
