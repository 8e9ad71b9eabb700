"""Cases over the network."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger.events import Who
from priorauth.server.reads import WORKLISTS
from tests.ledger import house
from tests.server.running import FHIR, Running, named


def test_a_request_is_taken_and_says_where_it_is(served: Running) -> None:
    found = served.client.post(
        "/api/v1/cases", content=house.example("ask"), headers={**named(house.COORDINATOR), **FHIR}
    )
    assert (found.status_code, found.headers["ETag"]) == (201, '"1"')
    assert found.json()["more"]["outcomes"] == {"1": "request-information"}
    case = served.get(found.headers["Location"], house.COORDINATOR)
    assert (case.status_code, case.json()["state"]) == (200, "with-clinic")


def test_a_request_comes_in_a_form_with_its_papers(served: Running) -> None:
    files = [
        ("bundle", ("request.json", house.example("review"), "application/fhir+json")),
        ("paper", ("letter.pdf", b"%PDF-", "application/pdf")),
        ("paper", ("fax.tif", b"II*", "image/tiff")),
    ]
    found = served.client.post("/api/v1/cases", files=files, headers=named(house.COORDINATOR))
    assert found.status_code == 201, found.text
    documents = served.get(f"/api/v1/cases/{found.json()['case']}/documents").json()["documents"]
    assert [(one["name"], one["media"], one["kind"]) for one in documents] == [
        ("letter.pdf", "application/pdf", "paper"),
        ("fax.tif", "image/tiff", "paper"),
    ]


def test_a_form_without_a_bundle_or_with_a_part_of_another_name_is_refused(served: Running) -> None:
    for files in ([("paper", ("a", b"x"))], [("bundle", ("b", b"{}")), ("else", ("a", b"x"))]):
        found = served.client.post("/api/v1/cases", files=files, headers=named(house.COORDINATOR))
        assert found.status_code == 422


def test_what_is_no_request_is_refused_with_the_place_and_no_case_is_made(served: Running) -> None:
    for content in (b"{}", b"[1", b"", b'{"resourceType": "Bundle", "type": "collection"}'):
        found = served.client.post("/api/v1/cases", content=content, headers={**named(house.COORDINATOR), **FHIR})
        assert found.status_code == 422
        assert found.json()["detail"]
    assert served.get("/api/v1/cases").json()["rows"] == []


def test_the_same_key_makes_one_case(served: Running) -> None:
    first = served.receive("ask", key="k")
    assert served.receive("ask", key="k") == first
    assert len(served.get("/api/v1/cases").json()["rows"]) == 1


def test_who_opened_a_case_is_recorded_and_leaves_its_version(served: Running) -> None:
    case = served.receive("review")
    for path in ("", "/events", "/runs", "/runs/1", "/documents"):
        assert served.get(f"/api/v1/cases/{case}{path}", house.NURSE).status_code == 200
    events = served.get(f"/api/v1/cases/{case}/events", house.DIRECTOR).json()["rows"]
    read = [(one["person"], one["say"]["of"]) for one in events if one["what"] == "read"]
    assert read == [
        *(("nina", what) for what in ("case", "events", "runs", "run 1", "documents")),
        ("dora", "events"),
    ]
    assert served.get(f"/api/v1/cases/{case}").headers["ETag"] == '"1"'


def test_clinical_content_is_for_roles_that_need_it_and_a_clinics_own_case(served: Running) -> None:
    case = served.receive("review")
    found = {
        who.role if who is not house.OTHER_CLINIC else "other": served.get(f"/api/v1/cases/{case}", who).status_code
        for who in (*house.EVERYONE, Who(house.TENANT, "adam", "analyst"))
    }
    assert found == {
        "coordinator": 200, "other": 404, "nurse": 200, "director": 200, "appeals": 200, "admin": 403, "analyst": 403,
    }  # fmt: skip


def test_a_clinic_does_not_see_who_has_its_case_nor_what_was_proposed(served: Running) -> None:
    case = served.receive("conflict")
    served.act(case, "take", house.NURSE)
    served.act(case, "propose", house.NURSE, criterion="II.A.T.5", value=True, why="The letter is newer.")
    seen = served.get(f"/api/v1/cases/{case}", house.COORDINATOR)
    assert (seen.json()["owner"], seen.json()["words"]) == (None, [])
    events = served.get(f"/api/v1/cases/{case}/events", house.COORDINATOR)
    for text in (seen.text, events.text):
        assert "nina" not in text
        assert "newer" not in text
    whole = served.get(f"/api/v1/cases/{case}", house.DIRECTOR).json()
    assert (whole["owner"], whole["words"][0]["person"]) == ("nina", "nina")


def test_pages_of_cases_and_events_go_on_where_the_last_one_ended(served: Running) -> None:
    cases = [served.receive("ask") for _ in range(3)]
    first = served.get("/api/v1/cases?most=2").json()
    second = served.get("/api/v1/cases", params={"most": 2, "after": first["next"]}).json()
    assert [one["case"] for one in first["rows"] + second["rows"]] == sorted(cases, reverse=True)
    assert second["next"] is None
    events = served.get(f"/api/v1/cases/{cases[0]}/events?most=1").json()
    rest = served.get(f"/api/v1/cases/{cases[0]}/events?after={events['next']}").json()
    assert [one["number"] for one in events["rows"] + rest["rows"]] == list(range(1, 1 + 1 + len(rest["rows"])))


def test_a_list_is_filtered_by_what_is_asked(served: Running) -> None:
    ask, review = served.receive("ask"), served.receive("review")

    def found(query: str) -> list[str]:
        return [one["case"] for one in served.get(f"/api/v1/cases?{query}").json()["rows"]]

    assert found("queue=clinic") == [ask]
    assert found("state=with-nurse") == [review]
    assert found("policy=masshealth/insulin-pumps") == [ask]
    assert found("open=false") == found("overdue=true") == []
    assert found("received_from=2026-11-24") == [review, ask]
    served.clock.now += timedelta(days=90)
    assert found("overdue=true") == [review, ask]


def test_worklists_say_how_long_they_are_and_have_the_first_due_first(served: Running) -> None:
    served.receive("ask")
    review = served.receive("review")
    conflict = served.receive("conflict")
    served.act(review, "take", house.NURSE)
    found = {one["name"]: one["cases"] for one in served.get("/api/v1/worklists", house.NURSE).json()["worklists"]}
    assert found == {**dict.fromkeys(WORKLISTS, 0), "clinic": 1, "nurse": 2, "mine": 1}
    mine = served.get("/api/v1/worklists/mine", house.NURSE).json()["rows"]
    assert [one["case"] for one in mine] == [review]
    first = served.get("/api/v1/worklists/nurse?most=1", house.NURSE).json()
    second = served.get("/api/v1/worklists/nurse", house.NURSE, params={"after": first["next"]}).json()
    assert {one["case"] for one in first["rows"] + second["rows"]} == {review, conflict}
    assert first["rows"][0]["due_at"] <= second["rows"][0]["due_at"]
    assert served.get("/api/v1/worklists/none", house.NURSE).status_code == 404
    assert served.get("/api/v1/worklists", house.COORDINATOR).status_code == 403


def test_the_clocks_of_a_case_say_which_binds(served: Running) -> None:
    case = served.receive("ask")
    found = served.get(f"/api/v1/cases/{case}/clocks", house.COORDINATOR).json()
    assert found["binds"] in {one["rule"] for one in found["clocks"]}
    assert found["due_at"] > "2026-11-24"


def test_a_slip_in_a_query_is_named_and_not_repeated(served: Running) -> None:
    found = served.get("/api/v1/cases?most=Fischer&received_from=x")
    assert found.status_code == 422
    assert "most" in found.json()["detail"]
    assert "Fischer" not in found.text
    assert served.get("/api/v1/cases/a%00b").status_code == 422
