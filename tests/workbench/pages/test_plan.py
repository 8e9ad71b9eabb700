"""What an administrator sets up and sees: who may sign, days, numbers, clocks, forms, messages, tokens, sessions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from priorauth.ledger import tables as t
from priorauth.ledger import tokens
from priorauth.ledger.acts.tokens import MakeToken
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench.house import Desk, plain, working


@pytest.fixture(scope="module")
def office(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = connect(f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('plan') / 'ledger.db')}")
    house.furnish(store)
    with working(store, open_to_all=False) as desk:
        yield desk
    store.close()


def settings(desk: Desk) -> dict[str, object]:
    return dict(rows(desk.store, t.tenant)[0]["settings"])


def test_every_page_of_the_administrator_opens_and_names_no_case(office: Desk) -> None:
    number = office.receive("ask")
    for name in ("", "/signing", "/calendar", "/clocks", "/letters", "/settings", "/messages", "/sessions"):
        answer = office.get(f"/admin{name}", house.ADMIN)
        assert answer.status_code == 200, (name, answer.text)
        assert number not in answer.text, name


def test_a_licence_may_sign_and_may_no_longer(office: Desk) -> None:
    at = "/admin/signing"
    assert office.send(at, at, house.ADMIN, do="", kind="DO", state="Mass", line="*").status_code == 422
    assert office.send(at, at, house.ADMIN, do="", kind="DO", state="plan", line="*").status_code == 303
    assert {"line": "*", "kind": "DO", "state": "plan"}.items() <= rows(office.store, t.may_sign, kind="DO")[0].items()
    said = {"do": "remove", "kind": "DO", "state": "plan", "line": "*"}
    assert office.send(at, at, house.ADMIN, **said).headers["location"].endswith("said=signing-removed")
    assert rows(office.store, t.may_sign, kind="DO") == []


def test_a_day_to_come_does_not_count_and_counts_again_and_a_past_one_stays(office: Desk) -> None:
    at = "/admin/calendar"
    today = house.NOW.date()
    for wrong in (today.isoformat(), "soon", ""):
        assert office.send(at, at, house.ADMIN, do="", day=wrong, title="Closed").status_code == 422, wrong
    assert office.send(at, at, house.ADMIN, do="", day="2026-12-24", title="Christmas Eve").status_code == 303
    assert settings(office)["closed_days"] == {"2026-12-24": "Christmas Eve"}
    assert "24 Dec 2026" in office.get(at, house.ADMIN).text
    assert office.send(at, at, house.ADMIN, do="open", day="2026-12-24").status_code == 303
    assert settings(office)["closed_days"] == {}


def test_public_holidays_of_a_state_are_listed(office: Desk) -> None:
    assert "Patriots" not in office.get("/admin/calendar", house.ADMIN).text
    assert "Patriots" in office.get("/admin/calendar?state=MA", house.ADMIN).text


def test_a_number_of_the_settings_is_changed_and_goes_back(office: Desk) -> None:
    at = "/admin/settings"
    for wrong in ("0", "-1", "many", "9999999"):
        said = {"do": "", "setting": "answer_days", "value": wrong}
        assert office.send(at, at, house.ADMIN, **said).status_code == 422, wrong
    assert office.send(at, at, house.ADMIN, do="", setting="answer_days", value="9").status_code == 303
    assert settings(office)["answer_days"] == 9
    assert office.send(at, at, house.ADMIN, do="default", setting="answer_days").status_code == 303
    assert "answer_days" not in settings(office)


def test_clocks_are_shown_with_their_source_those_not_verified_first(office: Desk) -> None:
    text = plain(office.get("/admin/clocks", house.ADMIN).text)
    assert "42 CFR 440.230(e)" in text
    assert text.index(" no ") < text.rindex(" yes ")
    assert " yes " not in plain(office.get("/admin/clocks?show=open", house.ADMIN).text)
    assert "No clock is of this kind" in office.get("/admin/clocks?show=own", house.ADMIN).text


def test_a_dead_letter_is_sent_again_or_dropped_with_a_reason(office: Desk) -> None:
    office.receive("ask")
    one = t.outbox
    with office.store.writing(house.TENANT) as connection:
        number = connection.execute(select(one.c.number).limit(1)).scalar_one()
        connection.execute(update(one).values(dead_at=house.NOW, attempts=9).where(one.c.number == number))
    at, action = "/admin/messages", f"/admin/messages/{number}"
    assert "could not be delivered" in office.get("/admin", house.ADMIN).text
    assert office.send(at, action, house.ADMIN, do="retry", why="").status_code == 422
    assert office.send(at, action, house.ADMIN, do="retry", why="It is back.").status_code == 303
    assert rows(office.store, one, number=number)[0]["dead_at"] is None
    waiting = f"{at}?show=waiting"
    assert office.send(waiting, action, house.ADMIN, do="drop", why="It is gone.").status_code == 303
    assert "It is gone" not in office.get(f"{at}?show=dropped", house.ADMIN).text
    assert str(number) in office.get(f"{at}?show=dropped", house.ADMIN).text
    assert office.get(f"{at}?show=all", house.ADMIN).status_code == 404


def test_a_token_is_taken_back(office: Desk) -> None:
    kept = tokens.kept("s" * 43)
    until = house.NOW + timedelta(days=1)
    made = MakeToken(token=kept.token, sha256=kept.sha256, title="a portal", role="system", valid_until=until)
    house.done(office.store, made)
    at = "/admin/messages"
    assert office.send(at, f"/admin/tokens/{kept.token}", house.ADMIN).status_code == 303
    assert rows(office.store, t.token)[0]["revoked_at"] is not None


def test_a_session_of_somebody_is_ended(office: Desk) -> None:
    nurse = office.sign_in(house.NURSE)
    page = office.get("/admin/sessions", house.ADMIN).text
    assert "Nina Nurse" in page
    for row in rows(office.store, t.session, person="nina"):
        answer = office.send("/admin/sessions", "/admin/sessions", house.ADMIN, session=row["session"])
        assert answer.status_code == 303
    gone = office.running.client.get("/queue", headers=nurse, follow_redirects=False)
    assert gone.headers["location"].startswith("/sign-in")


def test_nobody_else_administers(office: Desk) -> None:
    for who in (house.NURSE, house.DIRECTOR, house.COORDINATOR, Who(house.TENANT, "nora", "nurse")):
        assert office.get("/admin", who).status_code == 403
        assert office.get("/admin/people", who).status_code == 403
