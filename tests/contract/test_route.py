from __future__ import annotations

import time

import pytest

from mockserver.contract.route import PathTemplate, Routes


def routed(*paths: str) -> Routes[str]:
    routes: Routes[str] = Routes()
    for path in paths:
        routes.add(path, path)
    return routes


@pytest.mark.parametrize(
    ("template", "path", "variables"),
    [
        ("/a/{id}", "/a/5", {"id": "5"}),
        ("/a/{b}.{c}", "/a/x.y.z", {"b": "x", "c": "y.z"}),
        ("/a/{b}--{c}", "/a/x-y--z", {"b": "x-y", "c": "z"}),
        ("/{a}{b}", "/xyz", {"a": "x", "b": "yz"}),
        ("/v{n}/x", "/v12/x", {"n": "12"}),
        ("/{name}.json", "/a.json.json", {"name": "a.json"}),
        ("/users/{name}:activate", "/users/tom:activate", {"name": "tom"}),
        ("/a{;id}", "/a;id=5", {";id": ";id=5"}),
        ("/a/{id}", "/a/", None),
        ("/a/{id}", "/b/5", None),
        ("/a/{b}.{c}", "/a/x", None),
        ("/a/{b}.{c}", "/a/.y", None),
        ("/{name}.json", "/.json", None),
    ],
)
def test_variables_match_the_text_between_literals(template: str, path: str, variables: dict[str, str] | None) -> None:
    assert PathTemplate(template).match(path.split("/")) == variables


def test_more_concrete_path_wins() -> None:
    routes = routed("/{a}/{b}", "/a/{b}", "/{a}/b", "/a/b", "/a/{b}.json", "/a")
    found = [routes.find(path) for path in ("/a/b", "/a/c", "/x/b", "/x/y", "/a", "/", "/a/b/c", "a/b", "")]
    assert found == ["/a/b", "/a/{b}", "/{a}/b", "/{a}/{b}", "/a", None, None, None, None]


def test_hostile_template_matches_in_linear_time() -> None:
    template = PathTemplate("/" + "{x}".join(f"{{v{index}}}" for index in range(30)) + "end")
    began = time.perf_counter()
    assert template.match(["", "a" * 30_000]) is None
    assert time.perf_counter() - began < 5
