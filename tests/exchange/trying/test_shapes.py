"""What a server sends is read without trust: a path leads to what stands there, else to nothing."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.trying import shapes

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("entry", "resource", "reference", "extension", "url", "contained", "id", "valueCode")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "one"}
CLAIM: dict[str, Any] = {"resourceType": "Claim", "id": "two", "patient": {"reference": "Patient/one"}}


def bundle(*resources: Any) -> dict[str, Any]:
    return {"entry": [{"fullUrl": f"urn:uuid:{at}", "resource": one} for at, one in enumerate(resources)]}


def test_a_path_goes_through_lists_and_past_what_is_no_object() -> None:
    value = {"item": [{"code": {"text": "a"}}, 7, {"code": [{"text": ["b", 1, "c"]}, None]}]}
    assert shapes.objects(value, "item", "code") == [{"text": "a"}, {"text": ["b", 1, "c"]}]
    assert shapes.texts(value, "item", "code", "text") == ["a", "b", "c"]
    assert shapes.text(value, "item", "code", "text") == "a"


def test_where_nothing_stands_there_is_no_text() -> None:
    assert (shapes.text({"id": 7}, "id"), shapes.text([], "id"), shapes.objects(None, "id")) == ("", "", [])


def test_an_extension_is_found_by_its_whole_address_and_has_one_value_of_whichever_type() -> None:
    parts = [{"url": "covered", "valueCode": "covered"}, {"url": "date", "valueDate": "2026-01-01"}, {"url": "covered"}]
    one = {"url": "https://a.example/x", "extension": parts}
    other = {"url": "x", "valueBoolean": False}
    assert shapes.extensions({"extension": [one, other]}, "x") == [other]
    assert shapes.held(other) is False
    assert shapes.held(one) is None
    assert shapes.parts(one, "covered") == ["covered", None]


def test_resources_of_a_bundle_are_given_by_kind_in_their_order() -> None:
    assert shapes.resources(bundle(CLAIM, PATIENT, "text")) == [CLAIM, PATIENT]
    assert shapes.resources(bundle(CLAIM, PATIENT, CLAIM), "Claim") == [CLAIM, CLAIM]


def test_a_reference_leads_to_an_entry_by_kind_and_id_by_address_and_to_what_is_contained() -> None:
    address = {**CLAIM, "insurer": {"reference": "https://a.example/fhir/Patient/one"}}
    inner = {**CLAIM, "contained": [{"id": "own"}], "insurer": {"reference": "#own"}, "provider": {"reference": "#"}}
    entry = {**CLAIM, "insurer": {"reference": "urn:uuid:1"}}
    for one in (CLAIM, address, inner, entry):
        assert shapes.unresolved(bundle(one, PATIENT)) == []


def test_a_reference_that_leads_nowhere_is_given_once() -> None:
    deep = {"item": [{"careTeam": [{"reference": "Practitioner/x"}]}, {"reference": "Practitioner/x"}]}
    assert shapes.unresolved(bundle({**CLAIM, **deep}, PATIENT)) == ["Practitioner/x"]
    other = {"resourceType": "Patient", "id": "b", "contained": [{"id": "own"}]}
    assert shapes.unresolved(bundle({**CLAIM, "insurer": {"reference": "#own"}}, PATIENT, other)) == ["#own"]


def test_a_resource_without_an_extension_is_a_copy_that_keeps_the_others() -> None:
    first, second = {"url": "a", "valueCode": "1"}, {"url": "b", "valueCode": "2"}
    resource = {**PATIENT, "extension": [first, second]}
    before = copy.deepcopy(resource)
    assert shapes.without(resource, "a") == {**PATIENT, "extension": [second]}
    assert shapes.without({**PATIENT, "extension": [first]}, "a") == PATIENT
    assert resource == before


@given(ANYTHING)
def test_whatever_is_sent_is_read_and_breaks_nothing(value: Any) -> None:
    assert all(isinstance(one, dict) for one in shapes.resources(value))
    assert all(isinstance(one, str) for one in shapes.texts(value, "entry", "resource", "id"))
    assert set(shapes.unresolved(value)) <= set(shapes.references(value))
    assert isinstance(shapes.parts(value, "a"), list)
