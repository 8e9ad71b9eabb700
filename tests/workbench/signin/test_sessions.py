"""Sessions: how they begin, last and end, and what they may sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from priorauth.ledger.acts.setup import AddPerson, GrantRole
from priorauth.ledger.care.verify import verify
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import sessions
from priorauth.workbench.signin.sessions import MOST, Begun
from tests.ledger.house import ADMIN, DIRECTOR, NOW, NURSE, SYSTEM, TENANT, done, furnish
from tests.workbench.signin.plan import told

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def _begun(store: Store, who: str = "nina", **more: object) -> Begun:
    return sessions.begin(store, TENANT, who, NOW, strong=False, **more)  # type: ignore[arg-type] # a test's


def test_a_session_is_found_by_its_token_and_by_no_other(store: Store) -> None:
    furnish(store)
    token, session = _begun(store)
    assert sessions.found(store, token, NOW) == session
    assert (session.who, session.name, session.roles) == (NURSE, "Nina Nurse", ("nurse",))
    assert sessions.tenant_of(token) == TENANT
    for other in (
        token[:-1] + "_",
        token[:-1],
        "",
        f"pasession.other.{'x' * 43}",
        token.replace("pasession", "patoken"),
    ):
        assert other == token or sessions.found(store, other, NOW) is None


def test_the_secret_is_nowhere_in_the_ledger(store: Store) -> None:
    furnish(store)
    token = _begun(store).token
    secret = token.rpartition(".")[2]
    with store.reading(TENANT) as connection:
        rows = connection.exec_driver_sql("SELECT * FROM session").all()
        chain = connection.exec_driver_sql("SELECT data FROM event").scalars().all()
    assert secret not in str(rows) + str(chain)


def test_a_session_ends_after_half_an_hour_of_nothing_and_lasts_on_while_she_works(store: Store) -> None:
    furnish(store)
    token = _begun(store).token
    assert sessions.found(store, token, NOW + 30 * MINUTE) is None
    at = NOW
    for _ in range(4):
        at += 29 * MINUTE
        assert sessions.found(store, token, at) is not None
    assert sessions.found(store, token, at + 30 * MINUTE) is None


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(store: Store) -> None:
    furnish(store)
    token = _begun(store).token
    assert sessions.found(store, token, NOW + 20 * MINUTE, touch=False) is not None
    assert sessions.found(store, token, NOW + 40 * MINUTE) is None


def test_she_is_noted_as_there_once_a_minute_at_most(store: Store) -> None:
    furnish(store)
    token, session = _begun(store)
    soon, later = NOW + MINUTE / 2, NOW + MINUTE
    assert sessions.found(store, token, soon) == session
    found = sessions.found(store, token, later)
    assert found is not None
    assert (found.seen_at, found.idle_at) == (later, later + 30 * MINUTE)
    assert sessions.found(store, token, later) == found


def test_a_session_is_over_after_twelve_hours_whatever_she_does(store: Store) -> None:
    furnish(store)
    token, session = _begun(store)
    assert session.ends_at == NOW + 12 * HOUR
    for minutes in range(20, 12 * 60, 20):
        assert sessions.found(store, token, NOW + minutes * MINUTE) is not None
    last = sessions.found(store, token, NOW + 12 * HOUR - MINUTE)
    assert last is not None
    assert last.seconds_left(NOW + 12 * HOUR - MINUTE) == 60
    assert sessions.found(store, token, NOW + 12 * HOUR) is None


def test_a_plan_says_itself_how_long(store: Store) -> None:
    furnish(store, session_idle_minutes=5, session_hours="2")
    token, session = _begun(store)
    assert session.seconds_left(NOW) == 300
    assert session.seconds_left(NOW + HOUR) == 0
    assert session.ends_at == NOW + 2 * HOUR
    assert sessions.found(store, token, NOW + 5 * MINUTE) is None


def test_a_session_can_be_extended_with_one_press(store: Store) -> None:
    furnish(store)
    token, session = _begun(store)
    longer = sessions.extend(store, session, NOW + 29 * MINUTE)
    assert longer.seconds_left(NOW + 29 * MINUTE) == 1800
    assert sessions.found(store, token, NOW + 50 * MINUTE, touch=False) == longer


def test_beginning_and_end_are_told_and_the_chain_holds(store: Store) -> None:
    furnish(store)
    token, session = _begun(store, how="password")
    sessions.end(store, session, NOW + MINUTE)
    sessions.end(store, session, NOW + MINUTE)
    assert sessions.found(store, token, NOW + MINUTE) is None
    assert told(store, "signed-in", "signed-out") == [
        {"what": "signed-in", "person": "nina", "role": "nurse", "how": "password", "session": session.id},
        {"what": "signed-out", "person": "nina", "role": "nurse", "session": session.id},
    ]
    assert verify(store, TENANT).faults == ()


def test_who_left_or_holds_no_role_has_no_session(store: Store) -> None:
    furnish(store)
    token = _begun(store).token
    done(store, AddPerson(person="nina", title="Nina", active=False))
    assert sessions.found(store, token, NOW) is None
    done(store, AddPerson(person="newt", title="Newt"))
    for who in ("nina", "newt", "nobody"):
        with pytest.raises(Refusal, match="holds no role today"):
            _begun(store, who)


def test_a_role_that_is_over_ends_the_session_in_it(store: Store) -> None:
    furnish(store)
    today = NOW.date()
    done(store, GrantRole(person="nina", role="manager", valid_from=today, valid_until=today))
    token = _begun(store, role="manager").token
    assert sessions.found(store, token, NOW) is not None
    midnight = NOW.replace(hour=5) + timedelta(days=1)  # of the plan, five hours behind
    sessions.extend(store, _begun(store, role="manager").session, midnight - MINUTE)
    assert sessions.found(store, token, midnight) is None


def test_she_may_hold_several_roles_and_acts_in_one(store: Store) -> None:
    furnish(store)
    done(store, GrantRole(person="nina", role="manager", valid_from=date(2026, 1, 1)))
    token, session = _begun(store)
    assert (session.role, session.roles) == ("nurse", ("nurse", "manager"))
    sessions.confirm(store, session, NOW)
    switched = sessions.switch_role(store, session, "manager", NOW)
    assert sessions.found(store, token, NOW) == switched
    assert (switched.who.role, switched.strong_at) == ("manager", None)
    assert sessions.switch_role(store, switched, "manager", NOW) == switched
    with pytest.raises(Refusal, match="does not hold the role director"):
        sessions.switch_role(store, switched, "director", NOW)
    assert [one["before"] for one in told(store, "role-switched")] == ["nurse"]
    with pytest.raises(Refusal, match="does not hold the role"):
        _begun(store, role="admin")


def test_a_credential_given_again_counts_for_one_signature_within_five_minutes(store: Store) -> None:
    furnish(store)
    session = _begun(store, "dora").session
    assert session.who == DIRECTOR
    assert not sessions.confirmed(store, session, NOW)
    assert sessions.confirm(store, session, NOW).strong_at == NOW
    assert sessions.confirmed(store, session, NOW + 5 * MINUTE)
    assert not sessions.confirmed(store, session, NOW + 5 * MINUTE)
    sessions.confirm(store, session, NOW)
    assert not sessions.confirmed(store, session, NOW + 6 * MINUTE)
    assert not sessions.confirmed(store, session, NOW - MINUTE)


def test_a_strong_beginning_counts_for_a_signature(store: Store) -> None:
    furnish(store)
    session = sessions.begin(store, TENANT, "dora", NOW, strong=True).session
    assert session.strong_at == NOW
    assert sessions.confirmed(store, session, NOW)


def test_she_sees_where_she_is_signed_in_and_ends_what_she_likes(store: Store) -> None:
    furnish(store)
    here, there, past = (_begun(store, device=name) for name in ("Desk", "Tablet\n", "Old"))
    other = _begun(store, "dora")
    sessions.extend(store, here.session, NOW + 2 * MINUTE)
    sessions.extend(store, there.session, NOW + MINUTE)
    at = NOW + 30 * MINUTE
    assert [one.device for one in sessions.seats(store, here.session, at)] == ["Desk", "Tablet"]
    assert not sessions.end_one(store, here.session, other.session.id, at)
    assert sessions.end_one(store, here.session, there.session.id, at)
    assert [one.id for one in sessions.seats(store, here.session, at)] == [here.session.id]
    assert sessions.end_all(store, SYSTEM, "nina", at, but=here.session.id) == 1
    assert sessions.end_all(store, SYSTEM, "nina", at) == 1
    assert [sessions.found(store, one.token, NOW) for one in (here, there, past)] == [None] * 3
    assert sessions.found(store, other.token, NOW) == other.session
    assert [one["count"] for one in told(store, "sessions-ended")] == [1, 1]


def test_a_person_has_so_many_sessions_and_the_oldest_makes_room(store: Store) -> None:
    furnish(store)
    first = _begun(store)
    tokens = [sessions.begin(store, TENANT, "nina", NOW + MINUTE, strong=False).token for _ in range(MOST)]
    assert sessions.found(store, first.token, NOW + MINUTE) is None
    assert all(sessions.found(store, token, NOW + MINUTE) for token in tokens)


def test_what_is_over_is_taken_away_when_another_begins(store: Store) -> None:
    furnish(store)
    _begun(store)
    sessions.begin(store, TENANT, "dora", NOW + 12 * HOUR, strong=False)
    with store.reading(TENANT) as connection:
        assert connection.exec_driver_sql("SELECT person FROM session").scalars().all() == ["dora"]


def test_no_session_without_its_plan(store: Store) -> None:
    furnish(store)
    session = replace(_begun(store).session, tenant="other")
    with pytest.raises(Refusal, match="no tenant"):
        sessions.extend(store, session, NOW)


def test_an_administrator_sees_every_session_and_ends_any_which_is_an_event(store: Store) -> None:
    furnish(store)
    token, session = _begun(store)
    _begun(store, "dora")
    found = sessions.everybodys(store, TENANT, NOW)
    assert sorted((person, seat.role) for person, seat in found) == [("dora", "director"), ("nina", "nurse")]
    assert sessions.everybodys(store, TENANT, NOW + 30 * MINUTE) == []
    assert sessions.end_for(store, ADMIN, session.id, NOW)
    assert not sessions.end_for(store, ADMIN, session.id, NOW)
    assert sessions.found(store, token, NOW) is None
    assert told(store, "sessions-ended") == [{"what": "sessions-ended", "person": "nina", "role": "admin", "count": 1}]
    assert verify(store, TENANT).faults == ()
