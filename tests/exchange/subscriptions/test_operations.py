"""Subscriptions over the web: who makes one sees and changes it, nobody else."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from priorauth.exchange.subscriptions import kept
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from tests.exchange.house import both
from tests.exchange.subscriptions.wishes import NPI, House, notifying, subscription
from tests.ledger.house import TENANT, done, example


@pytest.mark.shall("PAS 2.0.1/209", "PAS 2.2.1/spec-51", "PAS 2.2.1/spec-54", "PAS 2.0.1/141")
@both
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_subscription_is_made_and_is_requested_until_its_endpoint_has_answered(store: Store, version: str) -> None:
    with notifying(store) as at:
        found = at.post("/fhir/Subscription", subscription(at.hook.url, version), version)
        assert found.status_code == 201
        made = found.json()
        assert (made["resourceType"], made["status"], made["channel"]["type"]) == (
            "Subscription",
            "requested",
            "rest-hook",
        )
        assert found.headers["etag"] == 'W/"1"'
        assert found.headers["location"].endswith(f"/plan/{version}/fhir/Subscription/{made['id']}/_history/1")
        assert at.hook.came == []
        at.deliver()
        now = at.ask("GET", made["id"], version=version)
        assert (now.json()["status"], now.headers["etag"]) == ("active", 'W/"2"')
        assert {**now.json(), "meta": {}, "status": ""} == {**made, "meta": {}, "status": ""}


def test_the_bare_resource_and_one_in_parameters_are_taken_alike(store: Store) -> None:
    with notifying(store) as at:
        one = subscription(at.hook.url)
        wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": one}]}
        assert at.post("/fhir/Subscription", wrapped).status_code == 201
        assert at.post("/fhir/Subscription", {"resourceType": "Patient"}).status_code == 400


@pytest.mark.shall("PAS 2.0.1/210")
@both
def test_a_change_names_the_edition_that_it_is_made_on_and_asks_for_a_handshake_anew(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        body = {**subscription(at.hook.url, reason="Another"), "id": named}
        stale = at.ask("PUT", named, json=body, headers={"If-Match": 'W/"1"'})
        assert (stale.status_code, stale.json()["resourceType"]) == (412, "OperationOutcome")
        fresh = at.ask("PUT", named, json=body, headers={"If-Match": 'W/"2"'})
        assert (fresh.status_code, fresh.headers["etag"]) == (200, 'W/"3"')
        assert (fresh.json()["status"], fresh.json()["reason"]) == ("requested", "Another")
        at.deliver()
        assert [one.kind for one in at.hook.came] == ["handshake", "handshake"]
        assert at.ask("GET", named).json()["status"] == "active"


def test_a_change_is_checked_like_a_new_one(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        body = {**subscription(at.hook.url), "id": named}
        assert at.ask("PUT", named, json={**body, "id": "another"}).status_code == 400
        assert at.ask("PUT", named, json={**body, "criteria": "Observation?"}).status_code == 422
        other = {**subscription(at.hook.url, of="org-identifier=1888888883"), "id": named}
        assert at.ask("PUT", named, json=other).status_code == 403
        assert at.ask("PUT", "nothing-here", json={**body, "id": "nothing-here"}).status_code == 404
        assert at.row(named)["edition"] == 2


def test_a_subscription_that_is_put_off_is_sent_nothing_and_can_be_asked_for_again(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        off = at.ask("PUT", named, json={**subscription(at.hook.url, status="off"), "id": named})
        assert (off.status_code, off.json()["status"]) == (200, "off")
        at.deliver()
        assert len(at.hook.came) == 1
        at.ask("PUT", named, json={**subscription(at.hook.url), "id": named})
        at.deliver()
        assert at.row(named)["status"] == "active"


@pytest.mark.shall("PAS 2.0.1/211")
@both
def test_a_subscription_that_was_deleted_is_gone_with_all_that_waited_for_it(store: Store) -> None:
    with notifying(store) as at:
        named = at.subscribed()
        assert at.waiting() == 1
        gone = at.ask("DELETE", named)
        assert (gone.status_code, gone.content) == (204, b"")
        assert at.waiting() == 0
        at.deliver()
        assert at.hook.came == []
        for method in ("GET", "DELETE"):
            assert at.ask(method, named).status_code == 404


@both
def test_a_subscription_can_be_deleted_while_an_event_of_it_is_leaving(store: Store) -> None:
    with notifying(store) as at, ThreadPoolExecutor(1) as pool:
        named = at.active()
        done(store, Receive(bundle=example("review"), client="clinic-ehr"), Who(TENANT, None, "system", "clinic"))
        at.hook.seconds = 0.5
        leaving = pool.submit(at.deliver)
        until = time.monotonic() + 10
        while not at.hook.events and time.monotonic() < until:
            time.sleep(0.01)
        assert at.ask("DELETE", named).status_code == 204
        assert not leaving.done()
        leaving.result()
        assert at.waiting() == 0


def test_a_deletion_on_an_older_edition_is_refused(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        assert at.ask("DELETE", named, headers={"If-Match": 'W/"1"'}).status_code == 412
        assert at.ask("DELETE", named, headers={"If-Match": '"2"'}).status_code == 204


@pytest.mark.shall("PAS 2.2.1/spec-59", "PAS 2.0.1/148")
@both
def test_for_every_other_client_a_subscription_is_not_there(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        body = json.dumps({**subscription(at.hook.url, of="org-identifier=1888888883"), "id": named})
        for client, version in (("other-ehr", "2.2"), ("open", "2.2"), ("clinic-ehr", "2.0")):
            for method, path in (("GET", named), ("PUT", named), ("DELETE", named), ("GET", f"{named}/$status")):
                found = at.ask(method, path, client, version, content=body if method == "PUT" else None)
                assert found.status_code == 404, (client, method)
                assert "clinic" not in found.text
        assert at.row(named)["edition"] == 2
        assert at.post("/fhir/Subscription", subscription(at.hook.url), client="other-ehr").status_code == 403


def test_how_a_subscription_stands_is_told_to_its_owner(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        found = at.ask("GET", f"{named}/%24status").json()
        assert (found["type"], found["total"]) == ("searchset", 1)
        said = {one["name"]: one for one in found["entry"][0]["resource"]["parameter"]}
        assert said["status"]["valueCode"] == "active"
        assert said["type"]["valueCode"] == "query-status"
        assert said["events-since-subscription-start"]["valueString"] == "0"
        assert said["subscription"]["valueReference"]["reference"].endswith(f"/fhir/Subscription/{named}")


def test_a_subscription_whose_time_has_passed_is_off(store: Store) -> None:
    with notifying(store) as at:
        named = at.active(end="2026-11-24T15:00:00Z")
        assert at.ask("GET", named).json()["end"] == "2026-11-24T15:00:00.000+00:00"
        at.running.clock.now = at.running.clock.now.replace(hour=16)
        assert at.ask("GET", named).json()["status"] == "off"


def test_a_partner_has_no_more_subscriptions_than_it_may(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    with notifying(store) as at:
        for _ in range(2):
            at.subscribed()
        found = at.post("/fhir/Subscription", subscription(at.hook.url))
        assert (found.status_code, found.json()["issue"][0]["code"]) == (422, "too-costly")
        other = subscription(at.hook.url, of="org-identifier=1888888883")
        assert at.post("/fhir/Subscription", other, client="other-ehr").status_code == 201


@pytest.mark.parametrize("endpoint", ["http://10.0.0.1/", "https://169.254.169.254/latest", "http://127.0.0.1:1/told"])
def test_an_endpoint_inside_that_nobody_listed_is_refused(store: Store, endpoint: str) -> None:
    with notifying(store) as at:
        found = at.post("/fhir/Subscription", subscription(endpoint))
        assert (found.status_code, found.json()["issue"][0]["expression"]) == (422, ["Subscription.channel.endpoint"])
        assert at.waiting() == 0


@pytest.mark.shall("PAS 2.2.1/spec-55", "PAS 2.0.1/149")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_the_server_says_what_may_be_done_with_subscriptions(store: Store, version: str) -> None:
    with notifying(store) as at:
        said = at.get("/fhir/metadata", version).json()["rest"][0]["resource"]
        (its,) = [one for one in said if one["type"] == "Subscription"]
        assert {one["code"] for one in its["interaction"]} >= {"create", "read", "update", "delete"}


def test_the_secrets_of_a_channel_are_in_no_log(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        at.post("/fhir/Subscription", subscription("https://10.0.0.1/secret-path"))
        assert "of-the-listener" not in at.running.out.getvalue()
        assert "secret-path" not in at.running.out.getvalue()


def test_whoever_an_open_server_does_not_know_may_subscribe_on_this_machine(store: Store) -> None:
    with notifying(store) as at:
        named = at.active(client="open", of="org-identifier=8189991234")
        assert House.row(at, named)["organisation"] == ""
        assert NPI not in at.hook.came[0].body["entry"][0]["fullUrl"]
