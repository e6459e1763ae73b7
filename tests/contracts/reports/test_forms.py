"""The forms of report files."""

from __future__ import annotations

import subprocess
import sys

import pytest
from mockserver_contracts.reports.forms import FORMS, load_form

from tests.contracts.reports.runs import a_record


@pytest.mark.parametrize("name", FORMS)
def test_form_renders_a_record_as_text(name: str) -> None:
    assert load_form(name)(a_record(())).strip()


def test_help_names_the_forms_and_loads_no_report() -> None:
    script = (
        "import sys; from mockserver.cli import main; main(['check', '--help']); "
        "print([name for name in ('jinja2', 'rich', 'xml.etree', 'httpx', 'schemathesis') if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    values = [f"{name}=FILE" for name in FORMS]
    assert f"{', '.join(values)} or scripts=FOLDER" in " ".join(output.split())
    assert output.splitlines()[-1] == "[]"
