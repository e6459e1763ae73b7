"""The built wheel: its content, and its use without a checkout."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import httpx
import pytest

from tests.matrix import long_but
from tests.packaging.environment import clean_environment, output, pip_check

ROOT: Final = Path(__file__).parents[2]
HARNESS: Final = ROOT / "contracts"
PACKAGES: Final = (ROOT / "mockserver", HARNESS / "mockserver_contracts")
KEY: Final = "sk-wheel"
PROFILES: Final = ("page", "python-sample", "javascript-sample", "openapi", "observed")
_SECONDS: Final = 60


@pytest.fixture(scope="module")
def carried(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def test_wheel_contains_the_whole_spec(carried: frozenset[str]) -> None:
    files = [path.relative_to(ROOT) for path in (ROOT / "spec").rglob("*") if path.is_file()]

    assert {"mockserver/" + path.as_posix() for path in files} <= carried
    for kind in ("spec/videodb.yaml", "spec/claims.yaml", "spec/overlays/", "spec/profiles/", "spec/effective/"):
        assert any(name.startswith(f"mockserver/{kind}") for name in carried)


def test_wheel_contains_templates_and_py_typed(carried: frozenset[str]) -> None:
    folders = (ROOT / "mockserver/web/templates", HARNESS / "mockserver_contracts/reports/templates")
    templates = [_in_wheel(path) for folder in folders for path in folder.iterdir()]
    assets = [path.relative_to(ROOT).as_posix() for path in (ROOT / "mockserver/web/assets").rglob("*.*")]

    assert {*templates, *assets, "mockserver/py.typed"} <= carried


def test_wheel_contains_every_module_of_both_packages(carried: frozenset[str]) -> None:
    modules = {_in_wheel(path) for package in PACKAGES for path in package.rglob("*.py")}

    assert {name for name in carried if name.endswith(".py")} == modules


def test_wheel_contains_only_the_product(carried: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in carried}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"mockserver", "mockserver_contracts"}
    assert any(re.fullmatch(r"[^/]+\.dist-info/licenses/LICENSE", name) for name in carried)
    assert not [name for name in carried if "__pycache__" in name or name.endswith(".pyc")]


def test_installed_wheel_runs_with_compatible_dependencies(installed: Path, tmp_path: Path) -> None:
    program = "import mockserver, mockserver_contracts; print(mockserver.__file__)"
    where = _run(installed / "python", "-c", program, cwd=tmp_path)
    program = "from importlib.util import find_spec; print(find_spec('playwright'))"
    only_of_tests = _run(installed / "python", "-c", program, cwd=tmp_path)

    assert Path(where.strip()).is_relative_to(installed.parent)
    assert only_of_tests == "None\n"
    pip_check(installed)


def test_installed_wheel_serves_a_session_that_is_paid(installed: Path, tmp_path: Path) -> None:
    with _serving(installed / "mockserver", cwd=tmp_path) as url, httpx.Client(base_url=url, trust_env=False) as client:
        headers = {"x-access-token": KEY}
        session = client.post("/billing/checkout", json={"amount": 50}, headers=headers).json()
        page = client.get(session["checkout_url"])
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        paid = client.post(session["checkout_url"], data={**form, "action": "pay", "card": "4242424242424242"})
        receipt = client.get(session["checkout_url"])
        usage = client.get("/billing/usage", headers=headers).json()

    assert page.status_code == 200
    assert "$50.00" in page.text
    assert paid.status_code == 303
    assert session["id"] in receipt.text
    assert usage["data"]["credit_balance"] == 50


# The content of the wheel is compared above; a server of each takes a second to start.
@pytest.mark.parametrize("profile", long_but(*PROFILES[-2:], of=PROFILES))
def test_installed_wheel_has_contract_of_each_profile(installed: Path, tmp_path: Path, profile: str) -> None:
    with _serving(installed / "mockserver", "--profile", profile, cwd=tmp_path) as url:
        contract = httpx.get(f"{url}/_mock/contract.json", trust_env=False).json()

    assert "/billing/checkout" in contract["paths"]


def test_installed_wheel_tests_and_checks_beside_packages_of_the_same_names(
    installed_with_check: Path, tmp_path: Path
) -> None:
    """A user's project may have `contracts/`, `spec/` and `tests/` of its own."""
    for package in ("contracts", "spec", "tests"):
        folder = tmp_path / package
        folder.mkdir()
        (folder / "__init__.py").write_text(f"OWNER = 'the project, in {package}'\n")
    (tmp_path / "tests" / "test_shop.py").write_text(
        "import contracts, spec\n"
        "def test_project_keeps_its_own_packages(videodb_mock):\n"
        "    videodb_mock.pay(videodb_mock.create(amount=50))\n"
        "    assert videodb_mock.balance == 50\n"
        "    assert (contracts.OWNER, spec.OWNER) == ('the project, in contracts', 'the project, in spec')\n"
    )
    pytest_run = _run(installed_with_check / "python", "-m", "pytest", "-q", "tests", cwd=tmp_path)
    report = tmp_path / "report.json"
    _run(
        installed_with_check / "python",
        "-m",
        "mockserver",
        "check",
        "--claims-only",
        "--report",
        f"json={report}",
        cwd=tmp_path,
    )

    assert "1 passed" in pytest_run
    assert json.loads(report.read_text())["exit_code"] == 0


@contextmanager
def _serving(command: Path, *flags: str, cwd: Path) -> Iterator[str]:
    """Serve a mock with the command of another environment, outside the checkout, and return its address."""
    arguments = [str(command), "serve", "--port", "0", "--store", "memory", "--json", *flags]
    process = subprocess.Popen(arguments, cwd=cwd, env=clean_environment(cwd), stdout=subprocess.PIPE, text=True)
    patience = threading.Timer(_SECONDS, process.kill)
    patience.start()
    try:
        assert process.stdout is not None
        yield _started(process.stdout)["url"]
    finally:
        patience.cancel()
        process.terminate()
        process.communicate()
    assert process.returncode == 0


def _started(output: IO[str]) -> dict[str, Any]:
    line = output.readline()
    if not line:
        pytest.fail("the installed mockserver ended before it could answer; its error is above", pytrace=False)
    fact: dict[str, Any] = json.loads(line)
    assert fact["event"] == "started"
    return fact


def _in_wheel(path: Path) -> str:
    """The name of a file of the checkout inside the wheel."""
    return path.relative_to(HARNESS if path.is_relative_to(HARNESS) else ROOT).as_posix()


def _run(command: Path, *arguments: str, cwd: Path) -> str:
    return output([str(command), *arguments], cwd=cwd, env=clean_environment(cwd))
