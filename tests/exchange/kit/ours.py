"""The checks that we added to those of the kits: what is asked in both versions is asked in each."""

from __future__ import annotations

import copy
import gzip
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import func, select

from priorauth.ledger import tables as t
from tests.exchange.guard.partner import at, key, signed, text
from tests.exchange.house import FHIR
from tests.exchange.kit import forms, hooks, tester
from tests.exchange.kit.crd import CONTEXT, COVERAGE
from tests.exchange.kit.dtr import packages
from tests.exchange.kit.elements import at as found_at
from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import INQUIRE, NEXT, PACKAGE, SUBMIT, Run, bundles, inquiry, resources, subscription
from tests.exchange.kit.started import KIT, OTHER, Json, Told
from tests.ledger import house

ROOT: Final = Path(__file__).resolve().parents[3]
VERSIONS: Final = ("2.0", "2.2")
FULL: Final = {"2.0": "2.0.1", "2.2": "2.2.1"}
SIGN: Final = "/cds-services/order-sign-crd"
_ACTION: Final = "adjudication.extension:reviewAction.extension:reviewActionCode.valueCodeableConcept.coding.code"


def elsewhere(path: str, test: str) -> None:
    """Hold that another test asks this of the same code, under its name."""
    assert f"def {test}(" in (ROOT / path).read_text("utf-8")


def rows_of(run: Run, table: Any) -> int:
    with run.started.store.reading(house.TENANT) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


# ---- CRD


def order_sign(run: Run, **changed: Any) -> Json:
    """Return a call of the hook with a pump; each is a call of its own."""
    body = hooks.with_pump("order-sign", run.started.ehr.url)
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["id"] = f"pump-{rows_of(run, t.hook_call)}"
    return {**body, **changed}


def sign(run: Run, body: Json, version: str, **more: Any) -> Told:
    return run.started.post(SIGN, body, version, **more)


def said(told: Told) -> list[dict[str, Any]]:
    """Return what is said of coverage, each by its parts; a part that may be repeated as a list."""
    found = []
    for action in told.body.get("systemActions", []):
        for one in action["resource"].get("extension", []):
            if one["url"] == COVERAGE:
                parts: dict[str, Any] = {}
                for part in one["extension"]:
                    value = next((value for name, value in part.items() if name.startswith("value")), part)
                    parts.setdefault(part["url"], []).append(value)
                found.append(parts)
    return found


def no_01(run: Run, row: Row) -> None:
    """A token of a hook that is no good: nothing is evaluated."""
    speaker = run.started.speaker()
    now = run.started.now
    for version in VERSIONS:
        body = order_sign(run)
        where = run.started.base(version) + SIGN
        good: dict[str, Any] = {"aud": where, "iat": at(now), "exp": at(now, minutes=5)}
        used = speaker.hook(now, **good)
        headers = {"Authorization": f"Bearer {used}"}
        assert sign(run, body, version, headers=headers).status == 200, row.kit
        before = rows_of(run, t.hook_call)
        claims = speaker.hook_claims(now, **good)
        bad = {
            "used before": used,
            "none": f"{text({**speaker.header(), 'alg': 'none'})}.{text(claims)}.",
            "HS256": f"{text({**speaker.header(), 'alg': 'HS256'})}.{text(claims)}.{text(b'x' * 32)}",
            "audience": speaker.hook(now, **{**good, "aud": "https://other.example/cds-services/order-sign-crd"}),
            "expired": speaker.hook(now, **{**good, "iat": at(now, hours=-2), "exp": at(now, hours=-1)}),
            "from the future": speaker.hook(
                now, **{**good, "iat": at(now, hours=1), "exp": at(now, hours=1, minutes=4)}
            ),
            "jku": speaker.hook(now, {"jku": run.started.listener.url("jwks")}, **good),
            "another's key": signed(speaker.header(), claims, key("ES384", OTHER)),
        }
        asked = len(run.started.listener.came)
        for name, token in bad.items():
            told = sign(run, body, version, headers={"Authorization": f"Bearer {token}"})
            assert told.status == 401, (version, name)
        assert (rows_of(run, t.hook_call), len(run.started.listener.came)) == (before, asked)


