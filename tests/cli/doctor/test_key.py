"""The doctor's check of an app's key, which it never shows."""

from __future__ import annotations

import pytest

from mockserver.cli.doctor.key import check_key

REAL = "sk-Xk29fLpQ8vRt3ZbN6yHs1WcD4mJg7TaE"
LOCAL = "http://127.0.0.1:8765"


@pytest.mark.parametrize(
    ("environ", "known", "level", "words"),
    [
        ({}, (), "note", "VIDEO_DB_API_KEY is not set"),
        ({"VIDEO_DB_API_KEY": ""}, (), "note", "VIDEO_DB_API_KEY is not set"),
        ({"VIDEO_DB_API_KEY": "sk-demo"}, (), "ok", "the mock accepts"),
        ({"VIDEO_DB_API_KEY": "sk-a-long-name-without-any-digits"}, (), "ok", "the mock accepts"),
        ({"VIDEO_DB_API_KEY": "secret"}, (), "wrong", "not of the form"),
        ({"VIDEO_DB_API_KEY": "sk-demo"}, ("sk-other",), "wrong", "none of --api-key"),
        ({"VIDEO_DB_API_KEY": "sk-demo"}, ("sk-demo",), "ok", "the mock accepts"),
        ({"VIDEO_DB_API_KEY": REAL}, (), "note", "a client without base_url talks to production"),
        ({"VIDEO_DB_API_KEY": REAL, "MY_VIDEODB_URL": LOCAL}, (), "note", "beside the address of a mock in MY_VIDEO"),
        ({"VIDEO_DB_API_KEY": REAL, "MOCKSERVER_URL": "http://mock:8765"}, (), "note", "a mock in MOCKSERVER_URL"),
        ({"VIDEO_DB_API_KEY": REAL, "VIDEODB_URL": "https://api.videodb.io"}, (), "note", "talks to production"),
        ({"VIDEO_DB_API_KEY": REAL, "VIDEODB_URL": "http://["}, (), "note", "talks to production"),
    ],
)
def test_key_is_judged_and_not_shown(environ: dict[str, str], known: tuple[str, ...], level: str, words: str) -> None:
    [found] = check_key(environ, known)
    assert found.level == level
    assert words in found.fact
    assert not environ.get("VIDEO_DB_API_KEY") or environ["VIDEO_DB_API_KEY"] not in found.sentence.replace(
        "VIDEO_DB_API_KEY=sk-demo", ""
    )


def test_variable_that_no_sdk_reads_is_a_note() -> None:
    _, found = check_key({"VIDEO_DB_API_KEY": "sk-demo", "VIDEO_DB_BASE_URL": LOCAL}, ())
    assert found.level == "note"
    assert "no SDK reads VIDEO_DB_BASE_URL" in found.fact
