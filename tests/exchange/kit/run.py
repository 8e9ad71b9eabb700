"""One run of the kits against a server: what was sent and what came back, each conversation held once.

The rows of a suite ask of the same conversations, as in the kits: one test sends a request, others look at it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import Approve, DecideAdversely, DecideInPart
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.work import CaseAct
from tests.exchange.kit import forms, hooks, tester
from tests.exchange.kit.started import KIT, Json, Started, Told
from tests.exchange.kit.tester import PAS, entries
from tests.ledger import house

SUBMIT: Final = "/fhir/Claim/$submit"
INQUIRE: Final = "/fhir/Claim/$inquire"
PACKAGE: Final = "/fhir/Questionnaire/$questionnaire-package"
NEXT: Final = "/fhir/Questionnaire/$next-question"
UPDATES: Final = ("initial", "add_item", "modify_cancel", "cancel_all")
_UPDATE: Final = {
    "initial": "claim_update_initial_submit_payload",
    "add_item": "claim_update_add_item_submit_payload",
    "modify_cancel": "claim_update_modify_cancel_submit_payload",
    "cancel_all": "claim_update_cancel_all_submit_payload",
}


@dataclass
class Flow:
    """Bodies that were sent, and what was told to each."""

    sent: list[Json] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def add(self, sent: Json, told: Told) -> Told:
        self.sent.append(sent)
        self.told.append(told)
        return told


class NotApplicable(Exception):
    """Why a row is not asked of what came back."""


@dataclass
class Run:
    """A run against a server."""

    started: Started
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hooks.charts(self.started.ehr)

    def once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """Return what a conversation came to; it is held the first time."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    # ---- CRD and DTR

    def discovery(self, version: str) -> Flow:
        """Return the conversation in which the services are asked for."""
        flow: Flow = self.once(("discovery", version), lambda: Flow([{}], [self.started.get("/cds-services", version)]))
        return flow

    def hook(self, version: str, hook: str) -> Flow:
        """Return the conversation with the first service of a hook."""
        flow: Flow = self.once(("hook", version, hook), lambda: self._hook(version, hook))
        return flow

    def _hook(self, version: str, hook: str) -> Flow:
        (told,) = self.discovery(version).told
        flow = Flow()
        for body in hooks.bodies(hook, self.started.ehr.url):
            service = next(one["id"] for one in told.body["services"] if one["hook"] == body["hook"])
            flow.add(body, self.started.post(f"/cds-services/{service}", body, version))
        return flow

    def package(self, version: str, form: str) -> Flow:
        """Return the conversation in which a form is asked for: ``static`` or ``adaptive``."""
        flow: Flow = self.once(("package", version, form), lambda: self._package(version, form))
        return flow

    def _package(self, version: str, form: str) -> Flow:
        """The adaptive form is that of an order which a hook was asked about; of any other there is the static one."""
        flow = Flow()
        body = forms.asked(self.assertion(version) if form == "adaptive" else None)
        told = flow.add(body, self.started.post(PACKAGE, body, version))
        if isinstance(told.body, dict) and told.body.get("resourceType") == "Parameters":
            told.body["parameter"] = [
                one for one in told.body["parameter"] if _form_of(one) in {None, form == "adaptive"}
            ]
        return flow

    def assertion(self, version: str) -> str:
        """Return the id of what was said of the pump's coverage when it was signed."""
        told = self.hook(version, "order-sign").told[-1]
        ids = [
            part["valueString"]
            for action in told.body["systemActions"]
            for said in action["resource"]["extension"]
            for part in said.get("extension", [])
            if part["url"] == "coverage-assertion-id"
        ]
        return str(ids[0])

    def questions(self, version: str) -> Flow:
        """Return the conversation in which an adaptive form is filled to its end."""
        flow: Flow = self.once(("questions", version), lambda: self._questions(version))
        return flow

    def _questions(self, version: str) -> Flow:
        (told,) = self.package(version, "adaptive").told
        made = next(one["resource"] for one in told.body["parameter"] if _form_of(one))
        form = next(resources(made, "Questionnaire"))
        (body,) = resources(made, "QuestionnaireResponse")
        if not body.get("contained"):
            body = {**body, "contained": [{**form, "id": "form"}], "questionnaire": "#form"}
        flow = Flow()
        for _ in range(forms.MOST):
            told = flow.add(body, self.started.post(NEXT, body, version))
            if not told.done or told.body.get("status") == "completed":
                break
            body = forms.answered(told.body)
        return flow

    # ---- PAS: requests

    def flow(self, version: str, name: str) -> Flow:
        """Return a conversation of requests for authorization."""
        if name in UPDATES:
            updates: dict[str, Flow] = self.once(("updates", version), lambda: self._updates(version))
            return updates[name]
        makes = {
            "approval": self._approval,
            "denial": self._denial,
            "pended": self._pended,
            "modified": self._modified,
            "waiting": self._waiting,
            "stated": self._stated,
            "bare": self._bare,
            "unknown": self._unknown,
            "must_support": self._must_support,
        }
        flow: Flow = self.once(("flow", version, name), lambda: makes[name](version))
        return flow

    def flows(self, version: str) -> list[Flow]:
        """Return all conversations of requests of a version."""
        updates = UPDATES if version == "2.2.1" else ()
        return [
            self.flow(version, name)
            for name in (
                "approval",
                "denial",
                "pended",
                "modified",
                "waiting",
                "stated",
                "bare",
                "must_support",
                *updates,
            )
        ]

    def submit(self, version: str, body: Json) -> Told:
        return self.started.post(SUBMIT, body, version)

    def pump(self, version: str, kit: str, name: str, mark: str, **changes: Any) -> Json:
        """Return a kit's request as one for a pump; its number holds the version."""
        return tester.with_pump(tester.inputs("pas", version)[kit], name, f"{mark}-{version}", items=1, **changes)

    def _approval(self, version: str) -> Flow:
        flow = Flow()
        body = self.pump(version, "approval_pa_submit_request_payload", "approve", "APPROVAL")
        flow.add(body, self.submit(version, body))
        return flow

    def _denial(self, version: str) -> Flow:
        """Software never denies: a clinician has decided the case when the request is sent again."""
        body = self.pump(version, "denial_pa_submit_request_payload", "review", "DENIAL")
        case = self.judged(
            version, body, lambda case: DecideAdversely(case=case, licence=house.LICENCE, reasons=(house.REASON,))
        )
        assert case
        flow = Flow()
        flow.add(body, self.submit(version, body))
        return flow

    def _modified(self, version: str) -> Flow:
        """A clinician has approved less than was asked."""
        body = self.pump(version, "approval_pa_submit_request_payload", "review", "MODIFIED", quantity={"value": 2})
        self.judged(
            version,
            body,
            lambda case: DecideInPart(case=case, licence=house.LICENCE, reasons=(house.REASON,), quantities={1: 1}),
        )
        flow = Flow()
        flow.add(body, self.submit(version, body))
        return flow

    def judged(self, version: str, body: Json, act: Callable[[str], CaseAct]) -> str:
        """Send a request, and let a director decide its case; return the case."""
        before = set(self.cases())
        told = self.submit(version, body)
        assert told.done, told
        (case,) = set(self.cases()) - before
        house.done(self.started.store, RouteToDirector(case=case), house.NURSE, self.started.now)
        house.done(self.started.store, act(case), house.DIRECTOR, self.started.now)
        return case

    def cases(self) -> list[str]:
        """Return the numbers of all cases."""
        with self.started.store.reading(house.TENANT) as connection:
            return list(connection.execute(select(t.cases.c.case_no)).scalars())

    def _pended(self, version: str) -> Flow:
        """The kit's tester has subscribed before; afterwards a person finishes the case."""
        self.subscription(version)
        body = self.pump(version, "pended_pa_submit_request_payload", "ask", "PENDED")
        before = set(self.cases())
        flow = Flow()
        flow.add(body, self.submit(version, body))
        for _ in range(2):
            self.started.delivers()
        (case,) = set(self.cases()) - before
        self._kept["pended case", version] = case
        return flow

    def _waiting(self, version: str) -> Flow:
        """A request that nobody finishes."""
        body = self.pump(version, "pended_pa_submit_request_payload", "ask", "WAITING")
        flow = Flow()
        flow.add(body, self.submit(version, body))
        return flow

    def _stated(self, version: str) -> Flow:
        """A request that states what the kit's own do not: who asks by her role, a diagnosis of the item."""
        body = self.pump(version, "approval_pa_submit_request_payload", "approve", "STATED")
        claim = entries(body, "Claim")[0]
        claim["provider"] = claim["careTeam"][0]["provider"]
        concept = claim["diagnosis"][0]["diagnosisCodeableConcept"]
        for item in claim["item"]:
            url = f"{PAS}extension-communicatedDiagnosis"
            item["extension"].append({"url": url, "valueCodeableConcept": concept})
        flow = Flow()
        flow.add(body, self.submit(version, body))
        return flow

    def _bare(self, version: str) -> Flow:
        """A request that nothing names, so that its answer cannot name it."""
        body = self.pump(version, "approval_pa_submit_request_payload", "approve", "BARE")
        body["entry"][0].pop("fullUrl")
        entries(body, "Claim")[0].pop("identifier")
        flow = Flow()
        flow.add(body, self.submit(version, body))
        return flow

    def _must_support(self, version: str) -> Flow:
        flow = Flow()
        kit = tester.inputs("pas", version)
        names = [f"{name}_pa_submit_request_payload" for name in ("approval", "denial", "pended")]
        newer = tester.inputs("pas", "2.2.1")
        listed = [*kit["must_support_pa_submit_request_payload"], *(kit[name] for name in names)]
        if version == "2.0.1":  # the kit's own inputs of that version do not have every element that it asks for
            listed += [*newer["must_support_pa_submit_request_payload"], *(newer[name] for name in names)]
        for body in listed:
            flow.add(body, self.submit(version, body))
        return flow

    def _unknown(self, version: str) -> Flow:
        """A request that follows one that was never sent."""
        flow = Flow()
        body = self.pump(version, "approval_pa_submit_request_payload", "approve", "UNKNOWN-PRIOR")
        entries(body, "Claim")[0]["related"] = [
            {
                "claim": {"identifier": {"system": "urn:example:nowhere", "value": "never-sent"}},
                "relationship": {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "code": "prior"}
                    ]
                },
            }
        ]
        flow.add(body, self.submit(version, body))
        return flow

    def _updates(self, version: str) -> dict[str, Flow]:
        """First as the kit sends them, then with a pump."""
        found = {name: Flow() for name in UPDATES}
        kit = tester.inputs("pas", version)
        for name in UPDATES:
            found[name].add(kit[_UPDATE[name]], self.submit(version, kit[_UPDATE[name]]))
        for name in UPDATES:
            body = tester.with_pump(kit[_UPDATE[name]], "ask", f"UPDATE-{version}")
            found[name].add(body, self.submit(version, body))
        return found

    # ---- PAS: inquiries

    def inquired(self, version: str, name: str) -> Flow:
        """Return a conversation of inquiries: of the pended request, or of all."""
        flow: Flow = self.once(("inquired", version, name), lambda: self._inquired(version, name))
        return flow

    def _inquired(self, version: str, name: str) -> Flow:
        flow = Flow()
        if name == "unsaid":
            body = unsaid(version, self.pump(version, "approval_pa_submit_request_payload", "ask", "NEVER-SENT"))
            flow.add(body, self.started.post(INQUIRE, body, version))
            return flow
        names = ("pended",) if name == "pended" else ("approval", "denial", "modified", "waiting", "stated", "bare")
        for one in names:
            asked = self.flow(version, one)
            body = inquiry(version, asked.sent[0], asked.told[0].body)
            flow.add(body, self.started.post(INQUIRE, body, version))
        if name != "pended":
            nothing = inquiry(
                version, self.pump(version, "approval_pa_submit_request_payload", "ask", "NEVER-SENT"), {}
            )
            flow.add(nothing, self.started.post(INQUIRE, nothing, version))
            kits = ("2.0.1", "2.2.1") if version == "2.0.1" else (version,)  # as with requests
            for kit in kits:
                for body in tester.inputs("pas", kit)["must_support_pa_inquire_request_payload"]:
                    flow.add(body, self.started.post(INQUIRE, body, version))
        return flow

    # ---- PAS: subscriptions

    def subscription(self, version: str) -> Flow:
        """Return the conversation in which the tester subscribes."""
        flow: Flow = self.once(("subscription", version), lambda: self._subscription(version))
        return flow

    def _subscription(self, version: str) -> Flow:
        flow = Flow()
        body = subscription(version, self.started.listener.url(version))
        flow.add(body, self.started.post("/fhir/Subscription", body, version))
        for _ in range(2):
            self.started.delivers()
        return flow

    def notifications(self, version: str, kind: str) -> list[tuple[dict[str, str], Json]]:
        """Return what the tester's endpoint was sent of a kind: ``handshake`` or ``event-notification``."""
        if kind != "handshake":
            self.once(("finished", version), lambda: self._finish(version))
        came: list[tuple[dict[str, str], Json]] = self.once(("came", version, kind), lambda: self._came(version, kind))
        return came

    def _came(self, version: str, kind: str) -> list[tuple[dict[str, str], Json]]:
        self.subscription(version)
        return [(headers, body) for headers, body in self.started.listener.of(version) if kind in status_of(body)]

    def _finish(self, version: str) -> str:
        """Let a person finish the pended case."""
        self.flow(version, "pended")
        case = self._kept["pended case", version]
        self.started.listener.came = [one for one in self.started.listener.came if "handshake" in status_of(one[2])]
        act = Approve(case=case, why="shown on the telephone")
        house.done(self.started.store, act, house.DIRECTOR, self.started.now)
        for _ in range(3):
            self.started.delivers()
        return str(case)