def two_covers(run: Run) -> Json:
    body = order_sign(run)
    entry = body["prefetch"]["coverage"]["entry"]
    entry.append(copy.deepcopy(entry[0]))
    entry[1]["resource"]["id"] = "cov016"
    entry[1]["fullUrl"] = entry[1]["fullUrl"].replace(hooks.COVER, "cov016")
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["insurance"] = [{"reference": f"Coverage/{one}"} for one in (hooks.COVER, "cov016")]
    return body


def no_02(run: Run, row: Row) -> None:
    for version in VERSIONS:
        told = sign(run, two_covers(run), version)
        assert told.status in {200, 400}, row.kit
        ids = {one["coverage-assertion-id"][0]: one["coverage"][0]["reference"] for one in said(told)}
        assert len(ids) == len(set(ids.values())) == len(said(told))


def no_03(run: Run, row: Row) -> None:
    """The nine rules, of all that was said of coverage in this run."""
    every = [
        one
        for version in VERSIONS
        for hook in CONTEXT
        for told in run.hook(FULL[version], hook).told
        for one in said(told)
    ]
    assert len(every) > len(CONTEXT), row.kit
    for one in every:
        _holds(one)


def _holds(one: dict[str, Any]) -> None:
    needed, needs = set(one.get("pa-needed", [])), set(one.get("doc-needed", []))
    purposes, infos = set(one.get("doc-purpose", [])), set(one.get("info-needed", []))
    covered = one["covered"][0]
    reasons = one.get("reason", [])
    codes = {*needed, *needs, *one["covered"]}
    assert "questionnaire" not in one or needs
    assert covered != "not-covered" or not needed
    assert "conditional" not in codes or infos
    assert not needed & {"satisfied", "no-auth"} or "withpa" not in purposes
    assert ("satisfied-pa-id" in one) == (needed == {"satisfied"})
    assert "OTH" not in infos or reasons
    assert all(reason.get("coding") or reason.get("text") for reason in reasons)
    assert not purposes or "conditional" in codes or reasons
    assert "indeterminate" not in codes or reasons


def configured(body: Json, **options: Any) -> Json:
    return {
        **body,
        "extension": {"davinci-crd.configuration": {name.replace("_", "-"): one for name, one in options.items()}},
    }


def no_04(run: Run, row: Row) -> None:
    for version in VERSIONS:
        before = rows_of(run, t.approval)
        told = sign(run, configured(order_sign(run), unsolicited_determ=False), version)
        assert told.status == 200, row.kit
        assert all("satisfied-pa-id" not in one for one in said(told))
        assert rows_of(run, t.approval) == before


def no_05(run: Run, row: Row) -> None:
    for version in VERSIONS:
        none = sign(run, configured(order_sign(run), max_cards=0, something_else="unknown"), version)
        assert (none.status, none.body["cards"]) == (200, []), row.kit
        assert said(none)
        off = sign(run, configured(order_sign(run), coverage_info=False), version)
        assert (off.status, said(off)) == (200, [])


def no_06(run: Run, row: Row) -> None:
    for version in VERSIONS:
        for hook in ("order-select", "encounter-start", "encounter-discharge"):
            for told in run.hook(FULL[version], hook).told:
                needs = {value for one in said(told) for value in one.get("doc-needed", [])}
                assert not needs & {"clinical", "admin", "both"}, row.kit


def no_07(run: Run, row: Row) -> None:
    """What was said stands on the order when it comes again: there is nothing to change."""
    for version in VERSIONS:
        body = order_sign(run)
        (action,) = sign(run, body, version).body["systemActions"]
        body["context"]["draftOrders"]["entry"][0]["resource"] = action["resource"]
        body["hookInstance"] = "0d1f7f4e-0f3c-4c5b-9d7c-0c6a6a7d2f12"
        assert sign(run, body, version).body["systemActions"] == [], row.kit


