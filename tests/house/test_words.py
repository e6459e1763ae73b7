"""Rules of style that a program can check: names that exist once, docstrings, and the names of tests."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.house.source import ROOT, modules, parse

# The mock's server and the harness' client each have a request: two sides of HTTP, in two distributions' worth of code.
TWO_SIDES: Final = frozenset({"Request"})
QUESTIONS: Final = ("What", "Who", "Whom", "Whose", "Whether", "Whoever", "Whatever", "Where", "Wherever")
# The start of a string that may be such a docstring: to parse every file takes seconds.
QUESTION: Final = re.compile(rf"""["'](\\\n)?\s*({"|".join(QUESTIONS)})\b""")
PUBLIC_TYPE: Final = re.compile(r"^class ([^\W_]\w*)", re.MULTILINE)
TEST: Final = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
MOST_CHARACTERS: Final = 80
MOST_TEST_FILES: Final = 18


def python_files() -> list[Path]:
    tests = (path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts)
    return [path for _, path in modules()] + list(tests) + list((ROOT / "benchmarks").glob("*.py"))


def questions(path: Path) -> Iterator[str]:
    if QUESTION.search(path.read_text("utf-8")) is None:
        return
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text and text.split(maxsplit=1)[0] in QUESTIONS:
                yield text


def test_public_type_name_exists_once() -> None:
    names = Counter(name for _, path in modules() for name in PUBLIC_TYPE.findall(path.read_text("utf-8")))
    assert {name for name, times in names.items() if times > 1} == TWO_SIDES


def test_docstring_states_a_fact_and_asks_no_question() -> None:
    asking = [
        f"{path.relative_to(ROOT)}: {text.splitlines()[0]}" for path in python_files() for text in questions(path)
    ]
    assert asking == []


def test_name_of_a_test_is_short_and_states_a_fact() -> None:
    names = [name for path in python_files() for name in TEST.findall(path.read_text("utf-8"))]
    long = [name for name in names if len(name) > MOST_CHARACTERS]
    asking = [name for name in names if name.split("_")[1] in ("what", "who", "whom", "whose", "whether", "whoever")]
    assert (long, asking) == ([], [])


def test_folder_of_tests_has_a_limited_number_of_files() -> None:
    folders = Counter(path.parent.relative_to(ROOT) for path in python_files() if path.is_relative_to(ROOT / "tests"))
    assert {str(folder): files for folder, files in folders.items() if files > MOST_TEST_FILES} == {}
