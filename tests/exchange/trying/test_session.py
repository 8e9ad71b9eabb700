"""In a run each thing is asked once, with a token where there is a key; what cannot be asked is not applicable."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.session import HOOKS, NotApplicable, Session, bundles
from priorauth.exchange.trying.shapes import COVERAGE
from tests.exchange.trying.served import Tried, answered
from tests.exchange.trying.spoiling import Exchanged, nothing

Json = dict[str, Any]
SERVICE: Json = {"id": "sign", "hook": "order-sign", "prefetch": {"patient": "Patient/{{context.patientId}}", "odd": 7}}
BUNDLE: Json = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Questionnaire", "id": "form"}}]}
PACKAGE: Json = {"resourceType": "Parameters", "parameter": [{"resource": BUNDLE}, {"resource": 7}, 7]}


def informed(*parts: Json) -> Json:
    """Return the answer of a hook with a coverage-information of some parts."""
    extension = [{"url": COVERAGE, "extension": list(parts)}]
    return {"cards": [], "systemActions": [{"type": "update", "resource": {"extension": extension}}]}


def watched(good: Tried) -> list[tuple[str, str]]:
    """Return where what is asked from now on is written down."""
    asked: list[tuple[str, str]] = []

    def sees(one: Exchanged) -> None:
        asked.append((one.method, one.path.rpartition("/")[2]))

    good.proxy.spoil = sees
    return asked


def test_each_thing_is_asked_once(good: Tried) -> None:
    asked = watched(good)
    try:
        session = good.session()
        for _ in range(2):
            _ = session.submitted, session.response, session.inquired, session.packaged, session.discovery
            _ = session.hooked("order-sign"), session.sent("order-sign")
    finally:
        good.proxy.spoil = nothing
    ours = [one for one in asked if one[0] == "POST" or one[1] == "cds-services"]
    assert sorted(ours) == sorted(
        [
            ("POST", "$submit"), ("POST", "$inquire"), ("POST", "$questionnaire-package"), ("POST", "token"),
            ("GET", "cds-services"), ("POST", next(path for _, path in asked if path.startswith("order-sign"))),
        ]
    )  # fmt: skip


def test_a_token_is_borne_until_shortly_before_its_end_and_then_asked_for_anew(good: Tried) -> None:
    clock = [0.0]
    session = good.session(tick=lambda: clock[0])
    first = session.bearer()
    lasts = session.granted.resource["expires_in"]
    clock[0] = lasts - 31.0
    assert session.bearer() == first
    clock[0] = lasts - 29.0
    assert session.bearer() != first
    assert first["Authorization"].startswith("Bearer ")


def test_without_a_key_nothing_is_borne_and_what_needs_one_is_not_applicable() -> None:
    session = answered()
    assert session.bearer() == {}
    with pytest.raises(NotApplicable, match="no client and key were given"):
        _ = session.signing


def test_where_no_token_endpoint_is_named_none_is_asked() -> None:
    with pytest.raises(NotApplicable, match="names no token endpoint"):
        answered(smart={"token_endpoint": 7}).asked("assertion")


def test_headers_of_ones_own_go_with_each_request(good: Tried) -> None:
    session = good.session(client=None, headers={"Authorization": "Bearer mine"})
    assert session.get(f"{session.fhir}/Subscription/none").status == 401
    assert session.operation("Claim/$submit", session.request).status == 401
    assert session.delete(f"{session.fhir}/Subscription/none").status == 401
    token = good.session().bearer()
    assert good.session(client=None, headers=token).get(f"{session.fhir}/Subscription/none").status == 404


def test_a_call_has_what_the_service_prefetches_and_where_the_chart_is(good: Tried) -> None:
    session = answered(discovery={"services": [SERVICE]})
    call = session.call("order-sign")
    assert set(call["prefetch"]) == {"patient"}
    assert "fhirServer" not in call
    session.listener = good.listener
    call = session.call("order-sign")
    assert call["fhirServer"] == good.listener.fhir
    assert call["fhirAuthorization"]["access_token"] == good.listener.token
    assert good.listener.chart == session.case.fetched


@pytest.mark.parametrize("services", [[], [{"hook": "order-sign"}], [{"id": "a", "hook": "order-select"}], 7])
def test_a_hook_without_a_service_is_not_called(services: Any) -> None:
    with pytest.raises(NotApplicable, match="no service of order-sign is listed"):
        answered(discovery={"services": services}).hooked("order-sign")


def test_what_hooks_answered_is_had_together_and_what_failed_left_out() -> None:
    services = [{"id": hook, "hook": hook} for hook in HOOKS[:3]]
    session = answered(discovery={"services": services})
    session.kept |= {
        f"hook {hook}": Answer(status, json=informed({"url": "covered", "valueCode": hook}))
        for hook, status in zip(HOOKS[:3], (200, 500, 200), strict=True)
    }
    assert [hook for hook, _ in session.answered()] == [HOOKS[0], HOOKS[2]]
    assert [(hook, one["extension"][0]["valueCode"]) for hook, one in session.coverages()] == [
        (HOOKS[0], HOOKS[0]), (HOOKS[2], HOOKS[2]),
    ]  # fmt: skip


def hooked(body: Json) -> Session:
    """Return a run in which order-sign has answered."""
    session = answered(discovery={"services": [SERVICE]})
    session.kept["hook order-sign"] = Answer(200, json=body)
    return session


def test_the_id_of_a_coverage_information_is_the_context_of_a_form() -> None:
    given = {"url": "coverage-assertion-id", "valueString": "an-id"}
    assert hooked(informed(given)).assertion == "an-id"
    with pytest.raises(NotApplicable, match="has an id"):
        _ = hooked(informed({"url": "coverage-assertion-id", "valueInteger": 7})).assertion
    with pytest.raises(NotApplicable, match="has a coverage-information"):
        _ = hooked({"cards": [], "systemActions": [7]}).assertion
    with pytest.raises(NotApplicable, match="no hook has answered"):
        _ = answered(discovery={}).assertion


def test_a_package_is_asked_by_context_only_where_an_answer_names_a_form() -> None:
    given = {"url": "coverage-assertion-id", "valueString": "an-id"}
    form = {"url": "questionnaire", "valueCanonical": "https://a.example/Questionnaire/one|1"}
    session = hooked(informed(given, form))
    session.kept['package {"context": "an-id"}'] = Answer(200, json=PACKAGE)
    assert session.in_context == [BUNDLE]
    assert hooked(informed(given)).in_context == []
    assert answered(discovery={}).in_context == []


def test_the_bundles_of_a_package_are_itself_or_those_of_its_parameters() -> None:
    assert bundles(Answer(200, json=BUNDLE)) == [BUNDLE]
    assert bundles(Answer(200, json=PACKAGE)) == [BUNDLE]
    assert bundles(Answer(200, json=[BUNDLE])) == []
    session = answered()
    session.kept['package {"order": true}'] = Answer(200, json=PACKAGE)
    assert [one["id"] for one in session.forms()] == ["form"]
    session.kept['package {"order": true}'] = Answer(200, json={"resourceType": "Parameters"})
    with pytest.raises(NotApplicable, match="no package came"):
        session.forms()


def test_what_follows_on_a_request_is_not_asked_where_the_request_was_not_answered() -> None:
    session = answered()
    session.kept["submitted"] = Answer(400, json=BUNDLE)
    with pytest.raises(NotApplicable, match="not answered with a ClaimResponse"):
        _ = session.response
    with pytest.raises(NotApplicable, match="the request was not answered"):
        _ = session.inquired
    with pytest.raises(NotApplicable, match="no address to listen at"):
        _ = session.listening
