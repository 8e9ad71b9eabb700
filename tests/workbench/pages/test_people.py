"""People and roles: added by one administrator; who signs decisions, by two; nobody shuts herself out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts import setup
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench.house import Desk, hidden, plain, working

SECOND = Who(house.TENANT, "ada", "admin")
AT = "/admin/people"


@pytest.fixture(scope="module")
def office(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A plan with two administrators."""
    store = connect(f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('office') / 'ledger.db')}")
    house.furnish(store)
    house.done(store, setup.AddPerson(person="ada", title="Ada Admin"))
    house.done(store, setup.GrantRole(person="ada", role="admin", valid_from=house.FIRST))
    with working(store, open_to_all=False) as desk:
        yield desk
    store.close()


def add(desk: Desk, person: str, **more: str) -> None:
    said = {"person": person, "title": person.title(), "organisation": "", "supervisor": "", **more}
    answer = desk.send(AT, AT, house.ADMIN, **said)
    assert answer.status_code == 303, answer.text


def straight(desk: Desk, address: str, who: Who, **said: str) -> int:
    """Send a form of her own making, with the marks of her session; return the status."""
    headers = desk.sign_in(who)
    marks = hidden(desk.running.client.get(AT, headers=headers).text, "/sign-out")
    return desk.post(address, headers, {**marks, **said}).status_code


def propose(desk: Desk, person: str, role: str = "director") -> None:
    at = f"{AT}/{person}"
    answer = desk.send(at, f"{at}/role", house.ADMIN, role=role, valid_from="2026-01-01", why="She is a physician.")
    assert answer.headers["location"].endswith("said=role-proposed"), answer.text


def test_somebody_is_added_and_given_a_role_by_one_administrator(office: Desk) -> None:
    add(office, "nils")
    at = f"{AT}/nils"
    answer = office.send(at, f"{at}/role", house.ADMIN, role="nurse", valid_from="2026-01-01", valid_until="2027-01-01")
    assert answer.status_code == 303
    (held,) = rows(office.store, t.role, person="nils")
    assert (held["role"], held["granted_by"], held["valid_until"]) == ("nurse", ["adam"], date(2027, 1, 1))


def test_a_role_that_signs_is_proposed_by_one_and_granted_by_another(office: Desk) -> None:
    add(office, "doris")
    propose(office, "doris")
    assert rows(office.store, t.role, person="doris") == []
    mine = office.get(AT, house.ADMIN).text
    assert "Another administrator has to grant it." in mine
    assert "Grant the role" not in mine
    hers = office.get(AT, SECOND).text
    assert "She is a physician." in hers
    assert "1 role waits" in plain(office.get("/admin", SECOND).text)
    action = re.findall(r'action="(/admin/proposals/[0-9a-f]+)"', hers)[0]
    assert office.send(AT, action, SECOND).headers["location"].endswith("said=role-granted")
    (held,) = rows(office.store, t.role, person="doris")
    assert held["granted_by"] == ["ada", "adam"]
    assert straight(office, action, SECOND, do="grant") == 404


def test_who_proposed_a_role_cannot_grant_it_by_a_form_of_her_own(office: Desk) -> None:
    add(office, "dana")
    propose(office, "dana")
    page = office.get(AT, house.ADMIN).text
    action = re.findall(r'action="(/admin/proposals/[0-9a-f]+)"', page)[-1]
    answer = office.send(AT, action, house.ADMIN, do="grant")
    assert answer.status_code == 403
    assert rows(office.store, t.role, person="dana") == []
    assert office.send(AT, action, house.ADMIN, do="refuse", why="").status_code == 422
    assert office.send(AT, action, house.ADMIN, do="refuse", why="a slip").status_code == 303


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(office: Desk) -> None:
    answer = office.send(AT, AT, house.ADMIN, person="two words", title="Somebody", organisation="", supervisor="")
    assert answer.status_code == 422
    assert 'href="#f-person"' in answer.text
    assert 'value="two words"' in answer.text
    assert office.send(AT, AT, house.ADMIN, person="nina", title="N", organisation="", supervisor="").status_code == 422
    at = f"{AT}/nora"
    for wrong in (
        {"role": "director", "valid_from": "2026-01-01"},
        {"role": "nurse", "valid_from": "soon"},
        {"role": "nurse", "valid_from": "2026-02-01", "valid_until": "2026-01-01"},
        {"role": "coordinator", "valid_from": "2026-01-01"},
        {"role": "", "valid_from": "2026-01-01"},
    ):
        assert office.send(at, f"{at}/role", house.ADMIN, **wrong).status_code == 422, wrong


