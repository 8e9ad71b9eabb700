import pytest

from priorauth.errors import InputRefused
from priorauth.facts.rows import UNREAD, Answer
from priorauth.record.practice import called
from tests.record.building import (
    Json,
    base,
    bundle,
    day,
    device_order,
    form,
    item,
    read,
    read_any,
    ref,
    request,
    rows,
    url,
    yes,
)

ROLE = {"resourceType": "PractitionerRole", "id": "role-1", "practitioner": ref("Practitioner/doc-1"),
        "organization": ref("Organization/clinic-1")}  # fmt: skip
COLLEAGUE = {"resourceType": "PractitionerRole", "id": "role-2", "practitioner": ref("Practitioner/doc-2"),
             "organization": ref("Organization/clinic-1")}  # fmt: skip


def visit(who: str | None = "Practitioner/doc-1", place: str | None = None, **more: object) -> Json:
    made: Json = {"resourceType": "Encounter", "id": "v-1", "status": "finished", "class": {"code": "AMB"},
                  "subject": ref("Patient/pat-1"), "period": {"start": "2026-05-02T10:00:00-04:00"}}  # fmt: skip
    if who is not None:
        made["participant"] = [{"individual": ref(who)}]
    if place is not None:
        made["serviceProvider"] = ref(place)
    return {**made, **more}


def seen(*resources: Json) -> list[int]:
    return [row.first for row in rows("prescriber_visit", *resources)]


def test_a_finished_visit_with_the_prescriber_counts() -> None:
    assert seen(device_order(), visit()) == [day("2026-05-02")]


def test_a_national_identifier_is_the_same_by_either_name_of_its_system() -> None:
    role = {**ROLE, "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1444444442"}]}
    held = visit(None)
    held["participant"] = [
        {"individual": {"identifier": {"system": "urn:oid:2.16.840.1.113883.4.6", "value": "1444444442"}}}
    ]
    assert seen(device_order(), role, held) == [day("2026-05-02")]


def test_a_visit_that_did_not_take_place_or_with_someone_else_does_not() -> None:
    assert seen(device_order(), visit(status="planned")) == []
    assert seen(device_order(), visit("Practitioner/doc-9")) == []


def test_a_visit_with_one_of_the_same_practice_counts() -> None:
    assert seen(device_order(), ROLE, COLLEAGUE, visit("Practitioner/doc-2")) == [day("2026-05-02")]
    assert seen(device_order(), ROLE, visit(None, "Organization/clinic-1")) == [day("2026-05-02")]
    assert seen(device_order(), visit("Practitioner/doc-2")) == []


def test_the_prescriber_may_be_named_by_role() -> None:
    assert seen(device_order(requester=ref("PractitionerRole/role-1")), ROLE, visit()) == [day("2026-05-02")]


def test_an_order_for_something_else_does_not_name_the_prescriber_of_the_pump() -> None:
    assert seen(device_order("E0601"), visit()) == []


def test_without_an_order_the_care_team_of_the_claim_names_the_prescriber() -> None:
    team = {"careTeam": [{"sequence": 1, "provider": ref("Practitioner/doc-1")}]}
    assert [row.first for row in rows("prescriber_visit", visit(), Claim=team)] == [day("2026-05-02")]


def source(author: str | None, *resources: Json, **changes: Json) -> str:
    """Say whether an author settles a clinical fact or only speaks of it."""
    said = form(item("motivated", yes()))
    if author is not None:
        said["author"] = ref(author)
    (row,) = request(said, *resources, **changes).rows["motivated"]
    assert isinstance(row, Answer)
    return "mentions" if row.text == UNREAD else "settles"


def test_the_practice_settles_clinical_facts_and_so_does_an_answer_without_an_author() -> None:
    assert source("Practitioner/doc-1", device_order()) == "settles"
    assert source(None, device_order()) == "settles"
    assert source("Patient/pat-1", device_order()) == "settles"


def test_what_the_supplier_and_who_works_there_say_is_a_mention() -> None:
    clerk = {"resourceType": "PractitionerRole", "id": "role-9", "practitioner": ref("Practitioner/clerk"),
             "organization": ref("Organization/dme-1")}  # fmt: skip
    assert source("Organization/dme-1", device_order()) == "mentions"
    assert source("Practitioner/clerk", clerk, device_order()) == "mentions"


def test_a_provider_who_is_the_prescriber_or_the_practice_is_no_supplier() -> None:
    assert source("Practitioner/doc-1", device_order(), Claim={"provider": ref("Practitioner/doc-1")}) == "settles"
    assert source("Practitioner/doc-1", Claim={"provider": ref("Practitioner/doc-1")}) == "settles"
    practice = {"provider": ref("Organization/clinic-1")}
    assert source("Organization/clinic-1", device_order(), ROLE, Claim=practice) == "settles"
    assert source("Organization/clinic-1", visit(None, "Organization/clinic-1"), Claim=practice) == "settles"
    assert source("Organization/clinic-1", device_order(), Claim=practice) == "mentions"


