"""What is asked of a server, all made of one case: a request Bundle of PAS, whose resources serve every hook too."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from priorauth.errors import Fault, InputRefused
from priorauth.exchange.trying.shapes import PAS, Json, objects, resources, text
from priorauth.values import files

SHIPPED: Final = Path(__file__).with_name("data") / "case.json"
MOST: Final = 25_000_000
REQUEST: Final = f"{PAS}/profile-pas-request-bundle"
INQUIRY: Final = f"{PAS}/profile-pas-inquiry-request-bundle"
_ORDERS: Final = ("DeviceRequest", "ServiceRequest", "MedicationRequest")
_CANCEL: Final = {
    "url": f"{PAS}/extension-certificationType",
    "valueCodeableConcept": {"coding": [{"system": "https://codesystem.x12.org/005010/1322", "code": "3"}]},
}
"""The Claim as a whole is cancelled."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as a clinic sends it; ``run`` is put into its numbers, so that each run is a new request."""

    bundle: Json
    run: str

    def one(self, kind: str) -> Json:
        """Return the first resource of a kind; an empty object where there is none."""
        return next(iter(resources(self.bundle, kind)), {})

    @property
    def order(self) -> Json:
        """The order; with the coverage under which it is made, as CRD has it."""
        claimed = text(self.one("Claim"), "item", "productOrService", "coding", "code")
        listed = [one for kind in _ORDERS for one in resources(self.bundle, kind)]
        fitting = [one for one in listed if claimed in {text(coding, "code") for coding in _codes(one)}]
        made = copy.deepcopy(next(iter(fitting or listed), {}))
        return {**made, "status": "draft", "insurance": [{"reference": self.reference("Coverage")}]}

    def reference(self, kind: str) -> str:
        """Return a reference to the first resource of a kind."""
        return f"{kind}/{text(self.one(kind), 'id')}"

    @property
    def coverage(self) -> Json:
        """The coverage; its payor with number and name, for whoever is not sent the payor too."""
        made = copy.deepcopy(self.one("Coverage"))
        for payor in objects(made, "payor"):
            for one in self._payors():
                payor |= {"identifier": objects(one, "identifier")[-1], "display": text(one, "name")}
        return made

    @property
    def patient(self) -> str:
        """The id of the patient."""
        return text(self.one("Patient"), "id")

    def fetched(self, template: str) -> Json:
        """Return what a prefetch template gives: a resource, or a Bundle of those that were found."""
        template = self._put_in(template)
        kind, _, _ = template.partition("?")
        if "?" not in template:
            kind, _, named = kind.partition("/")
            same = [one for one in resources(self.bundle, kind) if text(one, "id") == named]
            if (kind, named) == (self.order.get("resourceType"), self.order.get("id")):
                return self.order
            return self.coverage if kind == "Coverage" else copy.deepcopy(next(iter(same), self.one(kind)))
        found = resources(self.bundle, kind)
        if kind == "Coverage" and "_include" in template:
            found = [*found, *self._payors()]
        found = [self.coverage if one.get("resourceType") == "Coverage" else one for one in found]
        if kind == self.order.get("resourceType"):
            found = [self.order]
        entries = [{"resource": one, "search": {"mode": "match"}} for one in found]
        return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}

    def _put_in(self, template: str) -> str:
        """Return a template with what the context says in the place of its tokens."""
        supplier = text(self.one("Claim"), "provider", "reference")
        order = f"{self.order.get('resourceType')}/{self.order.get('id')}"
        known = {"patientId": self.patient, "userId": self._user(), "order": order, "performer": supplier}
        for name, value in {**known, "encounterId": text(self.one("Encounter"), "id")}.items():
            template = template.replace(f"{{{{context.{name}}}}}", value)
        return template

    def _payors(self) -> list[Json]:
        named = {text(one, "reference").rpartition("/")[2] for one in objects(self.one("Coverage"), "payor")}
        return [one for one in resources(self.bundle, "Organization") if text(one, "id") in named]

    # ---- hooks

    def hook(self, name: str, prefetch: Mapping[str, str], instance: str) -> Json | None:
        """Return a call of a hook with everything that a service prefetches; None for a hook that is not tried."""
        found = self._context(name)
        if found is None:
            return None
        fetched = {key: self.fetched(template) for key, template in prefetch.items()}
        return {
            "hook": name,
            "hookInstance": instance,
            "context": {"userId": self._user(), "patientId": self.patient, **found},
            "prefetch": {key: value for key, value in fetched.items() if value},
        }

    def _context(self, name: str) -> Json | None:
        order = self.order
        at = f"{order.get('resourceType')}/{order.get('id')}"
        entry = [{"fullUrl": f"urn:uuid:{self.run}", "resource": order}]
        drafts = {"resourceType": "Bundle", "type": "collection", "entry": entry}
        match name:
            case "order-sign":
                return {"draftOrders": drafts}
            case "order-select":
                return {"draftOrders": drafts, "selections": [at]}
            case "order-dispatch":
                supplier = text(self.one("Claim"), "provider", "reference")
                return {"order": at, "dispatchedOrders": [at], "performer": supplier}
            case "appointment-book":
                return {"appointments": {"resourceType": "Bundle", "type": "collection", "entry": [self._visit()]}}
            case "encounter-start" | "encounter-discharge":
                return {"encounterId": text(self.one("Encounter"), "id") or "visit"}
        return None

    def _user(self) -> str:
        kinds = [one for one in ("PractitionerRole", "Practitioner") if self.one(one)]
        return self.reference(kinds[0]) if kinds else "Practitioner/somebody"

    def _visit(self) -> Json:
        participants = [
            {"actor": {"reference": one}, "required": "required", "status": "accepted"}
            for one in (f"Patient/{self.patient}", self._user())
        ]
        codes = self.order.get("codeCodeableConcept") or self.order.get("code")
        kind = {"serviceType": [codes]} if isinstance(codes, dict) else {}
        visit = {
            "resourceType": "Appointment",
            "id": "visit",
            "status": "proposed",
            **kind,
            "participant": participants,
        }
        return {"resource": {**visit, "start": "2026-12-10T09:00:00Z", "end": "2026-12-10T09:30:00Z"}}

    # ---- requests

    def request(self) -> Json:
        """Return the request, its numbers those of this run."""
        made = copy.deepcopy(self.bundle)
        made["identifier"] = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{self.run}"}
        claim = _claim(made)
        claim["identifier"] = [{"system": "urn:priorauth:trying", "value": self.run}]
        return made

    def again(self, run: str, prior: Json) -> Json:
        """Return a request that follows on a prior Claim, which is in it."""
        made = Case(self.bundle, run).request()
        claim = _claim(made)
        claim["id"] = f"{claim.get('id', 'claim')}-{run[:8]}"
        entry = made["entry"][0]
        entry["fullUrl"] = f"urn:uuid:{run}"
        before = copy.deepcopy(self.bundle["entry"][0])
        before["resource"] = prior
        made["entry"] = [entry, *made["entry"][1:], before]
        claim["related"] = [
            {
                "claim": {"reference": f"Claim/{prior['id']}", "identifier": prior["identifier"][0]},
                "relationship": {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "code": "prior"}
                    ]
                },
            }
        ]
        return made

    def cancel(self, run: str, prior: Json) -> Json:
        """Return what cancels a request as a whole."""
        made = self.again(run, prior)
        claim = _claim(made)
        claim["extension"] = [*claim.get("extension", []), copy.deepcopy(_CANCEL)]
        return made

    def inquiry(self, run: str, *, member: str | None = None) -> Json:
        """Return an inquiry for the items of the case by its member; ``member``: of another number."""
        made = copy.deepcopy(self.bundle)
        claim = _claim(made)
        made["identifier"] = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{run}"}
        made["meta"] = {"profile": [INQUIRY]}
        claim["identifier"] = [{"system": "urn:priorauth:trying", "value": run}]
        claim["meta"] = {"profile": [f"{PAS}/profile-claim-inquiry"]}
        needed = {"Claim", "Patient", "Coverage", "Organization", "Practitioner", "PractitionerRole"}
        made["entry"] = [one for one in made["entry"] if one["resource"].get("resourceType") in needed]
        if member is not None:
            for one in made["entry"]:
                for number in objects(one["resource"], "identifier"):
                    if "MB" in [text(coding, "code") for coding in objects(number, "type", "coding")]:
                        number["value"] = member
                if "subscriberId" in one["resource"]:
                    one["resource"]["subscriberId"] = member
        for name in ("supportingInfo",):
            claim.pop(name, None)
        return made

    # ---- forms

    def package(self, **by: Any) -> Json:  # noqa: ANN401 - order, questionnaire or context
        """Return what asks for a package: by an order, by the canonical of a form, by the context of a hook."""
        parameters: list[Json] = [{"name": "coverage", "resource": self.coverage}]
        if by.get("order"):
            parameters.append({"name": "order", "resource": {**self.order, "status": "active"}})
        if by.get("questionnaire"):
            parameters.append({"name": "questionnaire", "valueCanonical": by["questionnaire"]})
        if by.get("context"):
            parameters.append({"name": "context", "valueString": by["context"]})
        return {"resourceType": "Parameters", "parameter": parameters}


