"""Events: each change of a result is told, once, in order, whatever becomes of the endpoint or of us."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from priorauth.exchange.pas import respond
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.pas.submit import OPERATION
from priorauth.exchange.plan import Partner, plan_of
from priorauth.exchange.subscriptions.resource import BACKPORT, TOPIC
from priorauth.exchange.subscriptions.result import result_of
from priorauth.ledger import outbox, traffic
from priorauth.ledger import tables as t
from priorauth.ledger.acts import decisions, files, intake, queues
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Done, perform
from tests.exchange.house import PLAN, both
from tests.exchange.subscriptions.listening import Came, listening
from tests.exchange.subscriptions.wishes import House, known, listed, notifying, subscription
from tests.ledger.house import COORDINATOR, DIRECTOR, LICENCE, NOW, NURSE, REASON, SYSTEM, TENANT, done, example
from tests.ledger.standing import ACTS, ASK, FITTED, STATES

FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def sent(store: Store, content: bytes = ASK, client: str | None = "clinic-ehr", clinic: str = "clinic") -> str:
    """A request of a partner's; return the number of its case."""
    who = Who(TENANT, None, "system", clinic)
    found = done(store, intake.Receive(bundle=content, client=client), who).case
    assert found is not None
    return found


def approved(store: Store, case: str) -> None:
    done(store, decisions.Approve(case=case, why="the charts show it"), DIRECTOR)


def denied(store: Store, case: str) -> None:
    done(store, queues.RouteToDirector(case=case), NURSE)
    done(store, decisions.DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,)), DIRECTOR)


def answered(at: House, case: str, client: str = "clinic-ehr", version: str = "2.2") -> None:
    """Let the partner have been answered with how the case stands, as $submit does."""
    said = result(at.store, case, version)
    row = {
        "client": client, "sha256": case.rjust(64, "0"), "operation": OPERATION, "version": version,
        "at": at.running.clock.now, "case_no": case, "status": 200, "answer": json.dumps(said).encode(),
    }  # fmt: skip
    traffic.keep(at.store, TENANT, t.ask, row)


def result(store: Store, case: str, version: Any = "2.2") -> dict[str, Any]:
    found = standing(store, TENANT, case)
    assert found is not None
    plan = plan_of({"exchange": PLAN})
    return respond.bundle(found, plan, version, Partner(), f"http://localhost/plan/{version}")


@pytest.mark.shall("PAS 2.2.1/spec-54", "PAS 2.0.1/141")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_the_handshake_says_what_is_being_asked_with_the_headers_of_the_channel(store: Store, version: str) -> None:
    with notifying(store) as at:
        named = at.subscribed(version)
        at.deliver()
        came = at.hook.came[0]
        assert came.headers["authorization"] == "Bearer of-the-listener"
        assert came.headers["content-type"] == "application/fhir+json"
        body = came.body
        assert (body["resourceType"], body["type"], len(body["entry"])) == ("Bundle", "history", 1)
        assert body["meta"]["profile"] == [f"{BACKPORT}/backport-subscription-notification-r4"]
        first = body["entry"][0]
        assert first["resource"]["meta"]["profile"] == [f"{BACKPORT}/backport-subscription-status-r4"]
        place = f"http://localhost/plan/{version}/fhir/Subscription/{named}"
        assert first["request"] == {"method": "GET", "url": f"{place}/$status"}
        assert first["response"] == {"status": "200"}
        assert came.status == {
            "subscription": {"reference": place}, "topic": TOPIC, "status": "requested", "type": "handshake",
            "events-since-subscription-start": "0",
        }  # fmt: skip


@pytest.mark.parametrize("answer", [302, 401, 500])
def test_an_endpoint_that_does_not_take_the_handshake_is_told_nothing_and_its_owner_sees_why(
    store: Store, answer: int
) -> None:
    with notifying(store) as at, listening() as other:
        at.hook.answer, at.hook.to = answer, other.url
        named = at.subscribed()
        at.deliver()
        said = at.ask("GET", named).json()
        assert (said["status"], said["error"]) == ("error", f"the handshake: answered {answer}")
        approved(store, sent(store))
        at.running.clock.now += timedelta(hours=2)
        at.deliver()
        assert (len(at.hook.came), other.came) == (1, [])


