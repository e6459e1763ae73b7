"""After calibration the mock answers as the server does, and what cannot be said of it is listed."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from mockserver_contracts.calibration.profile_file import calibrate
from mockserver_contracts.calibration.reply_template import constant, list_in, with_items
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.run.observations import Observations
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import mock_in_process

from mockserver import create_app, running
from mockserver.cli import main
from mockserver.contract import load, spec_folder
from tests.contracts.runs import CLAIMS, PART, Run, target_of
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import serving
from tests.contracts.servers.staging import Picky, Staging
from tests.matrix import IS_LONG, long_but

# What is no matter of a profile: the mock's parser, and one refusal which both are free to word.
LEFT = {
    "The target takes what the mock refuses: a number too large",
    "The target takes what the mock refuses: duplicate keys",
    "The target takes what the mock refuses: a lone surrogate",
    "The target takes what the mock refuses: a lone surrogate in plan_id",
    "The target takes what the mock refuses: query limit: twice",
    # NaN for a text is no JSON to one parser, and a wrong type to the other.
    "Another word at /error/type of 4xx: validation_failed for malformed",
    "The target takes what the mock refuses: deep nesting",
    "The target takes what the mock refuses: a large body",
    "Page of an expired session: status 200 for 410",
    "A path with a slash more: outcome refused for accepted",
    "A path with repeated slashes: outcome refused for accepted",
    "Other words for people at /detail of 2xx",
}
# Of a body that is missing, that it is no JSON and that it is announced as none is both true.
OF_NO_BODY = {
    "Another status: 415 for 422",
    "Another word at /error/type of 4xx: media_type for malformed",
    "Other words for people at /error/detail of 4xx",
}

# A profile file makes another contract, for which requests are generated anew: few of them show the same.
FEW: Final = DEFAULT_EXAMPLES if IS_LONG else 1
# Another calibration shows by the corpus that the profile file is right, as do claims, rules and steps.
CHECKS: Final[dict[str, Any]] = {} if IS_LONG else {"fuzz": False}
# Limits of an order are seen and held by the corpus alone.
WITHOUT_CHECKS: Final[dict[str, Any]] = {} if IS_LONG else {"claims": None, "rules": False}


def drift(server: Any, profile: str, *, max_examples: int = DEFAULT_EXAMPLES, **changes: Any) -> Run:
    target = target_of(server, is_mock=False)
    contract, loaded = load(profile)
    promises = frozenset(loaded.promises)
    subject = Subject(loaded.name, contract.document, promises, lambda: target, lambda: mock_in_process(profile))
    parts = {"claims": CLAIMS, **changes}
    order = RunPlan("tests", (subject,), seed=DEFAULT_SEED, max_examples=max_examples, **parts)
    return Run(tuple(run_plan(order)))


@dataclass(frozen=True)
class Calibrated:
    """A profile written from a run against the page's mock, what it leaves out, and the drifts of that run."""

    file: Path
    profile: dict[str, Any]
    left: list[str]
    drifts: frozenset[str]


def calibrated(server: Any, file: Path, **parts: Any) -> Calibrated:
    observations = Observations()
    run = drift(server, "page", **parts)
    for event in run.events:
        observations.handle(event)
    left = calibrate(observations, file, profile="page", spec=None, redaction=Redaction([]))
    profile = yaml.safe_load(file.read_text("utf-8"))
    return Calibrated(file, profile, left, frozenset(finding.title for finding in run.findings))


@dataclass(frozen=True)
class Written:
    """A profile that the command wrote, and what it printed."""

    file: Path
    printed: str

    @cached_property
    def profile(self) -> dict[str, Any]:
        profile: dict[str, Any] = yaml.safe_load(self.file.read_text("utf-8"))
        return profile


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Written:
    file = tmp_path_factory.mktemp("calibration") / "staging.yaml"
    with serving(Staging()) as url, pytest.MonkeyPatch.context() as environment, redirect_stdout(StringIO()) as printed:
        environment.setenv("VIDEO_DB_API_KEY", "sk-of-somebody")
        assert main(["calibrate", url, "--output", str(file)]) == 0
    return Written(file, printed.getvalue())


