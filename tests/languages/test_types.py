"""TypeScript types are generated from the control API's document, and the compiler finds what it does not declare."""

from __future__ import annotations

import re

import pytest

from mockserver import running
from tests.docs.transcript import ADDRESS
from tests.languages.project import Project, command_with

COMPILE = command_with("npx tsc").command
FILE_OF_ERROR = re.compile(r"^([\w./-]+\.ts)\(", re.MULTILINE)
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
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], str]:
    """The files in which the compiler finds errors, of the examples and the calls, and its output.

    The compiler takes seconds to read the types of the libraries.
    """
    project = Project(tmp_path_factory.mktemp("typed"))
    project.use_tools()
    with running(store="memory") as mock:
        project.passes(command_with("npx openapi-typescript").command.replace(ADDRESS, mock.url))
    (project.folder / "calls").mkdir()
    (project.folder / "calls" / "right.ts").write_text(CALLS)
    for number, pair in enumerate(MISTAKES):
        (project.folder / "calls" / f"wrong_{number}.ts").write_text(CALLS.replace(*pair))
    done = project.run(COMPILE.replace("*.ts", "*.ts calls/*.ts"))
    return set(FILE_OF_ERROR.findall(done.stdout)), done.stdout + done.stderr


@pytest.mark.long
def test_examples_of_the_page_compile(compiled: tuple[set[str], str]) -> None:
    found, printed = compiled
    assert {name for name in found if not name.startswith("calls/")} == set(), printed


@pytest.mark.long
def test_compiler_finds_what_the_document_does_not_declare(compiled: tuple[set[str], str]) -> None:
    found, printed = compiled
    assert {name for name in found if name.startswith("calls/")} == {
        f"calls/wrong_{number}.ts" for number in range(len(MISTAKES))
    }, printed
