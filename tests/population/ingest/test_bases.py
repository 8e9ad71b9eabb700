"""Bases of servers: what they are, and which are the same."""

from __future__ import annotations

import pytest

from priorauth.population.ingest.bases import NO_SERVER, base_of, is_server, label, label_of_urn


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://a.example/fhir/Patient/1", "https://a.example/fhir"),
        ("https://a.example/fhir/Patient/1/_history/4", "https://a.example/fhir"),
        ("https://a.example/Patient/1/", "https://a.example"),
        ("Patient/1", ""),
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", ""),
        ("https://a.example", ""),
        ("https://Patient/1", ""),
        ("https://a.example/fhir/2/1", ""),
        ("", ""),
    ],
)
def test_a_base_is_what_stands_before_type_and_id(url: str, base: str) -> None:
    assert base_of(url) == base


def test_scheme_host_case_and_a_last_stroke_make_no_other_server_and_the_path_does() -> None:
    one = label("https://a.example/fhir")
    assert one == label("http://A.example/fhir/") != NO_SERVER
    assert len({one, label("https://a.example/FHIR"), label("https://b.example/fhir"), label("https://a.example")}) == 4
    assert label("") == label("a.example") == NO_SERVER


def test_a_urn_is_no_server() -> None:
    urn = label_of_urn("urn:uuid:1")
    assert urn != NO_SERVER
    assert not is_server(urn)
    assert is_server(label("https://a.example/fhir"))
    assert label_of_urn("https://a.example") == NO_SERVER