def test_a_licence_is_entered_and_shown(office: Desk) -> None:
    at = f"{AT}/nora"
    said = {"licence": "RN-1", "kind": "RN", "state": "ma", "specialty": "nursing", "licence_from": "2026-01-01"}
    assert office.send(at, f"{at}/licence", house.ADMIN, **said).status_code == 422
    assert office.send(at, f"{at}/licence", house.ADMIN, **said, licence_until="2028-01-01").status_code == 303
    assert "RN, MA" in office.get(at, house.ADMIN).text


def test_a_role_is_ended_with_a_day_and_a_reason(office: Desk) -> None:
    add(office, "nell")
    at = f"{AT}/nell"
    office.send(at, f"{at}/role", house.ADMIN, role="nurse", valid_from="2026-01-01")
    assert office.send(at, f"{at}/role/end", house.ADMIN, last="2026-11-30", why="").status_code == 422
    assert office.send(at, f"{at}/role/end", house.ADMIN, last="2026-11-30", why="She leaves.").status_code == 303
    assert rows(office.store, t.role, person="nell")[0]["valid_until"] == date(2026, 11, 30)


def test_who_leaves_is_signed_out_and_nobody_shuts_herself_out(office: Desk) -> None:
    add(office, "nik")
    at = f"{AT}/nik"
    office.send(at, f"{at}/role", house.ADMIN, role="nurse", valid_from="2026-01-01")
    headers = office.sign_in(Who(house.TENANT, "nik", "nurse"))
    said = {"title": "Nik", "organisation": "", "supervisor": "", "active": "no"}
    assert office.send(at, at, house.ADMIN, **said).status_code == 303
    gone = office.running.client.get("/queue", headers=headers, follow_redirects=False)
    assert gone.headers["location"].startswith("/sign-in")
    own = f"{AT}/adam"
    assert office.send(own, own, house.ADMIN, **{**said, "title": "Adam"}).status_code == 422


def test_a_link_to_sign_in_is_shown_once_and_never_for_who_signs_or_administers(office: Desk) -> None:
    at = f"{AT}/nina"
    answer = office.send(at, f"{at}/link", house.ADMIN)
    assert "palink.plan." in answer.text
    assert "palink" not in office.get(at, house.ADMIN).text
    for name in ("dora", "ada"):
        page = office.get(f"{AT}/{name}", house.ADMIN).text
        assert f"priorauth ledger person link {name}" in page
        assert straight(office, f"{AT}/{name}/link", house.ADMIN) == 403
        assert rows(office.store, t.link, person=name) == []


def test_an_organisation_is_entered(office: Desk) -> None:
    at = "/admin/organisations"
    assert office.send(at, at, house.ADMIN, organisation="west", title="West", kind="", npi="12").status_code == 422
    assert office.send(at, at, house.ADMIN, organisation="west", title="West", kind="clinic", npi="").status_code == 303
    assert "West" in office.get(at, house.ADMIN).text


def test_somebody_who_is_not_there_is_not_found(office: Desk) -> None:
    assert office.get(f"{AT}/nobody", house.ADMIN).status_code == 404
    for address in (f"{AT}/nobody/role", f"{AT}/nobody/role/end", f"{AT}/nobody/link", "/admin/proposals/none"):
        assert straight(office, address, house.ADMIN, role="nurse", valid_from="2026-01-01") == 404, address
