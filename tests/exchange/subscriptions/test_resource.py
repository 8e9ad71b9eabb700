"""What a Subscription may ask for, and what is refused of it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.plan import Partner
from priorauth.exchange.subscriptions.resource import BACKPORT, TOPIC, Wish, headers, seconds, wish
from priorauth.exchange.wire import Fault
from tests.exchange.subscriptions.wishes import NPI, subscription
from tests.ledger.house import NOW

HOOK = "https://ehr.example.org/told"
OWN = {"clinic-ehr", "clinic", NPI}


def wished(said: dict[str, Any], version: Any = "2.2", *, new: bool = True, anyone: bool = False) -> Wish:
    return wish(said, version, Partner(), OWN, NOW, new=new, anyone=anyone)


def refused(said: dict[str, Any], version: Any = "2.2", *, new: bool = True) -> Fault:
    with pytest.raises(Fault) as fault:
        wished(said, version, new=new)
    return fault.value


def without(said: dict[str, Any], *path: str) -> dict[str, Any]:
    """The same without an element."""
    made = copy.deepcopy(said)
    within = made
    for name in path[:-1]:
        within = within[name]
    del within[path[-1]]
    return made


@pytest.mark.shall("PAS 2.2.1/spec-57", "PAS 2.2.1/spec-54", "PAS 2.0.1/141")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_subscription_of_the_profile_is_taken_in_the_content_of_its_version(version: Any) -> None:
    found = wished(subscription(HOOK, version), version)
    assert (found.runs, found.endpoint, found.ends) == (True, HOOK, None)


@pytest.mark.shall("PAS 2.2.1/spec-62", "PAS 2.0.1/145")
def test_ids_alone_are_for_2_0_1_and_the_whole_response_for_2_2() -> None:
    for version, other in (("2.0", "2.2"), ("2.2", "2.0")):
        fault = refused(subscription(HOOK, other), version)
        assert (fault.status, fault.at) == (422, ("Subscription.channel.payload.extension",))
    assert refused(subscription(HOOK, channel__payload={})).status == 422


@pytest.mark.shall("PAS 2.2.1/spec-58")
@pytest.mark.parametrize("name", ["org-identifier", "orgIdentifier", "ClaimResponse?org-identifier"])
@pytest.mark.parametrize("value", [NPI, f"http://hl7.org/fhir/sid/us-npi|{NPI}", "clinic", "clinic-ehr"])
def test_the_filter_is_known_by_both_of_its_names_and_names_the_partners_own_organisation(
    name: str, value: str
) -> None:
    assert wished(subscription(HOOK, of=f"{name}={value}")).runs


@pytest.mark.shall("PAS 2.2.1/spec-59", "PAS 2.0.1/148")
def test_another_organisation_is_nobody_elses_to_watch() -> None:
    fault = refused(subscription(HOOK, of="org-identifier=1888888883"))
    assert (fault.status, fault.code) == (403, "forbidden")
    assert "1888888883" not in fault.said


def test_on_an_open_server_that_asks_nobody_who_he_is_every_organisation_is_taken() -> None:
    assert wished(subscription("http://127.0.0.1:9/told", of="org-identifier=8189991234"), anyone=True).runs


@pytest.mark.parametrize("of", ["patient=1", "org-identifier", "org-identifier=", "=x", "", "org-identifier:in=x"])
def test_a_filter_that_is_not_served_is_refused_not_left_out(of: str) -> None:
    assert refused(subscription(HOOK, of=of)).status == 422


def test_one_filter_there_has_to_be() -> None:
    assert refused(without(subscription(HOOK), "_criteria")).status == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [(("status",), 400), (("criteria",), 400), (("channel",), 400), (("channel", "endpoint"), 400),
     (("channel", "type"), 400), (("channel", "payload"), 400)],
)  # fmt: skip
def test_what_is_required_is_asked_for_by_its_path(path: tuple[str, ...], status: int) -> None:
    fault = refused(without(subscription(HOOK), *path))
    assert (fault.status, fault.at) == (status, (".".join(("Subscription", *path)),))


@pytest.mark.parametrize(
    "more",
    [
        {"criteria": "Observation?code=1"},
        {"criteria": "http://example.org/SubscriptionTopic/other"},
        {"status": "off"},
        {"status": "error"},
        {"channel_payload": "application/fhir+xml"},
        {"channel_header": "Authorization: Bearer x"},
        {"modifierExtension": [{"url": "http://example.org/not"}]},
    ],
)
def test_what_is_not_served_is_refused(more: dict[str, Any]) -> None:
    assert refused(subscription(HOOK, **more)).status == 422


@pytest.mark.shall("PAS 2.2.1/spec-56")
@pytest.mark.parametrize("kind", ["websocket", "email", "sms", "message"])
def test_only_a_rest_hook_is_told(kind: str) -> None:
    assert refused(subscription(HOOK, channel_type=kind)).at == ("Subscription.channel.type",)


def test_a_topic_may_be_asked_for_by_version() -> None:
    assert wished(subscription(HOOK, criteria=f"{TOPIC}|2.2.1")).runs


def test_a_subscription_may_be_put_off_but_does_not_begin_so() -> None:
    assert not wished(subscription(HOOK, status="off"), new=False).runs


def test_an_end_is_kept_and_one_that_has_passed_already_is_none() -> None:
    found = wished(subscription(HOOK, end="2026-12-31T12:00:00-05:00"))
    assert found.ends == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert wished(subscription(HOOK, end="2020-12-31T12:00:00Z")).ends is None


@pytest.mark.parametrize("end", ["2026-12-31", "2026-13-31T12:00:00Z", "9999-12-31T23:59:59-14:00", 7, "soon"])
def test_an_end_is_an_instant(end: Any) -> None:
    assert refused(subscription(HOOK, end=end)).status == 400


def test_a_wish_for_heartbeats_is_not_kept_for_none_are_sent() -> None:
    beats = [{"url": f"{BACKPORT}/backport-heartbeat-period", "valueUnsignedInt": 60}]
    waits = [{"url": f"{BACKPORT}/backport-timeout", "valueUnsignedInt": 60}]
    found = wished(subscription(HOOK, channel_extension=beats + waits))
    assert found.resource["channel"]["extension"] == waits


def test_an_endpoint_is_waited_for_as_long_as_its_channel_says_and_never_longer_than_ten_seconds() -> None:
    def asks(value: Any) -> float:
        return seconds({"extension": [{"url": f"{BACKPORT}/backport-timeout", "valueUnsignedInt": value}]})

    assert [asks(3), asks(60), asks(0), asks(True), asks("1"), seconds({})] == [3, 10, 10, 10, 10, 10]


def test_headers_are_kept_as_they_are_given() -> None:
    found = headers({"header": ["Authorization: Bearer a.b.c", "X-Clinic:  one; two ", "x-empty-not: 0"]})
    assert found == {"Authorization": "Bearer a.b.c", "X-Clinic": "one; two", "x-empty-not": "0"}


@pytest.mark.parametrize(
    "header",
    ["X: a\r\nY: b", "X: a\nY: b", "X : a", ": a", "X", "X: ", "X\x00: a", "X: a\x7f", "X: \u00e9", "X: " + "a" * 5000,
     "Host: internal", "Content-Length: 1", "Transfer-Encoding: chunked", "Connection: close", "content-type: a/b",
     "Upgrade: h2c", "TE: trailers", "Proxy-Authorization: x", 7],
)  # fmt: skip
def test_a_header_that_is_none_or_is_not_for_a_channel_to_say_is_refused(header: Any) -> None:
    with pytest.raises(Fault) as fault:
        headers({"header": [header]})
    assert fault.value.status == 422


def test_headers_are_few_and_each_is_there_once() -> None:
    for many in ([f"X-{n}: 1" for n in range(21)], ["X: 1", "x: 2"]):
        with pytest.raises(Fault):
            headers({"header": many})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["extension", "url", "a"]), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["status", "criteria", "_criteria", "channel", "end", "meta", "extension", "modifierExtension"]
        ),
        JUNK,
    ),
    st.dictionaries(st.sampled_from(["type", "endpoint", "payload", "_payload", "header", "extension"]), JUNK),
)
def test_whatever_stands_in_an_element_it_is_taken_or_refused_with_a_place(
    top: dict[str, Any], channel: dict[str, Any]
) -> None:
    said = {**subscription(HOOK), **top}
    if isinstance(said["channel"], dict):
        said["channel"] = {**said["channel"], **channel}
    found: Wish | Fault
    try:
        found = wished(said)
    except Fault as fault:
        found = fault
    if isinstance(found, Fault):
        assert found.status in (400, 403, 422)
        assert found.at
    else:
        assert found.ends is None or found.ends > NOW
