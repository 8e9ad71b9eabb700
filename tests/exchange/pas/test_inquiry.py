"""An inquiry as it came: what it says, and that nothing in it breaks the reading."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import InputRefused
from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas.inquiry import ALWAYS, Inquiry, providers, read, served
from priorauth.exchange.plan import Plan
from priorauth.exchange.wire import Fault
from tests.exchange.pas.inquiries import PAS, in_team, inquiry, request

Json = dict[str, Any]


def said(body: Json) -> Inquiry:
    return read(body, json.dumps(body).encode(), Plan())


def test_numbers_and_traces_are_read_of_the_claim_and_of_its_items() -> None:
    def number(name: str, value: str) -> Json:
        return {"url": f"{PAS}/extension-{name}", "valueString": value}

    trace = {"url": f"{PAS}/extension-itemTraceNumber", "valueIdentifier": {"system": "urn:t", "value": "7"}}
    line = {"sequence": 1, "extension": [number("authorizationNumber", "A-2"), trace]}
    found = said(inquiry(item=[line], extension=[number("administrationReferenceNumber", "R-1")]))
    assert (found.numbers, found.traces) == (("R-1", "A-2"), ("urn:t|7",))
    assert found.names == ("urn:example:inquiry|an-inquiry",)


def test_the_member_is_known_by_every_id_of_hers() -> None:
    assert said(inquiry()).members == {"urn:example:member|M-approve", "|M-approve"}


@pytest.mark.parametrize(
    ("item", "span"),
    [
        ({"servicedDate": "2026-11-24"}, ("2026-11-24", "2026-11-24")),
        ({"servicedPeriod": {"start": "2026-11-24T08:00:00Z"}}, ("2026-11-24", ALWAYS[1])),
        ({"servicedPeriod": {"end": "2026-11-30"}}, (ALWAYS[0], "2026-11-30")),
        ({"servicedPeriod": {}}, None), ({"servicedDate": "soon"}, None), ({}, None),
    ],
)  # fmt: skip
def test_the_days_of_an_item_are_those_that_it_says(item: Json, span: tuple[str, str] | None) -> None:
    assert served(item) == span
    assert said(inquiry(item=[item])).span == (span or ALWAYS)


def test_a_product_not_applicable_is_any_and_so_is_none() -> None:
    def coded(*codes: str) -> Json:
        return {"productOrService": {"coding": [{"code": one} for one in codes]}}

    assert said(inquiry(item=[coded("E0784", "X"), coded("A4224")])).products == {"E0784", "X", "A4224"}
    for items in ([], [coded("E0784"), coded("not-applicable")], [coded("E0784"), {}]):
        assert said(inquiry(item=items)).products == frozenset()


def test_who_orders_and_renders_are_the_provider_the_team_and_those_of_orders() -> None:
    sent = SentBundle(json.dumps(request()).encode(), "request")
    assert set(providers(sent, next(sent.all("Claim")))) == {"1999999992"}  # of orders; the supplier has no NPI
    assert said(in_team(inquiry(), "1888888883")).npis == {"1888888883"}


def test_of_a_role_the_person_and_the_organization_count_and_a_circle_ends() -> None:
    made = inquiry()
    role = {
        "resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/p"},
        "organization": {"reference": "PractitionerRole/r"},
    }  # fmt: skip
    person = {"resourceType": "Practitioner", "id": "p", "identifier": [
        {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1"}, {"system": "urn:x", "value": "2"}]}  # fmt: skip
    base = "https://clinic.example.org/fhir"
    made["entry"] += [{"fullUrl": f"{base}/PractitionerRole/r", "resource": role},
                      {"fullUrl": f"{base}/Practitioner/p", "resource": person}]  # fmt: skip
    made["entry"][0]["resource"]["careTeam"] = [{"sequence": 1, "provider": {"reference": "PractitionerRole/r"}}]
    assert said(made).npis == {"1"}


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["reference", "identifier", "value", "system", "coding", "code", "url"]), inner
        )
    ),
    max_leaves=8,
)
ELEMENTS = ("identifier", "extension", "item", "careTeam", "provider", "insurance", "patient", "use", "insurer", "id")


@given(st.dictionaries(st.sampled_from(ELEMENTS), JUNK), st.sampled_from([1, 2, 3]), JUNK)
def test_whatever_stands_in_an_element_it_is_read_or_refused_with_a_place(
    claim: Json, place: int, resource: Any
) -> None:
    body = copy.deepcopy(in_team(inquiry(), "1999999992"))
    body["entry"][0]["resource"].update(claim)
    body["entry"][place]["resource"] = resource
    found: Inquiry | Fault | InputRefused
    try:
        found = said(body)
    except (Fault, InputRefused) as refused:
        found = refused
    assert isinstance(found, (Inquiry, InputRefused)) or (found.status == 400 and found.at)
