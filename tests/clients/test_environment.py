"""The SDKs in a process whose environment holds a key: only an explicit address leads to the mock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from .programs import FOLDER

PYTHON = """
import json, os, videodb
given = os.environ.get("MY_VIDEODB_URL", "https://api.videodb.io")
plain, pointed = videodb.connect(), videodb.connect(base_url=given)
print(json.dumps([plain.base_url, pointed.base_url, pointed.check_usage()["credit_balance"]]))
"""
NODE = """
const axios = require("axios").default ?? require("axios");
const { connect } = require("videodb");
const addresses = [];
const create = axios.create.bind(axios);
axios.create = (settings) => { addresses.push(settings.baseURL); return create(settings); };
connect(process.env.VIDEO_DB_API_KEY);
const usage = connect(process.env.VIDEO_DB_API_KEY, process.env.MY_VIDEODB_URL).checkUsage();
usage.then(({ creditBalance }) => console.log(JSON.stringify([...addresses, creditBalance])));
"""


def printed(command: list[str], url: str, key: str) -> Any:
    environment = {
        **os.environ,
        "VIDEO_DB_API_KEY": key,
        "MY_VIDEODB_URL": url,
        "VIDEO_DB_BASE_URL": url,
        "VIDEODB_API_URL": url,
    }
    done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_python_sdk_reads_no_address_from_the_environment(url: str, key: str) -> None:
    plain, pointed, balance = printed([sys.executable, "-c", PYTHON], url, key)
    assert plain == "https://api.videodb.io"
    assert (pointed, balance) == (url, 0)


def test_node_sdk_reads_no_address_from_the_environment(url: str, key: str) -> None:
    plain, pointed, balance = printed(["node", "-e", NODE], url, key)
    assert plain == "https://api.videodb.io"
    assert (pointed, balance) == (url, 0)
