"""Normalized responses differ in what a client reads; noise is removed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.drift.difference import diff
from mockserver_contracts.drift.noise import Noise, find_noise, is_steady, remove_noise
from mockserver_contracts.drift.normalize import form_of_id, normalize, outcome_of, type_of
from mockserver_contracts.exchange import Response

JSON = {"content-type": "application/json"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def response(body: Any, status: int = 200, **headers: str) -> Response:
    return Response(status, {**JSON, **headers}, json.dumps(body).encode())


def differences(mock: Response | None, target: Response | None) -> list[tuple[str, str, str]]:
    found = diff(normalize(mock), normalize(target), request="a valid request")
    return [(one.aspect, one.pointer, one.severity) for one in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"id": "cs_test_a1B2c3D4e5F6"}, {"id": "cs_test_zzzz9999yyyy"}),
        ({"url": "http://127.0.0.1:8765/c/pay/a"}, {"url": "https://checkout.example/pay/b?c=d"}),
        ({"at": "2026-11-25T07:20:41.123Z"}, {"at": "2027-01-01T00:00:00+00:00"}),
        ({"at": "2026-11-25T07:20:41.123Z"}, {"at": "2027-01-01 00:00:00 +0000"}),
        ({"balance": 5}, {"balance": 70.5}),
        ({"a": 1, "b": 2}, {"b": 3, "a": 4}),
        ({"items": [1, 2, 3]}, {"items": [4]}),
        ({"items": []}, {"items": [{"id": 1}]}),
        ({"plan": None}, {"plan": "free"}),
    ],
)
def test_ids_hosts_times_amounts_order_and_counts_are_no_difference(one: Any, other: Any) -> None:
    assert [each for each in differences(response(one), response(other)) if each[0] != "more"] == []


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ({"a": {"b": 1}}, {}, ("missing", "/a", "error")),
        ({}, {"a": {"b": 1}}, ("more", "/a", "info")),
        ({"a": 1}, {"a": "1"}, ("type", "/a", "error")),
        ({"a": "2026-11-25T07:20:41Z"}, {"a": "yesterday at noon"}, ("type", "/a", "warning")),
        ({"a": "2026-11-25T07:20:41Z"}, {"a": "2026-11-25T07:20:41"}, ("type", "/a", "warning")),
        ({"success": True}, {"success": False}, ("word", "/success", "error")),
        ({"status": "pending"}, {"status": "open"}, ("word", "/status", "error")),
        ({"message": "This is it"}, {"message": "That was it"}, ("prose", "/message", "info")),
        ({"data": [{"id": 1}]}, {"data": [{"name": 1}]}, ("missing", "/data/0/id", "error")),
    ],
)
def test_members_and_words_that_a_client_reads_are_a_difference(
    one: Any, other: Any, difference: tuple[str, str, str]
) -> None:
    assert difference in differences(response(one), response(other))


@pytest.mark.parametrize(
    ("id_", "form"),
    [
        ("cs_test_" + "aB3" * 19 + "x", "cs_test_ and 58 signs"),
        ("cs_test_" + "a-_" * 19 + "x", "cs_test_ and 58 signs"),
        ("in_00000000000000000000000a", "in_ and 24 hexadecimal digits"),
        ("ord-2026", "ord- and 4 digits"),
        ("1000042", "7 digits"),
        ("a_b_c", "5 signs"),
        ("session_", "8 signs"),
        ("6a1f0a44-53b0-4c5e-9d6c-0a3a4f7f1a11", "a UUID"),
    ],
)
def test_form_of_an_id_has_its_prefix_length_and_signs(id_: str, form: str) -> None:
    assert form_of_id(id_) == form


@pytest.mark.parametrize("other", ["chk_a1B2c3", "1000042", "abcdefgh", "a-long-id-without-digits"])
def test_another_form_of_an_id_is_information_and_no_other_type(other: str) -> None:
    found = differences(response({"id": "cs_test_a1B2c3D4e5F6"}), response({"id": other}))
    assert found == [("form", "/id", "info")]


def test_ids_of_several_forms_have_none() -> None:
    varied = response({"data": [{"id": "a_1"}, {"id": "ab_12345"}]})
    assert differences(response({"data": [{"id": "cs_test_a1B2c3D4e5F6"}]}), varied) == []


def test_id_that_is_empty_a_number_or_a_sentence_has_another_type() -> None:
    for other in ("", 7, "no id yet", None):
        found = differences(response({"id": "cs_test_a1B2c3D4e5F6"}, 400), response({"id": other}, 400))
        assert [each[:2] for each in found] == [("type", "/id")]


def test_form_that_changes_from_answer_to_answer_is_noise() -> None:
    first, again = (normalize(response({"id": id_})) for id_ in ("ab_12", "ab_123456"))
    assert remove_noise(first, find_noise(first, again)).forms == {}


def test_other_outcome_hides_all_other_differences() -> None:
    assert differences(response({"a": 1}), response({"b": 2}, 422)) == [("verdict", "", "error")]
    assert differences(response({"a": 1}), None) == [("verdict", "", "error")]


def test_other_status_is_an_error_only_for_accepted_requests() -> None:
    assert differences(response({}, 400), response({}, 422)) == [("status", "", "warning")]
    assert differences(response({}, 200), response({}, 201)) == [("status", "", "error")]


def test_content_type_and_methods_of_allow_are_compared() -> None:
    page = Response(404, {"content-type": "text/html"}, b"<h1>Not here</h1>")
    assert ("media type", "", "warning") in differences(response({}, 404), page)
    assert differences(response({}, 405, allow="POST, OPTIONS"), response({}, 405, Allow="post")) == []
    assert differences(response({}, 405, allow="POST"), response({}, 405)) == [("header", "", "warning")]


@given(VALUES)
def test_response_does_not_differ_from_itself(body: Any) -> None:
    assert differences(response(body), response(body)) == []


@given(VALUES, VALUES)
def test_difference_is_symmetric(one: Any, other: Any) -> None:
    assert bool(differences(response(one), response(other))) == bool(differences(response(other), response(one)))


def test_noise_is_removed() -> None:
    first, again = normalize(response({"a": "red", "b": "x"})), normalize(response({"a": "blue", "b": "x"}))
    noise = find_noise(first, again)
    assert noise == Noise(words=frozenset({"/a"}))
    assert (
        list(
            diff(remove_noise(first, noise), remove_noise(normalize(response({"a": "x", "b": "x"})), noise), request="")
        )
        == []
    )
    assert not is_steady(first, normalize(response({}, 500)))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("cs_test_a1", "text"),
        ("550e8400-e29b-41d4-a716-446655440000", "id"),
        ("in_1AbCdEfGhIjK", "id"),
        ("in_AbCdEfGhIjKlMnOpQrStUvWx", "id"),
        ("cs_test_AbCdEfGhIjKlMn", "id"),
        ("insufficient_credits", "text"),
        ("auth_unauthorizedrequest", "text"),
        ("session_expired", "text"),
        ("unsupported_media_type", "text"),
        ("ftp://a/b", "text"),
        ("http://a/b", "URL"),
        ("a@b.c", "e-mail address"),
        (True, "boolean"),
        (1.5, "number"),
    ],
)
def test_type_of_text_is_its_format(value: Any, kind: str) -> None:
    assert type_of(value) == kind


@pytest.mark.parametrize(
    ("status", "verdict"), [(204, "accepted"), (302, "redirected"), (404, "refused"), (503, "failed"), (100, "failed")]
)
def test_outcome_follows_the_status(status: int, verdict: str) -> None:
    assert outcome_of(status) == verdict


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b"null", b"NaN"])
def test_any_body_is_normalized(body: bytes) -> None:
    assert normalize(Response(200, {}, body)).outcome == "accepted"
