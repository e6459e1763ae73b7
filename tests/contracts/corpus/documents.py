"""Small documents for the tests."""

from __future__ import annotations

from typing import Any

KEY_HEADER = "x-access-token"


def with_a_link() -> dict[str, Any]:
    """A document in which the answer to a POST leads to a GET."""
    video = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    answer = {"description": "A video", "content": {"application/json": {"schema": video}}}
    link = {"operationId": "look", "parameters": {"video_id": "$response.body#/id"}}
    name = {"name": "video_id", "in": "path", "required": True, "schema": {"type": "string"}}
    body = {
        "content": {"application/json": {"schema": {"type": "object", "properties": {"title": {"type": "string"}}}}}
    }
    create = {
        "operationId": "create",
        "requestBody": {**body, "required": True},
        "responses": {"201": {**answer, "links": {"look": link}}, "400": {"description": "No"}},
    }
    look = {
        "operationId": "look",
        "parameters": [name],
        "responses": {"200": answer, "404": {"description": "No such video"}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Videos", "version": "1"},
        "paths": {"/videos": {"post": create}, "/videos/{video_id}": {"get": look}},
    }