def no_08(run: Run, row: Row) -> None:
    """Without prefetch the chart is asked where there is a token; else 412; a chart that is ill is said to be."""
    ehr = run.started.ehr
    for version in VERSIONS:
        asked = len(ehr.asked)
        told = sign(run, order_sign(run, prefetch={}), version)
        assert (told.status, len(ehr.asked) > asked) == (200, True), row.kit
        assert said(told)
        bare = order_sign(run)
        bare = {
            name: value for name, value in bare.items() if name not in {"prefetch", "fhirServer", "fhirAuthorization"}
        }
        assert sign(run, bare, version).status == 412
        try:
            ehr.says = 500
            told = sign(run, order_sign(run, prefetch={}), version)
        finally:
            ehr.says = 200
        assert told.seconds < 5
        assert (told.status, bool(said(told))) == (200, True)
        unknown = "indeterminate" if version == "2.2" else "conditional"  # the older version has no other word
        for one in said(told):
            assert (one["covered"], "technical" in json.dumps(one["reason"])) == ([unknown], True), (version, one)


def no_09(run: Run, row: Row) -> None:
    for version in VERSIONS:
        answers = []
        for absent in ("left out", None, {"resourceType": "OperationOutcome", "issue": []}):
            body = order_sign(run)
            body["prefetch"]["patient"] = absent
            if absent == "left out":
                del body["prefetch"]["patient"]
            told = sign(run, body, version)
            assert told.status == 200, row.kit
            answers.append(
                [{name: value for name, value in one.items() if name != "coverage-assertion-id"} for one in said(told)]
            )
        assert answers[0] == answers[1] == answers[2]


def _payer(body: Json, value: str) -> Json:
    for cover in hooks.entries_of(body["prefetch"]["coverage"]):
        cover["payor"] = [{"identifier": {"system": "urn:priorauth:payer", "value": value}}]
    return body


def no_10(run: Run, row: Row) -> None:
    two = two_covers(run)
    other = {"identifier": {"system": "urn:priorauth:payer", "value": "another"}}
    hooks.entries_of(two["prefetch"]["coverage"])[1]["payor"] = [other]
    none = order_sign(run)
    none["prefetch"]["coverage"] = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}
    none.pop("fhirServer")
    none.pop("fhirAuthorization")
    for name, body in {
        "two payers": two,
        "no coverage": none,
        "not ours": _payer(order_sign(run), "somebody-else"),
    }.items():
        told = sign(run, body, "2.2")
        assert told.status in ({400, 412} if name == "no coverage" else {400}), (row.kit, name, told.body)
        assert told.body["resourceType"] == "OperationOutcome"


def no_11(run: Run, row: Row) -> None:
    stranger, ended = order_sign(run), order_sign(run)
    hooks.entries_of(stranger["prefetch"]["coverage"])[0]["beneficiary"] = {"reference": "Patient/somebody-else"}
    hooks.entries_of(ended["prefetch"]["coverage"])[0]["period"] = {"start": "2020-01-01", "end": "2021-12-31"}
    for body, codes in ((stranger, {"no-member-found", "coverage-not-found"}), (ended, {"no-active-coverage"})):
        told = sign(run, body, "2.2")
        assert told.status == 200, (row.kit, told.body)
        for one in said(told):
            assert one["covered"] == ["not-covered"]
            assert {coding["code"] for reason in one["reason"] for coding in reason.get("coding", [])} & codes
        assert said(told)


def no_12(run: Run, row: Row) -> None:
    for version in VERSIONS:
        body = order_sign(run)
        sent = body["context"]["draftOrders"]["entry"][0]["resource"]
        sent["extension"] = [{"url": "urn:example:kept", "valueString": "as it was"}]
        (action,) = sign(run, body, version).body["systemActions"]
        made = copy.deepcopy(action["resource"])
        made["extension"] = [one for one in made["extension"] if one["url"] != COVERAGE]
        assert (action["type"], made) == ("update", sent), row.kit


def no_13(run: Run, row: Row) -> None:
    (told,) = run.discovery("2.2.1").told
    assert told.body["services"], row.kit
    for one in told.body["services"]:
        more = one["extension"]
        assert more["davinci-crd.version"] == ["2.2"]
        assert more["davinci-crd.configuration-options"]
        for option in more["davinci-crd.configuration-options"]:
            assert {"code", "type", "name", "description", "default"} <= set(option)
            assert option["type"] in {"boolean", "integer"}
        assert "patient" in one["prefetch"]


