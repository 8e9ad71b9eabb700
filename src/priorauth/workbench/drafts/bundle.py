"""A request made of a draft: a FHIR Bundle with a Claim, from the Bundle that was uploaded or from what was typed.

The same draft gives the same bytes. What was answered stands in it as a QuestionnaireResponse of the practice, papers
of a known kind as DocumentReferences; glucose logs and papers go beside it as files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from priorauth.errors import Fault, InputRefused
from priorauth.ledger import compose, people, runs
from priorauth.ledger.acts.files import PAPER, File
from priorauth.ledger.columns import canonical, written
from priorauth.ledger.events import Json, Who
from priorauth.policy.catalog import Catalog
from priorauth.workbench.drafts import answers
from priorauth.workbench.drafts.draft import Draft, Paper

_BASE: Final = "urn:priorauth:draft"
_PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem"
_X12: Final = "https://codesystem.x12.org/005010"
_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_ICD10: Final = "http://hl7.org/fhir/sid/icd-10-cm"
_LOINC: Final = "http://loinc.org"
_CONTINUES: Final = ("continued", "refill")
_SHOWN_BY: Final = {"clinical_notes_dated": (_LOINC, "11506-3", "Progress note")}
"""Papers that are known by a code; the others are known by the words of their type."""
_CALLED: Final = {
    "prescription_signed_on": "Prescription for infusion pump",
    "letter_of_medical_necessity_signed_on": "Letter of medical necessity",
    "ma_review_form_on_file": "Prescription and medical necessity review form",
    "pa1_form_on_file": "Form PA-1",
}


def composed(  # noqa: PLR0913 - what a request is made of
    draft: Draft, who: Who, catalog: Catalog, today: date, at: datetime, *, sends: bool = True
) -> bytes:
    """Return the Bundle that would be sent, its Claim active; raises InputRefused with what is missing.

    ``today`` is the plan's day, on which a request that was typed is made; ``at`` is when its answers were given.
    ``sends``: it is to be sent, so that nobody's name may be missing; a check needs none.
    """
    whole = _begun(draft, who, today, sends=sends)
    claim = claim_of(whole)
    if draft.kind == "again":
        _again(claim, draft, today)
    elif claim.get("status") == "draft":
        claim["status"] = "active"
    entries = list(whole.get("entry", ()))
    for paper in draft.of("resources"):
        entries += _resources(paper, claim)
    entries += _papers(draft, claim)
    said = answers.sound(draft.answers, catalog.vocabulary)
    if draft.request is None:
        said.setdefault(answers.field("request_kind"), (draft.fields.get("kind", ""),))
    if draft.kind == "again":
        said[answers.field("request_kind")] = ("continued",)
    form = answers.response(said, catalog.vocabulary, claim, author(who, claim), at)
    if form is not None:
        entries.append({"fullUrl": f"{_BASE}:QuestionnaireResponse:{form['id']}", "resource": form})
    return canonical({**whole, "entry": entries, "timestamp": written(at)})


def files(draft: Draft) -> tuple[File, ...]:
    """Return what goes beside the Bundle: glucose logs, and papers for people."""
    return tuple(
        File(
            title=one.name,
            media=one.media,
            content=one.content,
            kind=runs.LOG_KIND if one.kind == "glucose-log" else PAPER,
            dated=date.fromisoformat(one.dated) if is_day(one.dated) else None,
        )
        for one in draft.of("glucose-log", "paper")
    )


def claim_of(bundle: Json) -> Json:
    """Return the Claim of a Bundle, to be changed in it; raises InputRefused."""
    for one in people.resources(bundle, "Claim"):
        return one
    raise InputRefused(Fault("the request", None, "expected a Claim"))


def author(who: Who, claim: Json) -> Json:
    """Return who answers: of a supplier the provider of the claim, else the practice; each settles what it may."""
    if who.role == "supplier" and isinstance(claim.get("provider"), dict):
        return dict(claim["provider"])
    name = who.organisation or "practice"
    return {
        "type": "Organization",
        "identifier": {"system": f"urn:priorauth:organisation:{who.tenant}", "value": name},
        "display": name,
    }


def _begun(draft: Draft, who: Who, today: date, *, sends: bool) -> Json:
    paper = draft.request
    if paper is None:
        return _typed(draft, who, today, sends=sends)
    return compose.read(paper.content, paper.name)


def _resources(paper: Paper, claim: Json) -> Iterator[Json]:
    """Yield the entries of a file of resources; its patient is the patient of the request."""
    found = compose.read(paper.content, paper.name)
    listed = found.get("entry", []) if found.get("resourceType") == "Bundle" else [{"resource": found}]
    if not isinstance(listed, list):
        raise InputRefused(Fault(paper.name, None, "expected a list of entries"))
    own = str(claim.get("patient", {}).get("reference", ""))
    for entry in listed:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not (isinstance(resource, dict) and own.endswith(f"Patient/{_patient_id(resource)}")):
            yield entry


def _patient_id(resource: Json) -> str:
    """Return the id of a Patient; of another resource what no reference ends in."""
    return str(resource.get("id", "")) if resource.get("resourceType") == "Patient" else " "


def _papers(draft: Draft, claim: Json) -> Iterator[Json]:
    """Yield what says that a paper of a known kind is on file, with its day."""
    for paper in draft.of("paper"):
        made = reference(paper, claim)
        if made is not None:
            yield {"fullUrl": f"{_BASE}:DocumentReference:{made['id']}", "resource": made}


def reference(paper: Paper, claim: Json) -> Json | None:
    """Return a paper of a known kind and day as a DocumentReference; None of another."""
    if paper.shows not in kinds() or not is_day(paper.dated):
        return None
    system, code, called = _SHOWN_BY.get(paper.shows, ("", "", _CALLED.get(paper.shows, "")))
    kind: Json = {"text": called}
    if code:
        kind["coding"] = [{"system": system, "code": code, "display": called}]
    return {
        "resourceType": "DocumentReference",
        "id": f"paper-{paper.number}",
        "status": "current",
        "docStatus": "final",
        "type": kind,
        "subject": claim.get("patient", {}),
        "date": f"{paper.dated}T12:00:00Z",
        "content": [{"attachment": {"contentType": paper.media, "title": paper.name}}],
    }


def is_day(said: str) -> bool:
    """Whether something is a day (ISO)."""
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


def kinds() -> dict[str, str]:
    """Return the kinds of papers that can be told of, by fact."""
    return {**{fact: called for fact, (_, _, called) in _SHOWN_BY.items()}, **_CALLED}


# ---- what was typed


def _typed(draft: Draft, who: Who, today: date, *, sends: bool) -> Json:
    said = draft.fields
    named = {"family": "the patient's name", "born": "the birth date", "member_id": "the member number"}
    needed = {"payer": "the payer", "product": "the product", "kind": "what is asked for", **(named if sends else {})}
    lacking = [what for name, what in needed.items() if not said.get(name)]
    if lacking:
        raise InputRefused(Fault("the request", None, f"still to be written: {', '.join(lacking)}"))
    member, url = _charted(draft)
    listed = [
        _claim(draft, today, member),
        _patient(said, member),
        _organization("payer", said["payer"], {"system": "urn:priorauth:payer", "value": said["payer"]}),
        _coverage(said, member),
        *_people(said, who),
    ]
    own = {"Patient": url} if url else {}
    entries = [
        {"fullUrl": own.get(one["resourceType"]) or f"{_BASE}:{one['resourceType']}:{one['id']}", "resource": one}
        for one in listed
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _charted(draft: Draft) -> tuple[str, str]:
    """Return the id and address of the patient of the chart that was attached, of whom the request is then."""
    for paper in draft.of("resources"):
        found = compose.read(paper.content, paper.name)
        for entry in found.get("entry", ()) if isinstance(found.get("entry"), list) else ():
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(resource, dict) and resource.get("resourceType") == "Patient" and resource.get("id"):
                return str(resource["id"]), str(entry.get("fullUrl", ""))
        for name in ("subject", "patient"):
            said = found.get(name)
            reference = str(said.get("reference", "")) if isinstance(said, dict) else ""
            if "Patient/" in reference:
                return reference.rpartition("/")[2], ""
    return "member", ""


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _claim(draft: Draft, today: date, member: str) -> Json:
    said = draft.fields
    item: Json = {
        "sequence": 1,
        "extension": _certified("R" if said["kind"] in _CONTINUES else "I"),
        "category": _coded(f"{_X12}/1365", "12"),
        "productOrService": _coded(compose.HCPCS, said["product"]),
        "quantity": {"value": _whole(said.get("quantity", ""))},
    }
    if said.get("service_on"):
        item["servicedDate"] = said["service_on"]
    claim: Json = {
        "resourceType": "Claim",
        "id": f"request-{draft.id or 'draft'}",
        "meta": {"profile": [f"{_PAS}/profile-claim"]},
        "status": "active",
        "use": "preauthorization",
        "identifier": [{"system": _BASE, "value": draft.id or "draft"}],
        "type": _coded(f"{_TERMS}/claim-type", "professional"),
        "patient": {"reference": f"Patient/{member}"},
        "created": today.isoformat(),
        "insurer": {"reference": "Organization/payer"},
        "provider": {"reference": "Organization/practice"},
        "priority": _coded(f"{_TERMS}/processpriority", "stat" if said.get("urgent") == "yes" else "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage"}}],
        "item": [item],
    }
    if said.get("diagnosis"):
        claim["diagnosis"] = [{"sequence": 1, "diagnosisCodeableConcept": _coded(_ICD10, said["diagnosis"].upper())}]
    if said.get("prescriber_family"):
        claim["careTeam"] = [{"sequence": 1, "provider": {"reference": "Practitioner/prescriber"}}]
    return claim


def _whole(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 6 else 1  # noqa: PLR2004 - as many digits as are typed


def _certified(code: str) -> list[Json]:
    asked = {"url": f"{_PAS}/extension-serviceItemRequestType", "valueCodeableConcept": _coded(f"{_X12}/1525", "HS")}
    kind = {"url": f"{_PAS}/extension-certificationType", "valueCodeableConcept": _coded(f"{_X12}/1322", code)}
    return [asked, kind]


def _patient(said: dict[str, str], member: str) -> Json:
    made: Json = {"resourceType": "Patient", "id": member}
    if said.get("member_id"):
        made["identifier"] = [{"type": _coded(f"{_TERMS}/v2-0203", "MB"), "value": said["member_id"]}]
    if said.get("family"):
        made["name"] = [{"family": said["family"], "given": said.get("given", "").split()}]
    if said.get("born"):
        made["birthDate"] = said["born"]
    if said.get("sex"):
        made["gender"] = said["sex"]
    place = {"city": said.get("city"), "state": said.get("state"), "postalCode": said.get("zip")}
    if any(place.values()) or said.get("street"):
        street = {"line": [said["street"]]} if said.get("street") else {}
        made["address"] = [{**street, **{name: value for name, value in place.items() if value}}]
    return made


def _organization(name: str, title: str, *identifiers: Json, phone: str = "") -> Json:
    made: Json = {"resourceType": "Organization", "id": name, "active": True, "name": title}
    if identifiers:
        made["identifier"] = list(identifiers)
    if phone:
        made["telecom"] = [{"system": "phone", "value": phone}]
    return made


def _coverage(said: dict[str, str], member: str) -> Json:
    made: Json = {
        "resourceType": "Coverage",
        "id": "coverage",
        "status": "active",
        "subscriberId": said.get("member_id", ""),
        "beneficiary": {"reference": f"Patient/{member}"},
        "payor": [{"reference": "Organization/payer"}],
    }
    if said.get("covered_from"):
        made["period"] = {"start": said["covered_from"]}
    if said.get("plan"):
        made["class"] = [{"type": _coded(f"{_TERMS}/coverage-class", "plan"), "value": said["plan"]}]
    return made


def _people(said: dict[str, str], who: Who) -> Iterator[Json]:
    """Yield who sends the request, who prescribes, and that the prescriber works where it was sent from."""
    supplier = who.role == "supplier"
    sender = said.get("supplier_name") or who.organisation or "supplier" if supplier else who.organisation or "practice"
    known = {"system": f"urn:priorauth:organisation:{who.tenant}", "value": who.organisation or "practice"}
    own = [known, *_npi(said.get("supplier_npi", "") if supplier else "")]
    yield _organization("practice", sender, *own, phone=said.get("supplier_phone", "") if supplier else "")
    if not supplier and said.get("supplier_name"):
        yield _organization(
            "supplier",
            said["supplier_name"],
            *_npi(said.get("supplier_npi", "")),
            phone=said.get("supplier_phone", ""),
        )
    if not said.get("prescriber_family"):
        return
    doctor: Json = {
        "resourceType": "Practitioner",
        "id": "prescriber",
        "name": [{"family": said["prescriber_family"], "given": said.get("prescriber_given", "").split()}],
    }
    if said.get("prescriber_npi"):
        doctor["identifier"] = _npi(said["prescriber_npi"])
    if said.get("prescriber_phone"):
        doctor["telecom"] = [{"system": "phone", "value": said["prescriber_phone"]}]
    yield doctor
    if not supplier:
        yield {
            "resourceType": "PractitionerRole",
            "id": "prescriber-role",
            "active": True,
            "practitioner": {"reference": "Practitioner/prescriber"},
            "organization": {"reference": "Organization/practice"},
        }


def _npi(value: str) -> list[Json]:
    return [{"system": _NPI, "value": value}] if value else []


# ---- more time for what was approved


def _again(claim: Json, draft: Draft, today: date) -> None:
    """Make of the request that was approved the request for its continued use, of a day."""
    before = str(claim.get("id", "request"))
    claim["id"] = f"{before}-{draft.approval}"[:64]
    claim["identifier"] = [{"system": _BASE, "value": claim["id"]}]
    claim["status"] = "active"
    claim["created"] = today.isoformat()
    claim.pop("related", None)
    for item in claim.get("item", ()):
        kept = [one for one in item.get("extension", ()) if not str(one.get("url", "")).endswith("certificationType")]
        item["extension"] = [*kept, _certified("R")[1]]
        item.pop("servicedDate", None)
        item.pop("servicedPeriod", None)
