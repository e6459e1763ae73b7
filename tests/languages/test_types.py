"""TypeScript types are generated from the control API's document, and the compiler finds what it does not declare."""

from __future__ import annotations

import re

import pytest

from mockserver import running
from tests.docs.transcript import ADDRESS
from tests.languages.project import Project, command_with

COMPILE = command_with("npx tsc").command
CALLS = """
import createClient from "openapi-fetch";
import type { components, paths } from "../mock-api.js";

const mock = createClient<paths>({ baseUrl: "http://127.0.0.1" });
const { data, error } = await mock.GET("/_mock/sessions", { params: { query: { status: "pending", limit: 10 } } });
const expiry: string | undefined = data?.sessions[0]?.expires_at;
const code: components["schemas"]["ErrorCode"] | undefined = error?.error_code;
await mock.POST("/_mock/clock", { body: { frozen: true } });
await mock.POST("/_mock/usage", { body: { key: "sk-a", resource: "llm", units: 2 } });
await mock.POST("/_mock/faults", { body: { then: "reset", times: null } });
const exchange: components["schemas"]["Events"]["exchange"] = (await mock.GET("/_mock/requests")).data?.requests[0];
console.log(expiry, code, exchange?.contract.request[0]?.pointer);
"""


MISTAKES = (
    ("/_mock/clock", "/_mock/clocks"),
    ("{ frozen: true }", '{ frozen: "yes" }'),
    ('status: "pending"', 'status: "open"'),
    ("units: 2", "unit: 2"),
    ('then: "reset"', 'then: "rest"'),
    ("?.expires_at", "?.expires"),
)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the types of a running mock."""
    project = Project(tmp_path_factory.mktemp("typed"))
    project.use_tools()
    with running(store="memory") as mock:
        project.passes(command_with("npx openapi-typescript").command.replace(ADDRESS, mock.url))
    return project


def test_examples_of_the_page_compile(typed: Project) -> None:
    typed.passes(COMPILE)


def test_compiler_finds_what_the_document_does_not_declare(typed: Project) -> None:
    (typed.folder / "calls").mkdir()
    files = {"calls/right.ts": CALLS}
    files |= {f"calls/wrong_{number}.ts": CALLS.replace(*pair) for number, pair in enumerate(MISTAKES)}
    for name, text in files.items():
        (typed.folder / name).write_text(text)
    done = typed.run(COMPILE.replace("*.ts", "calls/*.ts"))
    found = set(re.findall(r"^(calls/\w+\.ts)\(", done.stdout, re.MULTILINE))
    assert found == files.keys() - {"calls/right.ts"}, done.stdout