# ---- DTR


def ask_package(run: Run, version: str, *parameters: Json) -> Told:
    kept = [one for one in forms.asked()["parameter"] if one["name"] == "coverage"]
    body = {"resourceType": "Parameters", "parameter": [*kept, *parameters]}
    return run.started.post(PACKAGE, body, version)


def no_14(run: Run, row: Row) -> None:
    for version in VERSIONS:
        (ordered,) = run.package(FULL[version], "static").told
        (made,) = packages(ordered)[:1]
        form = next(resources(made, "Questionnaire"))
        named = {"name": "questionnaire", "valueCanonical": f"{form['url']}|{form['version']}"}
        assert packages(ask_package(run, version, named)), row.kit
        context = {"name": "context", "valueString": run.assertion(FULL[version])}
        assert packages(ask_package(run, version, context))
        unknown = ask_package(run, version, {"name": "context", "valueString": "00000000-0000-0000-0000-000000000000"})
        assert 400 <= unknown.status < 500
        assert unknown.body["resourceType"] == "OperationOutcome"
        lost = ask_package(run, version, named, {"name": "questionnaire", "valueCanonical": "urn:example:no-such-form"})
        assert lost.status == 200
        outcomes = [
            one["resource"] for one in lost.body["parameter"] if one["resource"]["resourceType"] == "OperationOutcome"
        ]
        assert any(issue["severity"] == "warning" for one in outcomes for issue in one["issue"])


def no_15(run: Run, row: Row) -> None:
    for version in VERSIONS:
        for form in ("static", "adaptive"):
            for made in packages(run.package(FULL[version], form).told[0]):
                assert made["entry"][0]["resource"]["resourceType"] == "Questionnaire", row.kit
                (response,) = resources(made, "QuestionnaireResponse")
                assert response["status"] == "in-progress"
                held = {one["url"] for one in resources(made, "Library")}
                for library in resources(made, "Library"):
                    needed = [
                        one["resource"] for one in library.get("relatedArtifact", []) if one["type"] == "depends-on"
                    ]
                    assert {one.partition("|")[0] for one in needed if "Library" in one} <= held
                assert all(one["expansion"]["contains"] for one in resources(made, "ValueSet"))


def no_16(run: Run, row: Row) -> None:
    for version in VERSIONS:
        flow = run.questions(FULL[version])
        wrong = forms.answered(flow.told[0].body)
        for item in _items(wrong["item"]):
            if "answer" in item:
                item["answer"] = [{"valueAttachment": {"url": "urn:example:not-an-answer"}}]
        told = run.started.post(NEXT, wrong, version)
        assert told.status == 400, (row.kit, told.body)
        assert told.body["resourceType"] == "OperationOutcome"


def _items(items: list[Json]) -> Iterator[Json]:
    for one in items:
        yield one
        yield from _items(one.get("item", []))


def no_17(run: Run, row: Row) -> None:
    """A form ends; over all drawn cases that is held where the form is tested by itself."""
    for version in VERSIONS:
        last = run.questions(FULL[version]).told[-1].body
        assert last.get("status") == "completed", (row.kit, last)


def no_18(run: Run, row: Row) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing"}]}
    for version in VERSIONS:
        (made,) = packages(run.package(FULL[version], "static").told[0])[:1]
        form = next(resources(made, "Questionnaire"))
        canonical = f"{form['url']}|{form['version']}"
        before = rows_of(run, t.form_error)
        for names in (("questionnaire", "operationOutcome"), ("Questionnaire", "OperationOutcome")):
            named = {"name": names[0], "valueCanonical": canonical}
            body = {"resourceType": "Parameters", "parameter": [named, {"name": names[1], "resource": outcome}]}
            told = run.started.post("/fhir/Questionnaire/$log-questionnaire-errors", body, version)
            assert told.done or told.status == 204, (row.kit, told.body)
        assert before < rows_of(run, t.form_error) <= before + 2


def no_19(run: Run, row: Row) -> None:
    del run, row
    elsewhere("tests/export/test_prefill.py", "test_what_is_filled_in_is_what_record_reads_of_every_case")


