from priorauth.facts.rows import Source
from tests.record.building import Json, day, device_order, form, item, ref, request, rows, yes

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


def source(author: str | None, *resources: Json, **changes: Json) -> Source:
    said = form(item("motivated", yes()))
    if author is not None:
        said["author"] = ref(author)
    (row,) = request(said, *resources, **changes).rows["motivated"]
    return row.source


def test_the_practice_settles_clinical_facts_and_so_does_an_answer_without_an_author() -> None:
    assert source("Practitioner/doc-1", device_order()) is Source.ANSWER
    assert source(None, device_order()) is Source.ANSWER
    assert source("Patient/pat-1", device_order()) is Source.ANSWER


def test_the_supplier_and_who_works_there_only_show_them() -> None:
    clerk = {"resourceType": "PractitionerRole", "id": "role-9", "practitioner": ref("Practitioner/clerk"),
             "organization": ref("Organization/dme-1")}  # fmt: skip
    assert source("Organization/dme-1", device_order()) is Source.SHOWN
    assert source("Practitioner/clerk", clerk, device_order()) is Source.SHOWN


def test_a_provider_who_is_the_prescriber_or_the_practice_is_no_supplier() -> None:
    assert source("Practitioner/doc-1", device_order(), Claim={"provider": ref("Practitioner/doc-1")}) is Source.ANSWER
    assert source("Practitioner/doc-1", Claim={"provider": ref("Practitioner/doc-1")}) is Source.ANSWER
    practice = {"provider": ref("Organization/clinic-1")}
    assert source("Organization/clinic-1", device_order(), ROLE, Claim=practice) is Source.ANSWER
    assert source("Organization/clinic-1", visit(None, "Organization/clinic-1"), Claim=practice) is Source.ANSWER
    assert source("Organization/clinic-1", device_order(), Claim=practice) is Source.SHOWN