def test_calibrated_mock_does_not_drift_from_its_server(staging: Written) -> None:
    profile = staging.profile
    assert profile["reply"] == {
        "checkout": {"sessionId": "{id}", "checkoutUrl": "{url}", "expiresAt": "{expires_at}"},
        "checkouts": {"checkouts": "{items}"},
        "checkouts_item": {
            "sessionId": "{id}",
            "amountCents": "{amount_cents}",
            "currency": "{currency}",
            "state": "{status}",
            "createdAt": "{created_at}",
        },
        "usage": {"creditBalance": "{credit_balance}", "creditUsed": "{credit_used}"},
        "topup": {"topupUrl": "{url}"},
        "invoices": {"invoices": "{items}"},
        "invoices_item": {
            "invoiceId": "{id}",
            "amountCents": "{amount_cents}",
            "currency": "{currency}",
            "state": "settled",
            "pdfUrl": "{pdf_url}",
            "createdAt": "{created_at}",
        },
        "auto_recharge": {
            "autoRecharge": {"enabled": "{enabled}", "threshold": "{threshold}", "amount": "{amount}"},
        },
        "auto_recharge_set": {"ok": True, "detail": "{message}"},
    }
    assert profile["error"]["body"] == {"error": {"status": "{status}", "type": "{error_code}", "detail": "{message}"}}
    assert profile["error"]["status"] == {"invalid_json": 422, "invalid_request": 422}
    assert profile["error"]["codes"]["invalid_request"] == "validation_failed"
    assert profile["status_words"] == {"pending": "open", "completed": "paid", "expired": "lapsed"}
    assert {
        finding.title for finding in drift(Staging(), str(staging.file), max_examples=FEW, origins=PART).findings
    } <= LEFT | OF_NO_BODY
    left = staging.printed.splitlines()
    assert "not calibrated: the server takes duplicate keys; the mock's parser refuses it with every profile" in left
    assert "not calibrated: invalid_json is answered with 415 or 422" in left


def test_profile_entries_name_their_evidence(staging: Written) -> None:
    profile = staging.profile
    entries = {entry["entry"] for entry in profile["evidence"]}
    assert entries >= {"reply.checkout", "reply.checkouts", "reply.usage", "error", "session_ttl"}
    assert entries >= {f"status_words.{word}" for word in ("pending", "completed", "expired")}
    assert all(entry["seen"] for entry in profile["evidence"])