# ---- PAS


def body_of(run: Run, mark: str, name: str = "ask", version: str = "2.2", **changes: Any) -> Json:
    """Return a request of its own."""
    return run.pump(FULL[version], "approval_pa_submit_request_payload", name, mark, **changes)


def actions(told: Told) -> list[str]:
    return [
        code
        for one in bundles(told)
        for answer in resources(one, "ClaimResponse")
        for item in answer.get("item", [])
        for code in found_at(item, _ACTION)
    ]


def no_20(run: Run, row: Row) -> None:
    """However it is sent, the same answer."""
    for version in VERSIONS:
        sent = body_of(run, "SAME", version=version)
        wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": sent}]}
        raw = json.dumps(sent).encode()
        asked: list[tuple[Any, dict[str, str]]] = [
            (sent, {}),
            (wrapped, {}),
            (sent, {"Accept": "application/fhir+json;charset=utf-8;q=0.9, application/json;q=0.5"}),
            (sent, {"Content-Type": "application/json; charset=UTF-8"}),
            (sent, {"Accept-Encoding": "gzip"}),
            (gzip.compress(raw), {"Content-Encoding": "gzip"}),
        ]
        told = [run.started.post(SUBMIT, one, version, headers=headers) for one, headers in asked]
        assert {one.status for one in told[:5]} == {200}, row.kit
        assert told[5].status in {200, 400, 415}  # a body that is packed may be refused
        same = [json.dumps(_plain(one.body), sort_keys=True) for one in told if one.status == 200]
        assert len(set(same)) == 1


def _plain(body: Json) -> list[Any]:
    """Return what is said of the items: numbers and moments are those of a case."""
    return [
        [(item["itemSequence"], found_at(item, _ACTION)) for item in answer.get("item", [])]
        for one in [body]
        for answer in resources(one, "ClaimResponse")
    ]


def no_21(run: Run, row: Row) -> None:
    """The same request many times at once, to two servers over one ledger: one case, one answer."""
    with run.started.beside() as other, ThreadPoolExecutor(8) as pool:
        for version in VERSIONS:
            sent = body_of(run, "TWICE", "approve", version)
            before = set(run.cases())
            servers = [run.started, other] * 4
            told = list(pool.map(lambda one, sent=sent, version=version: one.post(SUBMIT, sent, version), servers))
            assert {one.status for one in told} == {200}, row.kit
            assert len(set(run.cases()) - before) == 1
            assert len({json.dumps(one.body, sort_keys=True) for one in told}) == 1


def no_22(run: Run, row: Row) -> None:
    del run, row
    elsewhere(
        "tests/exchange/subscriptions/test_killed.py",
        "test_what_was_sent_when_the_worker_was_killed_is_sent_once_more_and_no_number_twice",
    )


def no_23(run: Run, row: Row) -> None:
    """Cancelled: C for the items, the grant has ended, and the old number still leads to the case."""
    kit = tester.inputs("pas", "2.2.1")
    first = tester.with_pump(kit["claim_update_initial_submit_payload"], "approve", "CANCEL")
    assert actions(run.submit("2.2.1", first)) == ["A1"], row.kit
    grants = rows_of(run, t.approval_end)
    told = run.submit("2.2.1", tester.with_pump(kit["claim_update_cancel_all_submit_payload"], "approve", "CANCEL"))
    assert told.status == 200
    assert set(actions(told)) == {"C"}
    assert rows_of(run, t.approval_end) == grants + 1
    asked = run.started.post(INQUIRE, inquiry("2.2.1", first, told.body), "2.2")
    assert set(actions(asked)) == {"C"}


def no_24(run: Run, row: Row) -> None:
    """Who sent it finds it; a stranger is told what he would be told of nothing."""
    for version in VERSIONS:
        flow = run.flow(FULL[version], "approval")
        asked = inquiry(FULL[version], flow.sent[0], flow.told[0].body)
        assert actions(run.started.post(INQUIRE, asked, version)) == ["A1"], row.kit
        stranger = copy.deepcopy(asked)
        for person in resources(stranger, "Practitioner"):
            person["identifier"] = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1888888883"}]
        nothing = inquiry(FULL[version], body_of(run, "NEVER-SENT", version=version), {})
        one, other = (run.started.post(INQUIRE, body, version, client=OTHER) for body in (stranger, nothing))
        assert one.status == other.status
        assert actions(one) == actions(other) == []