def _form_of(parameter: Json) -> bool | None:
    """Whether a parameter holds an adaptive form; None where it holds no form."""
    held = parameter.get("resource", {})
    form = next(resources(held, "Questionnaire"), None) if held.get("resourceType") == "Bundle" else None
    return None if form is None else forms.is_adaptive(form)


def status_of(body: Json) -> list[Any]:
    """Return the values that a notification's status has."""
    first = (body.get("entry") or [{}])[0].get("resource") or {}
    return [value for one in first.get("parameter", []) for key, value in one.items() if key.startswith("value")]


def subscription(version: str, endpoint: str) -> Json:
    """Return the kit's Subscription, to an endpoint of ours, until later; 2.0.1 wants ids alone."""
    made: Json = copy.deepcopy(tester.inputs("pas", "2.2.1")["subscription_resource"])
    made["end"] = "2027-12-31T12:00:00Z"
    made["channel"]["endpoint"] = endpoint
    if version == "2.0.1":
        made["_criteria"]["extension"][0]["valueString"] = "orgIdentifier=8189991234"
        made["channel"]["_payload"]["extension"][0]["valueCode"] = "id-only"
    return made


def bundles(told: Told) -> list[Json]:
    """Return the Bundles of an answer: the answer itself, or those under a parameter named ``return``."""
    body = told.body if isinstance(told.body, dict) else {}
    if body.get("resourceType") == "Parameters":
        listed = [one.get("resource") for one in body.get("parameter", []) if one.get("name") == "return"]
        return [one for one in listed if isinstance(one, dict) and one.get("resourceType") == "Bundle"]
    return [body] if body.get("resourceType") == "Bundle" else []


