"""What is attached, by its content; and that nothing in it breaks the reading."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.pas.attachment import Attached, read
from priorauth.exchange.wire import Fault
from priorauth.ledger.runs import FHIR, LOG_KIND
from tests.exchange.pas.attachments import attached, bundle, document, form, hba1c, meter_log, observations

Json = dict[str, Any]
TRACK: Json = {"system": "urn:t", "value": "7"}


def test_forms_are_answers_resources_are_one_file_and_each_file_is_its_own() -> None:
    log, letter = document(meter_log(), "text/csv", "meter"), document(b"%PDF-1.7", "application/pdf", "letter")
    first, second = observations("ask", "a1c-1"), observations("ask", "a1c-2")
    found = read(attached(TRACK, *first, form(hba1c(8.0)), bundle(second), log, letter), None)
    assert (found.tracking, found.member["value"], found.final) == (TRACK, "M-ask", True)
    assert [json.loads(one)["id"] for one in found.answers] == ["answers"]
    assert [(one.kind, one.media, one.title) for one in found.files] == [
        ("resources", FHIR, "clinical resources"), (LOG_KIND, "text/csv", "meter"),
        ("paper", "application/pdf", "letter"),
    ]  # fmt: skip
    assert [one["resource"]["id"] for one in json.loads(found.files[0].content)["entry"]] == ["new-a1c-1", "new-a1c-2"]


def test_entries_of_a_bundle_keep_their_urls() -> None:
    made = bundle(observations("ask", "a1c-1"))
    made["entry"][0]["fullUrl"] = "https://ehr.example.org/fhir/Observation/1"
    (file,) = read(attached(TRACK, made), None).files
    assert json.loads(file.content)["entry"][0]["fullUrl"] == "https://ehr.example.org/fhir/Observation/1"


def test_a_title_is_made_of_letters_that_can_be_printed() -> None:
    (file,) = read(attached(TRACK, document(b"x", "text/plain", "a\r\nb\x1b" + "c" * 500)), None).files
    assert file.title.startswith("abccc")
    assert len(file.title) == 120


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "resource", "resourceType", "part", "content", "data", "entry"]),
            inner,
        )
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(["DocumentReference", "Binary", "Bundle", "Observation", "QuestionnaireResponse", ""])


@given(st.sampled_from(["TrackingId", "MemberId", "Final", "AttachTo"]), JUNK, KINDS, JUNK, JUNK)
def test_whatever_stands_in_a_parameter_it_is_read_or_refused_with_a_place(
    name: str, value: Any, kind: str, held: Any, part: Any
) -> None:
    resource = {"resourceType": kind, **(held if isinstance(held, dict) else {"content": held, "entry": held})}
    body = copy.deepcopy(attached(TRACK, resource))
    next(one for one in body["parameter"] if one["name"] == name).update(
        {"valueIdentifier": value, "valueCode": value, "valueBoolean": value}
    )
    body["parameter"].append(part)
    found: Attached | Fault
    try:
        found = read(body, None)
    except Fault as fault:
        found = fault
    assert isinstance(found, Attached) or (found.status in (400, 413, 422) and found.at)