# ---- the same person in a second record, and the supplier's own papers ----

NPI = "http://hl7.org/fhir/sid/us-npi"
NPI_OID = "urn:oid:2.16.840.1.113883.4.6"


def numbered(system: str, value: str) -> list[Json]:
    return [{"system": system, "value": value}]


def test_a_second_record_of_the_prescriber_with_the_same_number_is_the_prescriber() -> None:
    twin = {"resourceType": "Practitioner", "id": "doc-77", "identifier": numbered(NPI_OID, "1234567893")}
    known = {"Practitioner": {"identifier": numbered(NPI, "1234567893")}}

    def days(number: str) -> list[int]:
        second = {**twin, "identifier": numbered(NPI_OID, number)}
        made = rows("prescriber_visit", device_order(), second, visit("Practitioner/doc-77"), **known)
        return [row.first for row in made]

    assert days("1234567893") == [day("2026-05-02")]
    assert days("1999999999") == []


def test_the_supplier_in_a_second_record_with_the_same_number_is_the_supplier() -> None:
    twin = {"resourceType": "Organization", "id": "dme-9", "identifier": numbered(NPI_OID, "1000000004")}
    billing = {**twin, "id": "dme-8", "identifier": numbered(NPI, "1000000004")}
    provider = {"provider": ref("Organization/dme-8")}
    assert source("Organization/dme-9", twin, billing, device_order(), Claim=provider) == "mentions"
    other = {**twin, "identifier": numbered(NPI_OID, "1000000005")}
    assert source("Organization/dme-9", other, billing, device_order(), Claim=provider) == "settles"


def test_an_order_that_the_supplier_writes_itself_does_not_make_it_the_practice() -> None:
    own = device_order(requester=ref("Organization/dme-1"))
    assert source("Organization/dme-1", own) == "mentions"
    assert source("Organization/dme-1", own, device_order(id="order-2")) == "mentions"


def test_a_role_of_the_prescriber_at_the_supplier_makes_nobody_else_there_the_practice() -> None:
    clerk = {"resourceType": "PractitionerRole", "id": "role-9", "practitioner": ref("Practitioner/clerk"),
             "organization": ref("Organization/dme-1")}  # fmt: skip
    assert source("Practitioner/clerk", clerk, ROLE, device_order()) == "mentions"


def test_only_a_visit_that_took_place_makes_an_organization_the_practice() -> None:
    practice = {"provider": ref("Organization/clinic-1")}
    for state, found in (("finished", "settles"), ("arrived", "mentions"), ("planned", "mentions"), ("x", "mentions")):
        seen_there = visit(place="Organization/clinic-1", status=state)
        assert source("Organization/clinic-1", device_order(), seen_there, Claim=practice) == found


def test_a_visit_whose_status_is_unknown_is_a_mention_and_one_under_way_is_nothing() -> None:
    (row,) = rows("prescriber_visit", device_order(), visit(status="nobody-knows"))
    assert row.ground == "status is not one that counts"
    assert rows("prescriber_visit", device_order(), visit(status="in-progress")) == ()


# ---- who may not judge: whoever the case names, however named ----


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("Dr. Ada Lovelace, MD", "ada lovelace"),
        ("ada  LOVELACE", "ada lovelace"),
        ("Lovelace", ""),
        ("Dr. Lovelace", ""),
        ("Prof. Ada Lovelace, PhD", "ada lovelace"),
        ("Mrs. Ada Lovelace, APRN, FNP", "ada lovelace"),
        ("Ms Ada Lovelace NP", "ada lovelace"),
        ("Mr. Ada Lovelace RN, PA", "ada lovelace"),
        ("Ada Lovelace, D.O.", "ada lovelace o"),
        ("Prof. Lovelace", ""),
        ("", ""),
        ("Zoë O'Hara", "zoë o hara"),
    ],
)
def test_a_name_is_compared_without_its_titles_and_only_where_it_is_a_full_one(name: str, compared: str) -> None:
    assert called(name) == compared


ADA = [{"given": ["Ada"], "family": "Lovelace"}]
NUMBERED = {"Practitioner": {"identifier": numbered(NPI, "1234567893"), "name": ADA}}


def judge(author: Json, **more: object) -> None:
    """Read a judgment by an author, of a case whose prescriber is Ada Lovelace."""
    made = {"resourceType": "QuestionnaireResponse", "id": "j", "status": "completed", "authored": "2026-06-16",
            "author": author, "basedOn": [ref("Claim/clm-1")], **more}  # fmt: skip
    made.setdefault("item", [item("settle.II.A", yes())])
    read(device_order(), ROLE, judgments=made, **NUMBERED)


def judged(author: Json, **more: object) -> bool:
    """Whether a judgment by this author is read; refused for anything but the author, it fails the test."""
    try:
        judge(author, **more)
    except InputRefused as refused:
        if "found one whom the case itself names" not in str(refused):
            raise
        return False
    return True


