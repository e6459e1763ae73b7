from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from mockserver.domain.money import MICRO
from mockserver.domain.order import Plan
from mockserver.domain.usage.price_card import OBSERVED
from mockserver.settings import SETTINGS, SettingError, Settings, read_settings
from mockserver.settings.table import FIELDS

RIGHT: dict[str, tuple[str, object]] = {
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("0", 0),
    "seed": ("7", 7),
    "state": ("start.json", Path("start.json")),
    "state_on_exit": ("true", True),
    "workers": ("3", 3),
    "store": ("memory", "memory"),
    "profile": ("openapi", "openapi"),
    "spec": ("x.yaml", Path("x.yaml")),
    "overlays": ("a.yaml,b.yaml", (Path("a.yaml"), Path("b.yaml"))),
    "billing": ("on", "on"),
    "http": ("uvicorn", "uvicorn"),
    "session_ttl": ("30m", timedelta(minutes=30)),
    "merchant_name": (" Acme & Co ", "Acme & Co"),
    "checkout_base": ("https://checkout.stripe.com/", "https://checkout.stripe.com"),
    "allow_hosts": ("Mock.Internal.Example,b.example", frozenset({"mock.internal.example", "b.example"})),
    "api_keys": ("sk-a,sk-b", frozenset({"sk-a", "sk-b"})),
    "credits_per_dollar": ("2.5", 2_500_000),
    "plans": ("gold=99.99:150", {"plan-basic": Plan(2_000, 20 * MICRO), "gold": Plan(9_999, 150 * MICRO)}),
    "prices": ("scene=0.25,llm=0", {**OBSERVED, "scene": 250_000, "llm": 0}),
    "body_limit": ("2048", 2048),
    "journal_bytes": ("1000000", 1_000_000),
    "strict_null": ("true", True),
    "coverage": ("true", True),
    "control_token": ("secret", "secret"),
    "watch": ("true", True),
    "open": ("true", True),
    "quiet": ("1", True),
    "json": ("on", True),
}
WRONG: dict[str, list[object]] = {
    "host": ["", 5],
    "port": ["abc", "-1", "65536", "1.5", True],
    "state": ["", 5],
    "state_on_exit": ["maybe", 5],
    "seed": ["-1", "x", True, "1.5"],
    "workers": ["0", "-1", "65", "two", True],
    "store": ["", 5],
    "profile": ["", 5],
    "spec": ["", 5],
    "overlays": [5, [5]],
    "billing": ["yes", "", 5, []],
    "http": ["h11", "", 5, True],
    "session_ttl": ["soon", "0s", "-1h", "400d", []],
    "checkout_base": [
        "",
        "checkout.stripe.com",
        "javascript:x",
        "http://",
        "http://[",
        "https://a/?q",
        "https://a b/",
        5,
    ],
    "merchant_name": ["", " ", "a\nb", "x" * 61, 5],
    "allow_hosts": [5, [5]],
    "api_keys": ["key", "sk-a,x", 5],
    "credits_per_dollar": ["0", "-1", "x", "1.00001", "NaN", "1e9", True],
    "plans": ["gold", "gold=1", "gold=x:y", "gold=0:5", "gold=5:0", "=5:5", {"gold": {"price": 5}}, {"gold": 5}, 5],
    "prices": [
        "scene",
        "=1",
        "scene=x",
        "scene=-1",
        "scene=1e-7",
        "scene=NaN",
        "a=1e7",
        "a=1e999999",
        {"a": True},
        {"": 1},
        {5: 1},
        5,
    ],
    "body_limit": ["0", "x", "9" * 20],
    "control_token": ["", 5],
    "journal_bytes": ["0", "many", -1],
    "strict_null": ["perhaps", 5, []],
    "coverage": ["maybe", 5, []],
    "watch": ["maybe"],
    "open": ["maybe"],
    "quiet": ["maybe"],
    "json": ["maybe"],
}


def read(folder: Path, *, flags: dict[str, object] | None = None, environ: dict[str, str] | None = None) -> Settings:
    return read_settings(flags=flags or {}, environ=environ or {}, folder=folder)


def value_of(settings: Settings, name: str) -> object:
    value: object = getattr(settings, FIELDS.get(name, name))
    return value


def test_settings_table_and_fields_are_one_to_one() -> None:
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert {FIELDS.get(setting.name, setting.name) for setting in SETTINGS} == fields


def test_every_setting_has_right_and_wrong_examples() -> None:
    assert set(RIGHT) == set(WRONG) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("name", RIGHT)
def test_setting_is_read_from_flag_variable_and_file(name: str, tmp_path: Path) -> None:
    text, value = RIGHT[name]
    setting = next(setting for setting in SETTINGS if setting.name == name)
    assert value_of(read(tmp_path, flags={name: text}), name) == value
    assert value_of(read(tmp_path, environ={setting.variable: text}), name) == value
    (tmp_path / "mockserver.toml").write_text(f'{name} = "{text}"\n')
    assert value_of(read(tmp_path), name) == value


@pytest.mark.parametrize(("name", "given"), [(name, given) for name, values in WRONG.items() for given in values])
def test_wrong_value_is_refused_with_key_value_and_need(name: str, given: object, tmp_path: Path) -> None:
    setting = next(setting for setting in SETTINGS if setting.name == name)
    with pytest.raises(SettingError, match="needed") as refusal:
        read(tmp_path, flags={name: given})
    assert (setting.option or name) in str(refusal.value)
    assert name == "control_token" or repr(given)[:40] in str(refusal.value)


def test_wrong_variable_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="MOCKSERVER_PORT is 'abc'; a number from 0 to 65535 is needed"):
        read(tmp_path, environ={"MOCKSERVER_PORT": "abc"})


def test_flag_overrides_variable_and_variable_overrides_file(tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text("port = 1\n")
    environ = {"MOCKSERVER_PORT": "2"}
    assert read(tmp_path).port == 1
    assert read(tmp_path, environ=environ).port == 2
    assert read(tmp_path, environ=environ, flags={"port": "3"}).port == 3
    assert read(tmp_path, environ=environ, flags={"port": None}).port == 2


def test_pyproject_is_read_without_mockserver_toml(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mockserver]\nport = 5\nplans = {gold = {price = 5, credits = 6}}\n")
    assert read(tmp_path).port == 5
    assert read(tmp_path).plans["gold"] == Plan(500, 6 * MICRO)
    (tmp_path / "mockserver.toml").write_text("quiet = true\n")
    assert read(tmp_path).port == 8765


def test_unknown_key_in_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text("prot = 1\n")
    with pytest.raises(SettingError, match="'prot', which is not a setting"):
        read(tmp_path)


def test_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text("port = \n")
    with pytest.raises(SettingError, match=r"mockserver\.toml cannot be read"):
        read(tmp_path)


def test_default_store_is_in_the_users_data_folder(tmp_path: Path) -> None:
    assert read(tmp_path).store.startswith("sqlite:////")
    assert read(tmp_path).store.endswith("/videodb-mockserver/mock.db")


def test_overrides_are_parsed_as_flags_are() -> None:
    settings = Settings().having(session_ttl="2h", profile="openapi", port=0)
    assert (settings.session_ttl, settings.profile, settings.port) == (timedelta(hours=2), "openapi", 0)
    with pytest.raises(SettingError, match="there is no setting 'prot'"):
        Settings().having(prot=1)


def test_control_token_appears_in_no_repr_and_no_error() -> None:
    assert "hush" not in repr(Settings(control_token="hush"))
    with pytest.raises(SettingError) as refusal:
        Settings().having(control_token=["hush"])
    assert "hush" not in str(refusal.value)