def no_25(run: Run, row: Row) -> None:
    for version in VERSIONS:
        (told,) = run.subscription(FULL[version]).told
        place = f"/fhir/Subscription/{told.body['id']}"
        changed = {**told.body, "reason": "another"}
        assert run.started.get(place, version).status == 200, row.kit
        assert run.started.get(place, version, client=OTHER).status == 404
        assert run.started.ask("PUT", place, changed, version=version, client=OTHER).status == 404
        assert run.started.ask("DELETE", place, version=version, client=OTHER).status == 404


def no_26(run: Run, row: Row) -> None:
    hosts = (
        "127.0.0.1:1",
        "localhost",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "[::1]",
        "2130706433",
        "0x7f000001",
    )
    for version in VERSIONS:
        for host in hosts:
            for scheme in ("http", "https"):
                body = subscription(FULL[version], f"{scheme}://{host}/hook")
                told = run.started.post("/fhir/Subscription", body, version)
                assert 400 <= told.status < 500, (row.kit, scheme, host)
                assert told.body["resourceType"] == "OperationOutcome"


def no_27(run: Run, row: Row) -> None:
    """A denial is a person's, and says why; nothing else in this run is one."""
    for version in VERSIONS:
        for flow in run.flows(FULL[version]):
            for told in flow.told:
                denied = flow is run.flow(FULL[version], "denial")
                assert ("A3" in actions(told)) == denied, row.kit
                for answer in (
                    [one for made in bundles(told) for one in resources(made, "ClaimResponse")] if denied else []
                ):
                    notes = {one["number"]: one["text"] for one in answer["processNote"]}
                    item = answer["item"][0]
                    assert any(house.REASON.criterion in notes[one] for one in item["noteNumber"])
                    reviewed = found_at(answer, "extension:claimResponseReviewer.extension")
                    flags = [one["valueBoolean"] for one in reviewed if one["url"] == "wasHumanReviewedFlag"]
                    assert flags == ([True] if version == "2.2" else [])


def no_28(run: Run, row: Row) -> None:
    for version in VERSIONS:
        (told,) = run.flow(FULL[version], "modified").told
        assert actions(told) == ["A6"], row.kit
        added = [
            one for made in bundles(told) for answer in resources(made, "ClaimResponse") for one in answer["addItem"]
        ]
        assert [found_at(one, _ACTION) for one in added] == [["A1"]]
        assert [one["quantity"]["value"] for one in added] == [1]
        assert [one["itemSequence"] for one in added] == [[1]]


def no_29(run: Run, row: Row) -> None:
    for version in VERSIONS:
        unknown = body_of(run, "MODIFIER", version=version)
        unknown["entry"][0]["resource"]["modifierExtension"] = [{"url": "urn:example:unknown", "valueBoolean": True}]
        assert run.submit(FULL[version], unknown).status in {200, 400, 422}, row.kit
        more = body_of(run, "ELEMENT", version=version)
        more["entry"][0]["resource"]["notAnElement"] = {"of": "FHIR"}
        assert run.submit(FULL[version], more).status == 200
        less = body_of(run, "ABSENT", version=version)
        for name in ("careTeam", "diagnosis", "supportingInfo", "accident", "priority", "extension"):
            less["entry"][0]["resource"].pop(name, None)
        assert run.submit(FULL[version], less).status == 200


def no_30(run: Run, row: Row) -> None:
    del run, row
    for test in (
        "test_resources_that_were_asked_for_lead_to_an_approval_that_inquiry_and_event_tell",
        "test_a_form_is_taken_up_as_the_clinics_answers_and_less_is_asked_for_then",
        "test_a_log_of_a_meter_is_read_as_one",
        "test_a_paper_is_kept_with_its_day_and_decides_nothing",
    ):
        elsewhere("tests/exchange/pas/test_attach.py", test)