def test_whom_the_case_names_judges_nothing_however_the_author_is_named() -> None:
    contained = {"resourceType": "Practitioner", "id": "me"}
    role = {"resourceType": "PractitionerRole", "id": "me"}
    for author, inside in (
        (ref("Practitioner/doc-1"), None),
        (ref("https://elsewhere.example.org/fhir/Practitioner/doc-1"), None),
        (ref("PractitionerRole/role-1"), None),
        ({"identifier": numbered(NPI, "1234567893")[0], "type": "Practitioner"}, None),
        ({"identifier": numbered(NPI_OID, "1234567893")[0], "display": "Somebody Else"}, None),
        ({"display": "Dr. Ada Lovelace"}, None),
        ({"display": "ADA LOVELACE, M.D."}, None),
        (ref("#me"), {**contained, "identifier": numbered(NPI_OID, "1234567893"), "name": [{"text": "X Y"}]}),
        (ref("#me"), {**contained, "name": [{"text": "Ada Lovelace"}]}),
        (ref("#me"), {**contained, "name": ADA}),
        (ref("#me"), {**role, "practitioner": {"display": "Ada Lovelace"}}),
        (ref("#me"), {**role, "practitioner": ref("Practitioner/doc-1")}),
        (ref("#me"), {**role, "practitioner": {"display": "Some One"}, "organization": ref("Organization/dme-1")}),
        (ref("#me"), {**role, "practitioner": {"display": "Some One"}, "organization": ref("Organization/clinic-1")}),
    ):
        more = {} if inside is None else {"contained": [inside]}
        assert not judged(author, **more), author


def test_somebody_else_judges() -> None:
    contained = {"resourceType": "Practitioner", "id": "me", "name": [{"text": "Grace Hopper"}]}
    assert judged({"display": "Grace Hopper"})
    assert judged(ref("Practitioner/reviewer"))
    assert judged({"identifier": numbered(NPI, "1999999999")[0], "type": "Practitioner"})
    assert judged(ref("#me"), contained=[contained])


@pytest.mark.parametrize(
    "author",
    [
        {**ref("Practitioner/reviewer"), "type": "Organization"},
        {**ref("Organization/reviewer"), "type": "Practitioner"},
        {**ref("#me"), "type": "PractitionerRole"},
        {"type": "Patient", "display": "Grace Hopper"},
    ],
)
def test_an_author_whose_type_and_reference_disagree_or_who_is_no_clinician_is_refused(author: Json) -> None:
    made = {"resourceType": "QuestionnaireResponse", "id": "j", "status": "completed", "author": author,
            "basedOn": [ref("Claim/clm-1")], "item": [item("settle.II.A", yes())],
            "contained": [{"resourceType": "Practitioner", "id": "me", "name": ADA}]}  # fmt: skip
    with pytest.raises(InputRefused, match=r"author: (its type|expected a clinician)"):
        read(judgments=made)


@pytest.mark.parametrize(
    ("link", "answer"),
    [("settle.II.A", {"valueString": "yes"}), ("settle.II.A", {"valueInteger": 1}), ("settle.II.A", {}),
     ("settle.II.A.why", {"valueBoolean": True}), ("end_stage_complication", {"valueString": "no"})],
)  # fmt: skip
def test_a_word_of_a_judgment_that_cannot_be_read_is_refused(link: str, answer: Json) -> None:
    with pytest.raises(InputRefused, match="expected valueBoolean"):
        judge({"display": "Grace Hopper"}, item=[item(link, answer)])


def test_who_works_for_both_the_practice_and_the_supplier_settles_what_the_practice_settles() -> None:
    def role(number: int, place: str) -> Json:
        return {"resourceType": "PractitionerRole", "id": f"both-{number}", "practitioner": ref("Practitioner/both"),
                "organization": ref(place)}  # fmt: skip

    at_clinic, at_supplier = role(1, "Organization/clinic-1"), role(2, "Organization/dme-1")
    assert source("Practitioner/both", at_clinic, at_supplier, ROLE, device_order()) == "settles"
    assert source("Practitioner/both", at_supplier, ROLE, device_order()) == "mentions"


def test_a_visit_on_another_server_is_with_whom_that_server_calls_by_the_same_name() -> None:
    def person(number: str, name: str = "p") -> Json:
        identifier = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": number}]
        return {"resourceType": "Practitioner", "id": name, "identifier": identifier}

    abroad = "https://other.example.org/fhir"
    here = visit("Practitioner/p")
    there = {**here, "id": "v-2", "period": {"start": "2026-05-03"}, "subject": ref(url(base()[1]))}
    entries = [
        {"fullUrl": f"{abroad}/Encounter/v-2", "resource": there},
        {"fullUrl": f"{abroad}/Practitioner/p", "resource": person("1555555553")},
        {"fullUrl": url(here), "resource": here},
        {"fullUrl": url(person("")), "resource": person("1444444442")},
    ]
    for order in (entries, entries[::-1]):
        made = bundle(device_order(), Practitioner=person("1444444442", "doc-1"))
        made["entry"] += order
        found = read_any(made).requests[0].rows["prescriber_visit"]
        assert [row.ref for row in found] == ["Encounter/v-1"]
