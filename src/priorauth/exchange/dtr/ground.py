"""What the answers of a form are decided on: the case that CRD decided, or where CRD was not called, the form's words.

The answers stand in the Bundle as a QuestionnaireResponse, as they will in the request (PAS): so they mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided
from priorauth.exchange.call import Call
from priorauth.exchange.dtr.opening import Opening, bundle_of, opening_of
from priorauth.exchange.plan import HOOKS
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.export.forms import Form
from priorauth.ledger.readings import READINGS, held

TRACE: Final = "/trace"
"""The end of the system of ids by which a case is traced: what CRD calls the coverage assertion, DTR the context."""
CONTEXT: Final = "qr-context"
LOST: Final = (
    "the context of this form is not known here, or no longer: call CRD for the order again, then "
    "$questionnaire-package with the coverage-assertion-id of its answer"
)
_HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_PAYER: Final = "urn:priorauth:payer"


class Ground(NamedTuple):
    """A case without the answers of the form: its Bundle, the patient it is of, and the context, where there is one."""

    bundle: Json
    patient: Json
    policy: str | None = None
    opening: Opening | None = None

    @property
    def hooked(self) -> bool:
        """Whether CRD was called for it, so that a form may say how it is covered."""
        return self.opening is not None and self.opening.data.get("hook") in {*HOOKS, "encounter-discharge"}


def ground(call: Call, form: Form, response: Json, contained: Json, today: date) -> Ground:
    """Return what the answers of a form are decided on; raises Fault where the context that is named is not known.

    An order is decided as if it were sent today, a request as of its own day.
    """
    named = named_context(response, contained)
    if named is None:
        return _plain(form, response, today)
    opening = opening_of(call, named)
    if opening is None:
        raise Fault(404, "not-found", LOST, "QuestionnaireResponse.identifier")
    bundle = bundle_of(opening)
    claims = [one["resource"] for one in listed(bundle, "entry") if one["resource"]["resourceType"] == "Claim"]
    for claim in claims if not opening.requested else ():
        claim["created"] = today.isoformat()
    bundle.pop("timestamp", None)  # what is beside it came later
    patient = claims[0]["patient"]
    said, known = _tail(response.get("subject")), _tail(patient)
    if said and known and said != known:
        raise Fault(400, "invalid", "expected the patient of the order", "QuestionnaireResponse.subject")
    return Ground(bundle, patient, None, opening)


def named_context(response: Json, contained: Json) -> str | None:
    """Return the id of the context that a form names: among its identifiers, or those of what it is about."""
    own = response.get("identifier")
    said = [own] if isinstance(own, dict) else listed(response, "identifier")
    said += listed(contained, "identifier")
    for one in listed(response, "extension"):
        about = one.get("valueReference")
        if str(one.get("url", "")).endswith(f"/{CONTEXT}") and isinstance(about, dict):
            said += [about["identifier"]] if isinstance(about.get("identifier"), dict) else []
    for one in said:
        if str(one.get("system", "")).endswith(TRACE) and isinstance(one.get("value"), str) and one["value"]:
            return str(one["value"])[:200]
    return None


def _tail(reference: object) -> str:
    """Return the end of a reference, its type and id; empty where it has none."""
    said = reference.get("reference") if isinstance(reference, dict) else None
    if not isinstance(said, str) or said.startswith(("#", "urn:")):
        return ""
    return "/".join(said.rstrip("/").split("/")[-2:])


def _plain(form: Form, response: Json, today: date) -> Ground:
    """Return a case that says nothing: a member of whom, under the form's policy, it is asked for something."""
    said = {str(one.get("linkId")): one for one in _walked(listed(response, "item"))}
    subject = response.get("subject")
    name = _tail(subject) or "Patient/member"
    patient: Json = {"resourceType": "Patient", "id": name.partition("/")[2][:64] or "member"}
    if isinstance(born := _first(said.get("birth_date"), "valueDate"), str):
        patient["birthDate"] = born
    reference = {"reference": f"Patient/{patient['id']}"}
    item: Json = {"sequence": 1}
    code = _first(said.get("product_code"), "valueCoding")
    if isinstance(code, dict) and isinstance(code.get("code"), str):
        item["productOrService"] = {"coding": [{"system": _HCPCS, "code": code["code"]}]}
    payer = form.policy.payer
    payor = {"resourceType": "Organization", "id": "payer", "identifier": [{"system": _PAYER, "value": payer}]}
    coverage = {"resourceType": "Coverage", "id": "coverage", "status": "active", "beneficiary": reference}
    claim = {
        "resourceType": "Claim", "id": "form", "status": "active", "use": "preauthorization", "patient": reference,
        "created": today.isoformat(), "insurer": {"reference": "Organization/payer"}, "item": [item],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage"}}],
    }  # fmt: skip
    parts = (claim, patient, {**coverage, "payor": [{"reference": "Organization/payer"}]}, payor)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in parts]}
    return Ground(bundle, reference, form.policy.id)


def _walked(items: list[Json]) -> list[Json]:
    found: list[Json] = []
    for one in items:
        found.append(one)
        found += _walked(listed(one, "item"))
    return found


def _first(item: Json | None, kind: str) -> object:
    answers = [] if item is None else listed(item, "answer")
    return answers[0].get(kind) if answers else None


def answered(on: Ground, response: Json, items: list[Json], call: Call) -> bytes:
    """Return the case with the answers of the form in it."""
    authored = response.get("authored")
    form: Json = {
        "resourceType": "QuestionnaireResponse",
        "id": "form-answers",
        "status": "completed",
        "subject": on.patient,
        "authored": authored if isinstance(authored, str) and authored else call.now.isoformat(),
        "item": items,
    }
    if isinstance(response.get("author"), dict):
        form["author"] = response["author"]
    entries = [*on.bundle.get("entry", ()), {"resource": form}]
    return msgspec.json.encode({**on.bundle, "entry": entries})


def decide(on: Ground, bundle: bytes, settings: Mapping[str, Any], today: date) -> Determination:
    """Decide a case as requests are decided."""
    now = held(settings, today)
    found = decided(
        bundle,
        policy=on.policy,
        judgments=(on.opening.words if on.opening is not None else ()) or None,
        policies=tuple(Path(one) for one in now.get("policies", ())),
        readings=now.get(READINGS) or None,
        name="form",
    )
    wanted = None if on.opening is None else on.opening.sequence
    made = [one.determination for one in found]
    return next((one for one in made if one.sequence == wanted), made[0])
