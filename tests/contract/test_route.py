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
        ("/a%20b/{id}", "/a b/5", {"id": "5"}),
        ("/a%2fb/{id}", "/a%2Fb/5", {"id": "5"}),
        ("/100%/{id}", "/100%/5", {"id": "5"}),
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
    found = [next(routes.find(path), None) for path in ("/a/b", "/a/c", "/x/b", "/x/y", "/a", "/", "/a/b/c", "a/b", "")]
    assert found == ["/a/b", "/a/{b}", "/{a}/b", "/{a}/{b}", "/a", None, None, None, None]


def test_literal_beside_a_variable_outranks_the_bare_variable() -> None:
    routes = routed("/keys/{id}", "/keys/{id}:rotate", "/keys/{id}:{verb}", "/keys/x-{id}", "/keys/x-{id}:rotate")
    assert next(routes.find("/keys/5:rotate")) == "/keys/{id}:rotate"
    assert next(routes.find("/keys/5:move")) == "/keys/{id}:{verb}"
    assert next(routes.find("/keys/5")) == "/keys/{id}"
    assert list(routes.find("/keys/x-5:rotate")) == [
        "/keys/x-{id}:rotate",
        "/keys/{id}:rotate",
        "/keys/x-{id}",
        "/keys/{id}:{verb}",
        "/keys/{id}",
    ]


def test_each_template_is_sorted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counted(self: PathTemplate) -> tuple[int, str]:
        nonlocal asked
        asked += 1
        return 0, self.template

    routes = Routes[str]()
    monkeypatch.setattr(PathTemplate, "rank", property(counted, lambda _self, _rank: None), raising=False)
    for number in range(4_000):
        routes.add(f"/{{a}}/x{number}", str(number))
    assert next(routes.find("/z/x3999")) == "3999"
    assert asked == 4_000


def test_hostile_template_matches_in_linear_time() -> None:
    template = PathTemplate("/" + "{x}".join(f"{{v{index}}}" for index in range(30)) + "end")
    began = time.process_time()
    assert template.match(["", "a" * 30_000]) is None
    assert time.process_time() - began < 5


def test_encoded_literal_is_the_path_that_it_means() -> None:
    routes = routed("/caf%C3%A9", "/a%2Fb", "/caf%C3%A9/{id}", "/{any}")
    found = [next(routes.find(path)) for path in ("/caf\xe9", "/a%2Fb", "/caf\xe9/5", "/other")]
    assert found == ["/caf%C3%A9", "/a%2Fb", "/caf%C3%A9/{id}", "/{any}"]