def test_limits_of_an_order_are_calibrated(tmp_path: Path) -> None:
    file = tmp_path / "picky.yaml"
    profile = calibrated(Picky(), file, **WITHOUT_CHECKS).profile
    document = load(str(file))[0].document
    schema = document["paths"]["/billing/checkout"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["mode"]
    assert schema["properties"]["amount"]["maximum"] == 10_000
    assert "multipleOf" not in schema["properties"]["amount"]
    evidence = {entry["seen"] for entry in profile["evidence"] if entry["entry"] == "overlays"}
    assert "the maximum of amount is 10000" in evidence
    findings = drift(Picky(), str(file), max_examples=FEW, **WITHOUT_CHECKS).findings
    assert {finding.title for finding in findings if finding.check == "drift-verdict"} <= LEFT


@pytest.mark.parametrize("defect", long_but("lives_25_hours", of=["lives_25_hours", "lives_23_hours"]))
def test_session_lifetime_is_calibrated(defect: str, tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    profile = calibrated(Other(defect, control=True), file, fuzz=IS_LONG).profile
    assert profile["session_ttl"] == {"lives_25_hours": "90000s", "lives_23_hours": "82800s"}[defect]
    findings = drift(Other(defect, control=True), str(file), rules=IS_LONG, fuzz=False).findings
    assert [finding for finding in findings if "life" in finding.cause] == []


def test_calibration_against_the_mock_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "same.yaml"
    assert calibrated(create_app(), file, origins=PART, **CHECKS).left == []
    assert drift(create_app(), str(file), max_examples=FEW, **CHECKS).findings == ()


def test_command_writes_a_profile_that_serves(staging: Written) -> None:
    assert f"mockserver serve --profile {staging.file}" in staging.printed
    with running(profile=str(staging.file)) as mock:
        answer = httpx.get(f"{mock.url}/billing/checkouts", headers={"x-access-token": "sk-mine"})
        refused = httpx.get(f"{mock.url}/billing/checkouts")
        exchanges = httpx.get(f"{mock.url}/_mock/requests").json()["requests"]
    assert answer.json() == {"checkouts": []}
    assert set(refused.json()["error"]) == {"status", "type", "detail"}
    assert [exchange["contract"]["response"] for exchange in exchanges] == [[], []]
    assert "sk-of-somebody" not in staging.file.read_text("utf-8") + staging.printed


@pytest.mark.parametrize("output", ["no/such/folder/a.yaml", "."])
def test_unwritable_output_sends_nothing(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    server = Staging()
    with serving(server) as url:
        assert main(["calibrate", url, "--output", output]) == 2
    assert server.asked == 0
    assert "a file in an existing folder is needed" in capsys.readouterr().err


def test_untestable_server_gets_no_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-of-somebody")
    with serving(Other("503_to_everything")) as url:
        assert main(["calibrate", url, "--output", str(tmp_path / "a.yaml")]) == 3
    assert list(tmp_path.iterdir()) == []


class Careless:
    """A server that accepts every order, with half of a character in each answer, and nests its usage deeply."""

    def __init__(self) -> None:
        self._other = Other()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        deep = b'{"success": true, "data": ' + b'{"a": ' * 900 + b"1" + b"}" * 901
        replies = {"/billing/checkout": None, "/billing/usage": deep}
        if scope["path"] not in replies or scope["method"] not in ("GET", "POST"):
            await self._other(scope, receive, send)
            return
        await receive()
        order = b'{"success": true, "half": "\\ud83d", "data": {"url": "http://127.0.0.1/c/pay/x"}, "id": "x"}'
        body = replies[scope["path"]] or order
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})


def test_server_that_validates_nothing_gets_a_profile_that_loads(tmp_path: Path) -> None:
    observations = Observations()
    target = target_of(Careless(), is_mock=False)
    contract, loaded = load("page")
    subject = Subject(
        "page", contract.document, frozenset(loaded.promises), lambda: target, lambda: mock_in_process("page")
    )
    plan = RunPlan(
        "tests", (subject,), seed=DEFAULT_SEED, max_examples=DEFAULT_EXAMPLES, claims=None, rules=False, origins=PART
    )
    for event in run_plan(plan):
        observations.handle(event)
    file = tmp_path / "careless.yaml"
    calibrate(observations, file, profile="page", spec=None, redaction=Redaction([]))
    targets = [
        action["target"]
        for overlay in yaml.safe_load(file.read_text("utf-8"))["overlays"]
        if isinstance(overlay, dict)
        for action in overlay["actions"]
        if action.get("remove")
    ]
    assert any("cancelUrl" in target for target in targets)
    assert len(targets) == len(set(targets))
    assert load(str(file))[1].name == "careless"


def test_action_that_cannot_be_applied_is_left_out_and_named(tmp_path: Path) -> None:
    from mockserver_contracts.calibration import profile_file

    profile = yaml.safe_load((spec_folder() / "profiles" / "page.yaml").read_text("utf-8"))
    profile["overlays"] = [f"bundled:{Path(str(each)).stem}" for each in profile["overlays"]]
    place = "$.paths['/billing/checkout'].post.requestBody"
    actions = [{"target": f"{place}.nowhere", "remove": True}, {"target": place, "update": {"description": "Seen."}}]
    overlay = {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions}
    profile["overlays"].append(overlay)
    file = tmp_path / "p.yaml"
    assert profile_file._write_loadable(file, profile, None) == [
        f"the change at {place}.nowhere cannot be applied to the contract"
    ]
    assert load(str(file))[0].document["paths"]["/billing/checkout"]["post"]["requestBody"]["description"] == "Seen."


def test_text_that_reads_as_a_placeholder_is_a_constant_without_braces() -> None:
    body = {"a": "{id}", "b": ["{oops?}", "{ id }", "x{id}"], "...": 1, "data": [{"id": 1}]}
    expected = {"a": "id", "b": ["oops?", "{ id }", "x{id}"]}
    assert constant({name: value for name, value in body.items() if name != "data"}) == expected
    assert with_items(body, "/data") == {"a": "id", "data": "{items}"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"data": [{"id": 1}]}, ("/data", [{"id": 1}])),
        ({"warnings": ["old"], "data": [{"id": 1}]}, ("/data", [{"id": 1}])),
        ({"data": {"items": []}}, ("/data/items", [])),
        ({"data": ["a", {"id": 1}]}, None),
        ({"data": [[1]]}, None),
        (7, None),
    ],
)
def test_list_of_a_body_is_one_of_objects(body: object, found: object) -> None:
    assert list_in(body) == found
