from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.contract import ContractError, bundled_profiles, load, spec_folder
from tests.contract.builders import a_file

RETITLED = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - {target: $.info, update: {title: TITLE}}\n"
OTHER = """openapi: 3.1.0
info: {title: other, version: '1'}
paths:
  /a:
    get: {responses: {200: {description: ok}}}
"""
HEAVY = ("yaml", "jsonpath", "openapi_core", "openapi_spec_validator", "jsonschema", "referencing")


def test_bundled_profiles_are_listed_by_name() -> None:
    assert bundled_profiles() == ("javascript-sample", "observed", "openapi", "page", "python-sample")


@pytest.mark.parametrize("name", bundled_profiles())
def test_bundled_profile_loads_without_heavy_libraries(name: str) -> None:
    code = f"""
import sys
from mockserver.contract import load, parse_json
contract, profile = load({name!r})
operation = contract.path("/billing/checkout").operation("POST")
assert operation.accepts_body(parse_json(b'{{"amount": 50}}'))
names = ("url", "expires_at", "created_at", "amount", "currency", "status", "mode", "plan_id", "id")
assert profile.checkout_body(dict.fromkeys(names, "x"))
refusal = profile.error_body({{"message": "no", "error_code": "invalid_request"}})
assert operation.response_violations(400, "application/json", refusal) == ()
contract.path("/billing/checkouts").operation("GET").parameters("limit=5")
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_user_overlay_applies_after_the_profiles_overlays(tmp_path: Path) -> None:
    overlay = a_file(tmp_path, RETITLED.replace("TITLE", "mine"))
    contract, profile = load("openapi", overlays=[overlay])
    assert (contract.document["info"]["title"], profile.name) == ("mine", "openapi")
    assert contract.path("/billing/usage") is not None


def test_overlays_apply_in_their_order(tmp_path: Path) -> None:
    first = a_file(tmp_path, RETITLED.replace("TITLE", "first"), "1.yaml")
    second = a_file(tmp_path, RETITLED.replace("TITLE", "second"), "2.yaml")
    assert load(overlays=[first, second])[0].document["info"]["title"] == "second"
    assert load(overlays=[second, first])[0].document["info"]["title"] == "first"


def test_document_without_checkout_gets_no_profile_overlays(tmp_path: Path) -> None:
    contract, profile = load(spec=a_file(tmp_path, OTHER))
    assert list(contract.document["paths"]) == ["/a"]
    assert profile.name == "page"


def test_document_with_checkout_gets_the_profile_overlays(tmp_path: Path) -> None:
    published = (spec_folder() / "videodb.yaml").read_text(encoding="utf-8")
    own = a_file(tmp_path, published.replace("title: VideoDB Server API", "title: ours"))
    contract, _ = load(spec=own)
    assert contract.document["info"]["title"] == "ours"
    assert contract.path("/billing/checkouts") is not None


def a_profile_file(folder: Path, overlay: str) -> Path:
    text = (spec_folder() / "profiles" / "openapi.yaml").read_text(encoding="utf-8")
    text = text.replace("../overlays/", f"{spec_folder()}/overlays/").replace("name: openapi", "name: mine")
    return a_file(folder, text.replace("overlays:\n", f"overlays:\n{overlay}", 1), "profile.yaml")


def test_profile_file_names_overlays_relative_to_itself_or_inline(tmp_path: Path) -> None:
    a_file(tmp_path, RETITLED.replace("TITLE", "beside"), "mine.yaml")
    contract, profile = load(str(a_profile_file(tmp_path, "  - mine.yaml\n")))
    assert (contract.document["info"]["title"], profile.name) == ("beside", "mine")
    held = "  - overlay: 1.0.0\n    actions: [{target: $.info, update: {title: held}}]\n"
    assert load(str(a_profile_file(tmp_path, held)))[0].document["info"]["title"] == "held"


def test_bundle_of_user_files_is_cached_until_a_file_changes(
    tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.contract.loading.load.MAX_CACHED", 0)  # as in another process
    monkeypatch.setattr("mockserver.contract.loading.load._loaded", {})
    overlay = a_file(tmp_path, RETITLED.replace("TITLE", "before"))
    load(overlays=[overlay])
    (cached,) = cache_folder.rglob("*.json")
    doctored = json.loads(cached.read_text(encoding="utf-8"))
    doctored["document"]["info"]["title"] = "from the cache"
    cached.write_text(json.dumps(doctored), encoding="utf-8")
    assert load(overlays=[overlay])[0].document["info"]["title"] == "from the cache"
    a_file(tmp_path, RETITLED.replace("TITLE", "after"))
    assert load(overlays=[overlay])[0].document["info"]["title"] == "after"


def test_contract_is_cached_until_a_file_changes(tmp_path: Path, cache_folder: Path) -> None:
    overlay = a_file(tmp_path, RETITLED.replace("TITLE", "before"))
    first = load(overlays=[overlay])[0]
    assert load(overlays=[overlay])[0] is first
    a_file(tmp_path, RETITLED.replace("TITLE", "after"))
    assert load(overlays=[overlay])[0].document["info"]["title"] == "after"


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"format": 0}', '{"format": 2, "inputs": [["x"]]}'])
def test_damaged_bundle_is_built_anew(damage: str, tmp_path: Path, cache_folder: Path) -> None:
    overlay = a_file(tmp_path, RETITLED.replace("TITLE", "mine"))
    load(overlays=[overlay])
    (cached,) = cache_folder.rglob("*.json")
    cached.write_text(damage, encoding="utf-8")
    assert load(overlays=[overlay])[0].document["info"]["title"] == "mine"
    assert cached.read_text(encoding="utf-8") != damage


def test_unwritable_cache_folder_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(a_file(tmp_path, "", "no-folder") / "cache"))
    overlay = a_file(tmp_path, RETITLED.replace("TITLE", "mine"))
    assert load(overlays=[overlay])[0].document["info"]["title"] == "mine"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_names_the_encoding(encoding: str, tmp_path: Path) -> None:
    text = "openapi: 3.0.3\ninfo: {title: Größe, version: '1'}\n"
    text += "paths: {/a: {get: {responses: {'200': {description: a}}}}}\n"
    file = tmp_path / "openapi.yaml"
    file.write_bytes(text.encode(encoding))
    assert load(spec=file)[0].document["info"]["title"] == "Größe"
    file.write_bytes(text.encode(encoding) + b"\xff")
    with pytest.raises(ContractError, match=f"is not {encoding.removesuffix('-sig').upper()}"):
        load(spec=file)