def _codes(resource: Json) -> list[Json]:
    return [
        one
        for name in ("codeCodeableConcept", "code", "medicationCodeableConcept")
        for one in objects(resource, name, "coding")
    ]


def _claim(bundle: Json) -> Json:
    found: Json = next(iter(resources(bundle, "Claim")), {})
    return found


def read(file: Path | None, run: str, payer: str | None = None) -> Case:
    """Return the case of a file, or the made-up one; ``payer``: SYSTEM|VALUE of the insurer. Raises InputRefused."""
    name = str(file or SHIPPED)
    try:
        found = msgspec.json.decode(files.read(file or SHIPPED, MOST))
    except files.FileFault as fault:
        raise InputRefused(Fault(name, None, fault.problem)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise InputRefused(Fault(name, None, "expected JSON")) from None
    first = resources(found)[:1]
    if not first or first[0].get("resourceType") != "Claim":
        raise InputRefused(Fault(name, "entry[0]", "expected a request Bundle of PAS, whose first entry is a Claim"))
    lacking = [kind for kind in ("Patient", "Coverage") if not resources(found, kind)]
    if lacking:
        raise InputRefused(Fault(name, None, f"expected in the Bundle: {', '.join(lacking)}"))
    if payer is not None:
        _of_payer(found, payer)
    return Case(found, run)


def _of_payer(bundle: Json, payer: str) -> None:
    """Give the insurer another number."""
    system, bar, value = payer.partition("|")
    if not (system and bar and value):
        raise InputRefused(Fault(None, None, f"--payer: expected SYSTEM|VALUE, found {payer[:80]!r}"))
    at = {text(_claim(bundle), "insurer", "reference").rpartition("/")[2]}
    for one in resources(bundle, "Organization"):
        if text(one, "id") in at:
            one["identifier"] = [{"system": system, "value": value}]
