"""The real Python SDK on a document in VideoDB's style: its calls work although they differ from the letter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import videodb

from mockserver import running

SERVER = "https://api.videodb.io"
SUCCESS = {"success": {"type": "boolean", "example": True}}
VIDEO = {
    "id": {"type": "string", "example": "m-1"},
    "collection_id": {"type": "string", "example": "c-1"},
    "name": {"type": "string", "example": "first"},
    "stream_url": {"type": "string", "example": "https://stream.example/1"},
    "player_url": {"type": "string", "example": "https://player.example/1"},
    "length": {"type": "number", "example": 12.5},
}


def replying(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"200": {"description": "ok", "content": content}}


def data(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {**SUCCESS, "data": schema}}


def document() -> dict[str, Any]:
    video = {"type": "object", "properties": VIDEO}
    processing = {
        "type": "object",
        "properties": {
            **SUCCESS,
            "status": {"type": "string", "example": "processing"},
            "data": {
                "type": "object",
                "properties": {"output_url": {"type": "string", "example": f"{SERVER}/async-response/job-1"}},
            },
        },
    }
    done = {
        "type": "object",
        "properties": {"response": {"type": "object", "properties": {**SUCCESS, "data": video}}},
    }
    order = {
        "type": "object",
        "required": ["url"],
        "properties": {
            name: {"type": "string"} for name in ("url", "name", "description", "callback_url", "media_type")
        },
    }
    body = {"required": True, "content": {"application/json": {"schema": order}}}
    listed = data({"type": "object", "properties": {"videos": {"type": "array", "items": video}}})
    return {
        "openapi": "3.0.3",
        "info": {"title": "videos", "version": "1"},
        "servers": [{"url": SERVER}],
        "paths": {
            "/video/": {"get": {"responses": replying(listed)}},
            "/video/{video_id}/": {"get": {"responses": replying(data(video))}},
            "/collection/{collection_id}/upload/": {"post": {"requestBody": body, "responses": replying(processing)}},
            "/async-response/{job_id}": {"get": {"responses": replying(done)}},
        },
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = tmp_path_factory.mktemp("videos") / "openapi.json"
    file.write_text(json.dumps(document()), "utf-8")
    with running(spec=Path(file)) as mock:
        yield mock.url


def test_calls_of_the_sdk_build_their_objects(served: str, key: str) -> None:
    connection = videodb.connect(api_key=key, base_url=served)
    collection = videodb.collection.Collection(connection, "c-1")
    [video] = collection.get_videos()
    assert (video.id, video.name, video.length) == ("m-1", "first", 12.5)
    assert collection.get_video("m-1").stream_url == "https://stream.example/1"
    uploaded = collection.upload(url="https://shop.example/film.mp4")
    assert (uploaded.id, uploaded.collection_id) == ("m-1", "c-1")


def test_each_liberty_is_a_note_and_no_violation(served: str, key: str) -> None:
    connection = videodb.connect(api_key=key, base_url=served)
    videodb.collection.Collection(connection, "c-1").upload(url="https://shop.example/film.mp4")
    kept = httpx.get(f"{served}/_mock/requests", params={"key": key}).json()["requests"]
    assert [exchange["contract"] for exchange in kept] == [{"request": [], "response": []}] * len(kept)
    notes = " ".join(note for exchange in kept for note in exchange["notes"])
    for words in (
        "differs by its last slash",
        "is null, which the contract does not allow",
        "/data/output_url has this",
    ):
        assert words in notes