@pytest.mark.shall("PAS 2.2.1/spec-60", "PAS 2.2.1/spec-61", "PAS 2.2.1/spec-62", "PAS 2.2.1/spec-51")
@both
def test_in_2_2_a_changed_result_is_told_with_the_whole_response(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        case = sent(store)
        answered(at, case)
        at.deliver()
        assert at.hook.events == []  # it was told in answer to its request
        approved(store, case)
        at.deliver()
        (came,) = at.hook.events
        assert (came.status["status"], came.status["events-since-subscription-start"], came.number) == (
            "active",
            "1",
            1,
        )
        held = came.body["entry"][1]
        assert held["fullUrl"] == came.focus
        assert (held["resource"]["resourceType"], held["response"]) == ("Bundle", {"status": "200"})
        assert {name: value for name, value in held["resource"].items() if name != "id"} == result(store, case)
        assert FHIR_ID.fullmatch(held["resource"]["id"])
        assert came.focus.endswith(f"/fhir/{held['request']['url']}")


@pytest.mark.shall("PAS 2.0.1/145", "PAS 2.0.1/152")
def test_in_2_0_1_a_changed_result_is_told_by_ids_alone(store: Store) -> None:
    with notifying(store) as at:
        at.active("2.0")
        case = sent(store)
        answered(at, case, version="2.0")
        denied(store, case)
        at.deliver()
        (came,) = at.hook.events
        assert came.focus == result(store, case, "2.0")["entry"][0]["fullUrl"]
        assert came.focus.endswith(f"/plan/2.0/fhir/ClaimResponse/{case}")
        assert came.body["entry"][1] == {
            "fullUrl": came.focus,
            "request": {"method": "GET", "url": f"ClaimResponse/{case}"},
            "response": {"status": "200"},
        }
        assert "MA-12345" not in json.dumps(came.body)


@pytest.mark.shall("PAS 2.2.1/spec-60", "PAS 2.0.1/152")
def test_each_act_that_changes_the_result_is_told_once_and_no_other(store: Store) -> None:
    """Every act that there is, in a state in which it can be done: an event exactly where the response differs."""
    with notifying(store) as at:
        sent(store)
        at.active()
        mix = {True: set[str](), False: set[str]()}
        for name, make in ACTS.items():
            for state in (*(state for state, act in FITTED if act == name), *STATES):
                case = FITTED.get((state, name), STATES[state])(store)
                at.deliver()
                before, events = result_of(result(store, case)), len(at.hook.events)
                one = make(store, case)
                if not isinstance(perform(store, one.act, one.who, one.at), Done):
                    continue
                at.running.clock.now = max(at.running.clock.now, one.at)
                at.deliver()
                differs = result_of(result(store, case)) != before
                new = [one.focus for one in at.hook.events[events:]]
                others = 1 if name == "reauthorize" else 0  # the new request is one of its own
                assert len(new) == int(differs) + others, (name, state)
                mix[differs].add(name)
                break
        print({differs: sorted(names) for differs, names in mix.items()})
        assert mix[True] >= {
            "approve",
            "decide-adversely",
            "decide-in-part",
            "withdraw",
            "send-elsewhere",
            "end-approval",
        }
        assert mix[False] >= {"take", "assign", "note", "snooze", "read", "propose", "route-to-director"}
        assert mix[True] | mix[False] == set(ACTS)
        numbers = [one.number for one in at.hook.events]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.shall("PAS 2.2.1/spec-59", "PAS 2.0.1/148", "PAS 2.2.1/spec-60")
def test_nobody_is_told_of_anothers_request(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        at.active(client="other-ehr", of="org-identifier=1888888883")
        mine, other = sent(store), sent(store, client="other-ehr", clinic="other-clinic")
        for case in (mine, other):
            approved(store, case)
        at.deliver()
        told = {one.status["subscription"]["reference"]: one.body for one in at.hook.events}
        assert len(told) == len(at.hook.events) == 2
        for reference, body in told.items():
            client = at.row(reference.rpartition("/")[2])["client"]
            its, anothers = (mine, other) if client == "clinic-ehr" else (other, mine)
            assert f"ClaimResponse/{its}" in json.dumps(body)
            assert f"ClaimResponse/{anothers}" not in json.dumps(body)


def test_a_message_that_went_astray_tells_nobody_of_another_organisation(store: Store) -> None:
    with notifying(store) as at:
        mine = at.active("2.0")
        other = at.active("2.0", client="other-ehr", of="org-identifier=1888888883")
        approved(store, sent(store, client="other-ehr", clinic="other-clinic"))
        with store.writing(TENANT) as connection:
            one = t.outbox
            astray = one.update().where(one.c.receiver == f"subscription:{other}")
            assert connection.execute(astray.values(receiver=f"subscription:{mine}")).rowcount > 0
        at.deliver()
        assert at.hook.events == []


def test_in_2_2_one_system_of_a_house_is_not_told_of_what_another_sent_and_all_are_of_papers(store: Store) -> None:
    with notifying(store) as at:
        second = {"organisation": "clinic", "npis": ["1999999992"], "endpoints": [at.hook.url]}
        partners = {**known(at.hook.url)["partners"], "second-ehr": second}
        settings = {"exchange": {**PLAN, "partners": partners}}
        done(store, SetUp(title="A plan", zone="America/New_York", settings=settings))
        new, old = at.active(client="second-ehr"), at.active("2.0", client="second-ehr")
        approved(store, sent(store))
        at.deliver()
        assert [one.status["subscription"]["reference"].rpartition("/")[2] for one in at.hook.events] == [old]
        approved(store, done(store, intake.Receive(bundle=ASK, channel="fax"), COORDINATOR).case or "")
        at.deliver()
        assert sorted(
            one.status["subscription"]["reference"].rpartition("/")[2] for one in at.hook.events[1:]
        ) == sorted([new, old])


def test_an_event_that_is_not_taken_is_sent_again_under_its_number_and_holds_back_the_next(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        first, second = sent(store), sent(store, example("review"))
        for case in (first, second):
            answered(at, case)
        at.deliver()
        at.hook.answer = 503
        approved(store, first)
        approved(store, second)
        at.deliver()
        at.hook.answer = 200
        at.deliver()
        assert [one.number for one in at.hook.events] == [1]
        at.running.clock.now += timedelta(seconds=5)
        at.deliver()
        assert [one.number for one in at.hook.events] == [1, 1, 2]
        assert [f"ClaimResponse/{case}" in json.dumps(one.body) for case, one in zip(
            (first, first, second), at.hook.events, strict=True)] == [True] * 3  # fmt: skip
        assert at.hook.events[0].body["id"] == at.hook.events[1].body["id"]
        assert at.hook.events[1].status["events-since-subscription-start"] == "1"


def test_what_changes_again_before_it_could_be_told_is_told_once_as_it_is(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        case = sent(store)
        answered(at, case)
        at.hook.answer = 503
        approved(store, case)
        at.deliver()
        done(
            store, decisions.EndApproval(case=case, approval=f"{case}-1", because="asked", ends=NOW.date()), COORDINATOR
        )
        at.hook.answer = 200
        at.running.clock.now += timedelta(seconds=5)
        at.deliver()
        assert [one.number for one in at.hook.events] == [1, 1]
        assert '"code": "C"' in json.dumps(at.hook.events[-1].body)
        assert at.waiting() == 0


def test_the_waits_grow_from_five_seconds_to_an_hour_and_end_after_a_day() -> None:
    its = outbox.waits().of("subscription:x")
    waited = [its.after(attempt) for attempt in range(1, its.attempts)]
    assert (waited[0], waited[-1]) == (timedelta(seconds=5), timedelta(hours=1))
    assert waited == sorted(waited)
    assert timedelta(days=1) <= sum(waited, timedelta()) < timedelta(days=1, hours=2)


@both
def test_after_a_day_a_subscription_has_failed_that_is_seen_and_nothing_is_lost(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        first = sent(store)
        approved(store, first)
        at.hook.answer = 500
        its = outbox.waits().of("subscription:x")
        for attempt in range(1, its.attempts + 1):
            assert at.row(named)["status"] == "active"
            at.deliver()
            at.running.clock.now += its.after(attempt)
        assert len(at.hook.events) == its.attempts
        assert at.ask("GET", named).json()["error"] == "an event was not taken for a day: answered 500"
        dead = outbox.listed(store, SYSTEM, "dead")
        assert [(one.receiver, one.last_fault) for one in dead] == [(f"subscription:{named}", "answered 500")]
        approved(store, sent(store, example("review")))
        at.hook.answer = 200
        at.running.clock.now += timedelta(hours=2)
        at.deliver()
        assert len(at.hook.events) == its.attempts  # it waits until it is asked for anew
        at.ask("PUT", named, json={**subscription(at.hook.url), "id": named})
        at.deliver()
        at.deliver()
        assert [one.number for one in at.hook.events[its.attempts :]] == [1, 2]
        assert outbox.listed(store, SYSTEM, "dead") == ()


def test_a_subscription_that_has_failed_for_a_month_is_over_and_nothing_is_kept_for_it(store: Store) -> None:
    with notifying(store) as at:
        at.hook.answer = 500
        named = at.subscribed()
        at.deliver()
        approved(store, sent(store))
        at.running.clock.now += timedelta(days=29)
        at.deliver()
        assert at.waiting() == 2
        at.running.clock.now += timedelta(days=2)
        at.deliver()
        assert (at.row(named)["status"], at.waiting()) == ("off", 0)
        assert at.row(named)["error"] == "the handshake: answered 500"
        approved(store, sent(store, example("review")))
        assert at.waiting() == 0


def test_what_happens_before_the_handshake_is_told_after_it(store: Store) -> None:
    with notifying(store) as at:
        named = at.subscribed()
        approved(store, sent(store))
        at.deliver()
        at.deliver()
        assert at.row(named)["status"] == "active"
        assert [one.kind for one in at.hook.came] == ["handshake", "event-notification"]


def test_a_case_is_told_of_to_each_of_several_subscriptions_under_their_own_numbers(store: Store) -> None:
    with notifying(store) as at:
        three = {at.active(), at.active(), at.active("2.0")}
        for name in ("ask", "review"):
            approved(store, sent(store, example(name)))
        at.deliver()
        by: dict[str, list[int]] = {}
        for one in at.hook.events:
            by.setdefault(one.status["subscription"]["reference"].rpartition("/")[2], []).append(one.number)
        assert by == {one: [1, 2] for one in three}


@both
def test_an_event_that_was_numbered_and_not_recorded_keeps_its_number(store: Store) -> None:
    """The process ended between the sending and the record of it: what is sent again is the same event."""
    with notifying(store) as at:
        named = at.active()
        case = sent(store)
        approved(store, case)
        at.deliver()
        with store.writing(TENANT) as connection:
            one = t.outbox
            connection.execute(
                one.update().where(one.c.receiver == f"subscription:{named}").values(delivered_at=None, dropped_at=None)
            )
        at.deliver()
        assert [one.number for one in at.hook.events] == [1, 1]
        assert at.hook.events[0].body == at.hook.events[1].body
        assert at.row(named)["events"] == 1
        approved(store, sent(store, example("review")))
        at.deliver()
        assert [one.number for one in at.hook.events] == [1, 1, 2]


def test_a_partner_that_the_plan_does_not_know_any_more_is_told_nothing(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        settings = {"exchange": {**PLAN, "partners": {}}}
        done(store, SetUp(title="A plan", zone="America/New_York", settings=settings))
        approved(store, sent(store))
        at.deliver()
        assert at.hook.events == []
        dropped = outbox.listed(store, SYSTEM, "dropped")
        assert {one.last_fault for one in dropped} == {"the subscriber is no partner of the plan any more"}


def test_a_partner_of_no_organisation_that_the_plan_does_not_know_any_more_is_told_nothing(store: Store) -> None:
    with notifying(store) as at:
        partners = {"free-ehr": {"endpoints": [at.hook.url]}}
        settings = {"exchange": {**PLAN, "partners": partners}}
        done(store, SetUp(title="A plan", zone="America/New_York", settings=settings))
        named = at.subscribed(client="free-ehr", of="org-identifier=free-ehr")
        done(store, SetUp(title="A plan", zone="America/New_York", settings={"exchange": {**PLAN, "partners": {}}}))
        at.deliver()
        dropped = outbox.listed(store, SYSTEM, "dropped")
        assert {one.last_fault for one in dropped} == {"the subscriber is no partner of the plan any more"}
        assert at.row(named)["status"] == "requested"


def test_an_endpoint_that_is_not_agreed_any_more_is_told_nothing(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        listed(store, "https://ehr.example.org/")
        approved(store, sent(store))
        at.deliver()
        assert at.hook.events == []
        waits = [one for one in outbox.listed(store, SYSTEM, "waiting") if one.attempts]
        assert [one.last_fault for one in waits] == ["the address is not agreed with the partner any more"]


def test_a_subscription_whose_time_has_passed_is_told_nothing(store: Store) -> None:
    with notifying(store) as at:
        at.active(end="2026-11-24T15:00:00Z")
        at.running.clock.now += timedelta(hours=2)
        approved(store, sent(store))
        at.deliver()
        assert at.hook.events == []


def test_what_goes_to_an_endpoint_is_in_no_log(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        approved(store, sent(store))
        at.hook.answer = 500
        at.deliver()
        log = at.running.out.getvalue()
        for secret in ("of-the-listener", "/told", "Rivera", "127.0.0.1"):
            assert secret not in log


def test_a_file_that_comes_late_to_a_decided_case_is_no_event(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        case = sent(store)
        approved(store, case)
        at.deliver()
        paper = files.File(title="late.pdf", media="application/pdf", content=b"%PDF-1.7")
        done(store, files.FileDocument(case=case, file=paper), COORDINATOR)
        at.deliver()
        assert [one.number for one in at.hook.events] == [1]
        assert isinstance(at.hook.events[0], Came)
