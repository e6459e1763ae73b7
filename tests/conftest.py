"""For every test: no folder or setting of the user's is read or written; hypothesis goes by HYPOTHESIS_PROFILE."""

from __future__ import annotations

import gc
import os
import ssl
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from tests.matrix import IS_LONG

FOLDER: Final = Path(__file__).parent
# `make quick` leaves these out: they start programs, run whole checks, or generate requests and files.
SLOW: Final = (
    "auditor/test_histories.py",
    "benchmarks/test_coverage_cost.py",
    "benchmarks/test_load.py",
    "billing/test_invariants.py",
    "browser",
    "cli/harness",
    "cli/serve",
    "clients",
    "contract/loading/billing/test_choice.py",
    "contract/mocking/sample/test_any_schema.py",
    "contract/mocking/sample/test_different_items.py",
    "contract/mocking/sample/test_sample.py",
    "contract/request/test_differential_parameters.py",
    "contract/schema/test_differential.py",
    "contract/test_broken_documents.py",
    "contracts/baseline/test_merge.py",
    "contracts/baseline/test_search.py",
    "contracts/calibration",
    "contracts/checks/test_claims.py",
    "contracts/checks/test_hidden_faults.py",
    "contracts/checks/test_kills.py",
    "contracts/checks/test_right_servers.py",
    "contracts/corpus",
    "contracts/defects/test_registry.py",
    "contracts/defects/test_symptoms.py",
    "contracts/document/test_lenient.py",
    "contracts/drift",
    "contracts/fuzz",
    "contracts/mutation",
    "contracts/replay/test_missing_operations.py",
    "contracts/reports/test_html_browser.py",
    "contracts/run",
    "contracts/target/test_leftovers.py",
    "contracts/target/test_outages.py",
    "contracts/target/test_spending.py",
    "coverage/rendering/test_html_browser.py",
    "coverage/test_pending.py",
    "docs/test_containers.py",
    "docs/test_examples.py",
    "docs/test_workflows.py",
    "languages",
    "packaging",
    "plugin",
    "replicas/test_replicas.py",
    "scenarios",
    "server/test_own_process.py",
    "server/test_requests.py",
    "store/memory/test_session_table.py",
    "store/sqlite/test_bounded_work.py",
    "store/sqlite/test_sharing.py",
    "web/control/test_events.py",
    "web/control/test_replicas.py",
    "web/http/test_bad_input.py",
    "web/pages/test_typed_fields.py",
)
_SLOW_PREFIXES: Final = tuple(f"{slow}/" for slow in SLOW)

# For each event, httpx tries anew to import this library of Trio's; a refused import takes longer than the event.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # None is how Python marks what must not be imported

# One commit passes or fails, whoever runs it and however often; `make test-long` generates others each time.
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # What is not run is not imported either: that takes as long as many of the other tests.
    return True if config.option.markexpr == "not slow" and _is_slow(collection_path) else None


# The collector would look through eleven thousand collected tests again and again, and rarely finds a thing.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)
    if not IS_LONG and "long" not in config.option.markexpr:
        left_out = {item for item in items if item.get_closest_marker("long") is not None}
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


@cache  # asked for each of ten thousand tests
def _is_slow(path: Path) -> bool:
    return f"{path.relative_to(FOLDER).as_posix()}/".startswith(_SLOW_PREFIXES)


@pytest.fixture(scope="session", autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("home")
    # The workers of a run share what is generated once: corpora and compiled contracts.
    base = tmp_path_factory.getbasetemp()
    cache = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    with pytest.MonkeyPatch.context() as environment:
        # Every client of httpx loads the trusted certificates anew, for longer than most tests take.
        environment.setattr(ssl, "create_default_context", lru_cache(ssl.create_default_context))
        for name in [name for name in os.environ if name.startswith("MOCKSERVER_") and "_TEST_" not in name]:
            environment.delenv(name)
        # In a workflow the harness prints annotations too.
        for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
            environment.delenv(name, raising=False)
        environment.setenv("XDG_CACHE_HOME", str(cache))
        environment.setenv("XDG_DATA_HOME", str(folder / "data"))
        yield