def resources(bundle: Json, kind: str | None = None) -> Iterator[Json]:
    """Yield the resources of a Bundle, of a kind."""
    for entry in bundle.get("entry", []):
        resource = entry.get("resource")
        if isinstance(resource, dict) and kind in {None, resource.get("resourceType")}:
            yield resource


def inquiry(version: str, sent: Json, told: Any) -> Json:
    """Return the kit's inquiry for what was sent: of its member, its product, and the number it was told."""
    kit = tester.inputs("pas", version)
    model = kit["pa_inquire_request_payload"] if version == "2.0.1" else kit["pended_pa_inquire_request_payload"][0]
    made: Json = copy.deepcopy(model)
    for kind in ("Patient", "Coverage"):
        for place, entry in enumerate(made["entry"]):
            if entry["resource"]["resourceType"] == kind:
                own = next(one for one in sent["entry"] if one["resource"]["resourceType"] == kind)
                made["entry"][place] = copy.deepcopy(own)
    claim, asked = entries(made, "Claim")[0], entries(sent, "Claim")[0]
    claim["created"] = asked["created"]
    claim["item"] = claim["item"][:1]
    claim.pop("related", None)  # the kit's leads nowhere, as do some of its papers and the endpoint of its role
    for role in entries(made, "PractitionerRole"):
        role.pop("endpoint", None)
    claim["supportingInfo"] = [one for one in claim.get("supportingInfo", []) if "valueReference" not in one]
    numbers = {f"{PAS}extension-authorizationNumber", f"{PAS}extension-administrationReferenceNumber"}
    claim["extension"] = [one for one in claim.get("extension", []) if one["url"] not in numbers]
    item = claim["item"][0]
    for name in ("productOrService", "servicedDate", "servicedPeriod"):
        item.pop(name, None)
        if name in asked["item"][0]:
            item[name] = asked["item"][0][name]
    known = [
        one
        for response in resources(told, "ClaimResponse")
        for answered in response.get("item", [])[:1]
        for one in answered.get("extension", [])
        if one["url"] == f"{PAS}extension-administrationReferenceNumber"
    ]
    lost = {*numbers, f"{PAS}extension-requestedService"}  # the kit's leads nowhere
    kept = [one for one in item.get("extension", []) if one["url"] not in lost]
    item["extension"] = [*kept, *known[:1]]
    return made


def unsaid(version: str, sent: Json) -> Json:
    """Return an inquiry that says nothing by which a request could be found."""
    made = inquiry(version, sent, {})
    for kind in ("Patient", "Coverage", "Claim"):
        for one in entries(made, kind):
            one.pop("identifier", None)
            one.pop("subscriberId", None)
    for item in entries(made, "Claim")[0]["item"]:
        item["extension"] = [one for one in item["extension"] if "Number" not in one["url"]]
    return made


__all__ = ["INQUIRE", "KIT", "SUBMIT", "UPDATES", "Flow", "Run", "bundles", "inquiry", "resources", "status_of"]
