"""The curl line of a finding sends the same request again."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from mockserver_contracts.exchange import Request
from mockserver_contracts.results.curl import ApiKey, curl_line

from tests.contracts.reports.runs import a_finding
from tests.contracts.runs import KEY
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import serving

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

BODIES = [
    b"",
    b'{"amount": 50}',
    b'it\'s "quoted" $HOME `ls` \\ %s %% !',
    "größer €".encode(),
    b"\x00\xff\n'\\%",
    b"@file",
]


@needs_curl
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_curl_line_sends_the_same_request(method: str, body: bytes) -> None:
    other = Other()
    key = ApiKey("sk-secret", "THE_KEY")
    with serving(other) as url:
        headers = {
            "x-access-token": "sk-secret",
            "Content-Type": "application/json",
            "x-odd": "it's $HOME",
            "x-none": "",
        }
        line = curl_line(Request(method, f"{url}/a/../b?q={{1}}&r=%00", headers, body), key)
        subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, env={"THE_KEY": "sk-real"}, timeout=10)
    [(sent, path, received, seen)] = other.seen
    assert (sent, path, received) == (method, "/a/../b", body)
    assert seen["x-access-token"] == "sk-real"
    assert seen["content-type"] == "application/json"
    assert seen["x-odd"] == "it's $HOME"
    assert seen["x-none"] == ""


@needs_curl
def test_unset_variable_sends_the_stand_in() -> None:
    other = Other()
    with serving(other) as url:
        request = Request("GET", f"{url}/billing/usage", {"x-access-token": "sk-fresh"})
        line = curl_line(request, ApiKey("sk-fresh", "THE_KEY", stand_in="sk-check"))
        subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, env={}, timeout=10)
    assert other.seen[0][3]["x-access-token"] == "sk-check"


@needs_curl
def test_body_without_content_type_is_sent_without() -> None:
    other = Other()
    with serving(other) as url:
        line = curl_line(Request("POST", f"{url}/", {}, b"{}"), None)
        subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, timeout=10)
    assert "content-type" not in other.seen[0][3]


def test_curl_line_takes_the_key_from_the_environment() -> None:
    line = curl_line(a_finding().request, ApiKey(KEY, "A_KEY"))
    assert KEY not in line
    assert '"${A_KEY}"' in line
