"""Who asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger.acts.setup import AddPerson
from priorauth.ledger.acts.tokens import RevokeToken
from priorauth.ledger.tokens import kept
from priorauth.server.limits import Buckets
from tests.ledger import house
from tests.server.running import FHIR, SECRET, Running, token


def test_without_a_token_nothing_is_told(closed: Running) -> None:
    for path in ("/api/v1/cases", "/api/v1/worklists", "/api/v1/cases/26-0001"):
        found = closed.client.get(path, headers={"X-Person": "nina", "X-Role": "nurse"})
        assert (found.status_code, found.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_she_who_bears_a_token_acts_in_its_role_whatever_she_says(closed: Running) -> None:
    nurse = token(closed.store, "nina", "nurse")
    found = closed.client.get("/api/v1/worklists", headers={**nurse, "X-Role": "admin", "X-Person": "adam"})
    assert found.status_code == 200
    line = closed.lines()[-1]
    assert (line["person"], line["role"], line["token"]) == ("nina", "nurse", kept(SECRET).token)
    assert SECRET not in closed.out.getvalue()


def test_a_clinics_token_reaches_its_own_cases_alone(closed: Running) -> None:
    own = token(closed.store, "cora", "coordinator")
    other = token(closed.store, "otto", "coordinator", "o" * 43)
    sent = closed.client.post("/api/v1/cases", content=house.example("ask"), headers={**own, **FHIR})
    case = sent.json()["case"]
    assert closed.client.get(f"/api/v1/cases/{case}", headers=own).status_code == 200
    assert closed.client.get(f"/api/v1/cases/{case}", headers=other).status_code == 404
    assert closed.client.get("/api/v1/cases", headers=other).json()["rows"] == []


@pytest.mark.parametrize("said", ["x", "patoken.plan.x", f"patoken.plan.{'t' * 43}", f"patoken.other.{SECRET}"])
def test_a_token_that_is_none_is_refused(closed: Running, said: str) -> None:
    token(closed.store, "nina", "nurse")
    found = closed.client.get("/api/v1/cases", headers={"Authorization": f"Bearer {said}"})
    assert found.status_code == 401
    assert "invalid_token" in found.headers["WWW-Authenticate"]


def test_a_token_ends_with_its_day_with_its_revocation_and_with_its_person(closed: Running) -> None:
    first = token(closed.store, "nina", "nurse", days=1)
    second = token(closed.store, "nora", "nurse", "b" * 43)
    third = token(closed.store, "dora", "director", "c" * 43)
    assert [closed.client.get("/api/v1/cases", headers=one).status_code for one in (first, second, third)] == [200] * 3
    closed.clock.now += timedelta(days=1)
    house.done(closed.store, RevokeToken(token=kept("b" * 43).token), house.ADMIN)
    house.done(closed.store, AddPerson(person="dora", title="Dora", active=False))
    assert [closed.client.get("/api/v1/cases", headers=one).status_code for one in (first, second, third)] == [401] * 3


def test_an_open_server_takes_who_is_named_and_else_the_system(served: Running) -> None:
    served.receive("ask")
    assert served.lines()[-1]["person"] == "cora"
    assert served.client.get("/api/v1/cases").status_code == 200
    assert served.lines()[-1]["role"] == "system"


def test_she_who_is_named_without_her_organisation_acts_for_her_own(served: Running) -> None:
    found = served.client.post(
        "/api/v1/cases", content=house.example("ask"), headers={"X-Person": "cora", "X-Role": "coordinator", **FHIR}
    )
    case = found.json()["case"]
    rows = served.get("/api/v1/cases").json()["rows"]
    assert [(row["case"], row["organisation"]) for row in rows] == [(case, "clinic")]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Person": "nina"}, 422),
        ({"X-Role": "nurse"}, 422),
        ({"X-Person": "nina", "X-Role": "rule"}, 422),
        ({"X-Person": "nina", "X-Role": "system"}, 422),
        ({"X-Person": "a b"}, 422),
        ({"X-Person": "a b", "X-Role": "nurse"}, 422),
        ({"X-Behalf": "c" * 65}, 422),
        ({"X-Tenant": "other"}, 404),
    ],
)
def test_who_is_named_wrongly_is_refused(served: Running, headers: dict[str, str], status: int) -> None:
    assert served.client.get("/api/v1/cases", headers=headers).status_code == status


def test_a_role_that_she_does_not_hold_does_nothing(served: Running) -> None:
    case = served.receive("review")
    forged = house.NURSE._replace(role="director")
    assert served.act(case, "take", forged, version=1).status_code == 403


def test_who_guesses_tokens_is_slowed_down(closed: Running) -> None:
    closed.service.buckets = Buckets(rate=0.1, burst=2)
    wrong = {"Authorization": f"Bearer patoken.plan.{'t' * 43}"}
    assert [closed.client.get("/api/v1/cases", headers=wrong).status_code for _ in range(3)] == [401, 401, 429]


def test_who_bears_a_token_may_ask_so_often_and_no_more(closed: Running) -> None:
    nurse = token(closed.store, "nina", "nurse")
    closed.service.buckets = Buckets(rate=0.1, burst=2)
    assert [closed.client.get("/api/v1/cases", headers=nurse).status_code for _ in range(3)] == [200, 200, 429]


def test_a_nurse_enters_what_came_for_a_clinic_where_she_names_it(closed: Running) -> None:
    nurse = {**token(closed.store, "nina", "nurse"), **FHIR}
    bundle = house.example("ask")
    assert closed.client.post("/api/v1/cases", content=bundle, headers=nurse).status_code == 403
    sent = closed.client.post("/api/v1/cases", content=bundle, headers={**nurse, "X-Behalf": "clinic"})
    (row,) = closed.client.get("/api/v1/cases", headers=nurse).json()["rows"]
    assert (row["case"], row["organisation"]) == (sent.json()["case"], "clinic")