def no_31(run: Run, row: Row) -> None:
    """A token of another plan, one without the scope, one whose key was taken away."""
    assert row.kit
    told = run.started.asked(scope="system/Questionnaire.rs")
    headers = {"Authorization": f"Bearer {told.body['access_token']}"}
    for version in VERSIONS:
        assert run.started.post(SUBMIT, body_of(run, "SCOPE", version=version), version, headers=headers).status == 403
    elsewhere("tests/exchange/guard/test_admit.py", "test_the_token_of_one_plan_is_nothing_to_another")
    elsewhere(
        "tests/exchange/guard/test_admit.py",
        "test_a_token_ends_with_the_key_by_which_it_was_asked_for_and_with_its_partner",
    )


def no_34(run: Run, row: Row) -> None:
    """Too large, too many, too deep, or no JSON: refused at once."""
    small = body_of(run, "LIMITS")
    many = {**small, "entry": [{"resource": {"resourceType": "Basic"}}] * 10_000}
    deep = b'{"resourceType":' + b"[" * 200 + b"]" * 200 + b"}"
    bad = {
        "large": b'{"resourceType":"Bundle","x":"' + b"x" * 50_000_000 + b'"}',
        "many": json.dumps(many).encode(),
        "deep": deep,
        "NaN": b'{"resourceType":"Bundle","x":NaN}',
        "twice": b'{"resourceType":"Bundle","type":"collection","type":"batch"}',
    }
    for name, data in bad.items():
        for version in VERSIONS:
            told = run.started.post(SUBMIT, data, version)
            assert told.status in {400, 413}, (row.kit, name)
            assert told.body["resourceType"] == "OperationOutcome"
            assert told.seconds < 5, (name, told.seconds)


def no_35(run: Run, row: Row) -> None:
    """A client that would rather speak HTTP/2, as java.net.http does: its body is read whole."""
    for version in VERSIONS:
        sent = body_of(run, "UPGRADE", version=version)
        plainly = run.submit(FULL[version], sent)
        told = _upgrading(run, version, json.dumps(sent).encode())
        assert _plain(told) == _plain(plainly.body), row.kit


def _upgrading(run: Run, version: str, data: bytes) -> Any:
    where = urlsplit(run.started.base(version))
    lines = [
        f"POST {where.path}{SUBMIT} HTTP/1.1",
        f"Host: {where.netloc}",
        "Connection: Upgrade, HTTP2-Settings",
        f"Content-Length: {len(data)}",
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
        "Upgrade: h2c",
        f"Content-Type: {FHIR}",
        f"Authorization: Bearer {run.started.token(KIT)}",
    ]
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=60) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + data)
        came = b""
        while b"\r\n\r\n" not in came:
            came += line.recv(65536)
        head, _, rest = came.partition(b"\r\n\r\n")
        length = next(
            int(one.partition(b":")[2]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length")
        )
        while len(rest) < length:
            rest += line.recv(65536)
    assert head.startswith(b"HTTP/1.1 200"), head
    return json.loads(rest)


def no_36(run: Run, row: Row) -> None:
    """As br-provider sends a claim: no identifier, no extensions of items, urn:uuid beside relative references."""
    for version in VERSIONS:
        sent = body_of(run, "BR-PROVIDER", version=version)
        claim = sent["entry"][0]["resource"]
        claim.pop("identifier")
        for item in claim["item"]:
            item.pop("extension", None)
        for place, entry in enumerate(sent["entry"]):
            entry["fullUrl"] = f"urn:uuid:00000000-0000-4000-8000-{place:012}"
        told = run.submit(FULL[version], sent)
        assert told.status == 200, (row.kit, told.body)
        assert told.body["entry"][0]["resource"]["resourceType"] == "ClaimResponse"


def no_37(run: Run, row: Row) -> None:
    """Two requests under one number are two cases."""
    for version in VERSIONS:
        before = set(run.cases())
        for name in ("ask", "review"):
            assert run.submit(FULL[version], body_of(run, "ONE-NUMBER", name, version)).status == 200, row.kit
        assert len(set(run.cases()) - before) == 2
