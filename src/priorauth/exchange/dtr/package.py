"""``$questionnaire-package``: for an order, by the name of a form, or for the context of an answer of CRD, the forms
with everything that fills them in.

Each form comes as a Bundle of its own: the Questionnaire, a response begun with what is on file, the libraries and the
ValueSets. All but the response is the same for everybody and kept as bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from priorauth.decide.determine import decided_by
from priorauth.errors import InputRefused
from priorauth.exchange.call import Call, Told
from priorauth.exchange.dtr import offered
from priorauth.exchange.plan import Version
from priorauth.exchange.wire import Fault, Json, issue, listed, outcome
from priorauth.export import forms
from priorauth.export.addresses import PROFILES, SDC, pinned, questionnaire
from priorauth.export.answers import filled, on_file
from priorauth.export.forms import Form
from priorauth.export.libraries import libraries
from priorauth.export.questionnaire import Asked, adaptive, chosen, of_policy, static
from priorauth.export.values import value_sets
from priorauth.facts.case import Case
from priorauth.ledger import runs, traffic
from priorauth.ledger import tables as t
from priorauth.policy.catalog import Catalog

ORDERS: Final = frozenset({
    "Appointment", "CommunicationRequest", "DeviceRequest", "Encounter", "MedicationRequest", "NutritionOrder",
    "ServiceRequest", "SupplyRequest", "VisionPrescription",
})  # fmt: skip
OUT: Final[dict[Version, tuple[str, str]]] = {
    "2.0": ("PackageBundle", "operationOutcome"),
    "2.2": ("packagebundle", "outcome"),
}
"""What the parameters of an answer are called: of a Bundle, and of what is said beside."""
LOST: Final = "no context of that id is known here, or it has ended: call CRD for the order again"
NO_FORM: Final = (
    "no form here is for this: look at the policy that coverage-information and the plan's cards name, or ask the plan "
    "which documents it wants"
)
_SYSTEM: Final = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"
_NAMESPACE: Final = uuid.UUID("5d8c3d0f-5c1b-5b0e-8a53-0f2e9d1c7b42")


class Wanted(Struct, frozen=True):
    """A form that is to be given out: for which order and coverage, in which context, with what is on file."""

    form: Form
    order: Json | None = None
    coverage: Json | None = None
    subject: Json | None = None
    context: str | None = None
    case: Case | None = None


def package(call: Call) -> Told:
    """Answer ``$questionnaire-package``."""
    asked = _Asked.read(call)
    catalog = runs.catalog(call.settings)
    warnings: list[Json] = []
    wanted = list(_wanted(call, asked, catalog, warnings))
    bundle, said = OUT[call.version]
    parts: list[Json] = [
        {"name": bundle, "resource": msgspec.Raw(_bundle(call, one, catalog))}
        for one in _once(wanted)
        if asked.since is None or _changed(one.form, asked.since)
    ]
    if not wanted and not warnings:
        warnings.append(issue("warning", "not-found", NO_FORM))
    if wanted and not parts:
        warnings.append(issue("information", "informational", "nothing has changed since then"))
    if warnings:
        parts.append({"name": said, "resource": outcome(*warnings)})
    return Told({"resourceType": "Parameters", "parameter": parts})


class _Asked(Struct):
    """What a request asks for."""

    coverages: list[Json]
    orders: list[Json]
    names: list[str]
    context: str | None
    since: datetime | None

    @classmethod
    def read(cls, call: Call) -> _Asked:
        """Read the Parameters of a request; raises Fault where they cannot be read or ask for nothing."""
        if call.body.get("resourceType") != "Parameters":
            raise Fault(400, "structure", "expected Parameters", "resourceType")
        held: dict[str, list[tuple[int, Json]]] = {}
        for place, one in enumerate(listed(call.body, "parameter")):
            held.setdefault(str(one.get("name")), []).append((place, one))
        found = cls(
            coverages=[_resource(one, {"Coverage"}) for one in held.get("coverage", ())],
            orders=[_resource(one, ORDERS) for one in held.get("order", ())],
            names=[_text(one, "valueCanonical", "valueUri", "valueString") for one in held.get("questionnaire", ())],
            context=next((_text(one, "valueString", "valueId") for one in held.get("context", ())), None),
            since=next((_moment(one) for one in held.get("changedsince", ())), None),
        )
        if not (found.orders or found.names or found.context):
            raise Fault(400, "required", "expected an order, a questionnaire or a context", "Parameters.parameter")
        return found


def _resource(parameter: tuple[int, Json], kinds: frozenset[str] | set[str]) -> Json:
    place, one = parameter
    resource = one.get("resource")
    if not isinstance(resource, dict) or resource.get("resourceType") not in kinds:
        said = f"expected a resource: {', '.join(sorted(kinds))}"
        raise Fault(400, "structure", said, f"Parameters.parameter[{place}].resource")
    return resource


def _text(parameter: tuple[int, Json], *elements: str) -> str:
    place, one = parameter
    for element in elements:
        if isinstance(one.get(element), str) and one[element]:
            return str(one[element])
    raise Fault(400, "structure", f"expected {elements[0]}", f"Parameters.parameter[{place}]")


def _moment(parameter: tuple[int, Json]) -> datetime:
    said = _text(parameter, "valueInstant", "valueDateTime", "valueString")
    try:
        found = datetime.fromisoformat(said)
        if found.tzinfo is not None:
            return found
    except ValueError:
        pass
    raise Fault(
        400, "invalid", "expected an instant, with its zone", f"Parameters.parameter[{parameter[0]}].valueInstant"
    )


# ---- which forms


def _wanted(call: Call, asked: _Asked, catalog: Catalog, warnings: list[Json]) -> Iterator[Wanted]:
    """Yield the forms that are asked for; what cannot be found is said in ``warnings``, or raised as a Fault."""
    of_context = None if asked.context is None else _of_context(call, asked, catalog)
    if asked.names:
        for name in asked.names:
            form = _named(call, name, catalog)
            if form is None:
                warnings.append(
                    issue(
                        "warning",
                        "not-found",
                        "a questionnaire that is asked for is not known here",
                        "Parameters.parameter.valueCanonical",
                    )
                )
                continue
            if of_context is not None:
                yield msgspec.structs.replace(of_context, form=form)
            else:
                yield _for(asked, form, asked.orders[0] if asked.orders else None)
        return
    if of_context is not None:
        forms_of = offered.of(call.plan, of_context.form.policy, _pathway_of(of_context), hooked=True)
        yield from (msgspec.structs.replace(of_context, form=form) for form in forms_of)
        return
    yield from _of_orders(call, asked, catalog)


def _of_orders(call: Call, asked: _Asked, catalog: Catalog) -> Iterator[Wanted]:
    """Yield the forms of orders; of an order for what no policy here lists, none."""
    payers = offered.payers(asked.coverages, call.plan.payer, catalog)
    if payers is None:
        raise Fault(404, "not-found", "the coverage is of none of the payers of this plan", "Coverage.payor")
    for order in asked.orders:
        policies = offered.policies(order, payers, catalog, call.now.date())
        if len({one.payer for one in policies}) > 1:
            said = "expected a coverage that says which payer it is of: several have a policy for this product"
            raise Fault(422, "processing", said, "Coverage.payor")
        for policy in policies[:1]:
            pathway = offered.pathway(policy, order)
            for form in offered.of(call.plan, policy, pathway, hooked=False):
                yield _for(asked, form, order)


def _for(asked: _Asked, form: Form, order: Json | None) -> Wanted:
    """Return a form for an order and the first of the coverages."""
    coverage = asked.coverages[0] if asked.coverages else None
    subject = None
    for resource, elements in ((order, ("subject", "patient")), (coverage, ("beneficiary",))):
        for element in elements if resource else ():
            held = (resource or {}).get(element)
            if subject is None and isinstance(held, dict) and held.get("reference"):
                subject = {"reference": held["reference"]}
    return Wanted(form, order, coverage, subject)


def _of_context(call: Call, asked: _Asked, catalog: Catalog) -> Wanted:
    """Return what a context is of; raises Fault where it is not known, or of others."""
    found = traffic.found(call.store, call.tenant, t.context, context=(asked.context or "")[:64])
    row = next((one for one in found if one["client"] == call.client and one["ends_at"] > call.now), None)
    if row is None:
        raise Fault(404, "not-found", LOST, "Parameters.parameter.valueString")
    decided = _decided(row["bundle"], catalog)
    policy = None if decided is None else decided[0]
    data = row["data"]
    if policy is None or decided is None:
        raise Fault(422, "processing", NO_FORM)
    references = {
        name: {"reference": data[name]} if isinstance(data.get(name), str) else data.get(name)
        for name in ("order", "coverage", "patient")
    }
    order = next((one for one in asked.orders if offered.same(_reference(one), references["order"])), None)
    coverage = next(iter(asked.coverages), None)
    return Wanted(
        decided[1],
        order or _stub(references["order"]),
        coverage or _stub(references["coverage"]),
        references["patient"],
        asked.context,
        decided[2],
    )


def _decided(bundle: bytes, catalog: Catalog) -> tuple[Any, Form, Case] | None:
    """Decide the Bundle of a context; return the policy, its form and the case, None where no policy takes it."""
    try:
        one = decided_by(catalog, bundle, names=("context", "judgments"))[0]
    except InputRefused:
        return None
    about = one.determination.policy
    if about is None:
        return None
    version = next((each for each in catalog.versions(about.id) if each.sha256 == about.sha256), None)
    if version is None:
        return None
    pathway = next((each for each in version.pathways if each.id == one.determination.pathway), None)
    return version, Form(version, pathway), one.case


def _pathway_of(wanted: Wanted) -> str | None:
    return wanted.form.pathway.id if wanted.form.pathway else None


def _stub(reference: Any) -> Json | None:  # noqa: ANN401 - JSON
    """Return a resource of which only the reference is known."""
    said = reference.get("reference") if isinstance(reference, dict) else None
    if not isinstance(said, str) or "/" not in said:
        return None
    kind, _, name = said.rstrip("/").rpartition("/")
    return {"resourceType": kind.rpartition("/")[2], "id": name}


def _named(call: Call, canonical: str, catalog: Catalog) -> Form | None:
    """Return the form of a canonical address, with its version or without; old versions are kept."""
    address, _, version = canonical.partition("|")
    start = questionnaire("", call.fhir)
    if not address.startswith(start):
        return None
    return forms.named(catalog, address.removeprefix(start), version or None)


def _once(wanted: list[Wanted]) -> Iterator[Wanted]:
    """Yield each form once for one order and coverage."""
    seen = set()
    for one in wanted:
        key = (one.form.name, one.form.version, str(_reference(one.order)), str(_reference(one.coverage)))
        if key not in seen:
            seen.add(key)
            yield one


def _changed(form: Form, since: datetime) -> bool:
    """Whether a form was given out first after a moment: its version begins with the policy."""
    return form.policy.effective.first > since.date().toordinal()


# ---- what is given out


def _bundle(call: Call, wanted: Wanted, catalog: Catalog) -> bytes:
    """Return the Bundle of a form as bytes."""
    asked = Asked(call.fhir, call.plan.payer.name, call.partner.pin_versions)
    kept = _kept(catalog, wanted.form, asked, call.now.date().isoformat())
    begun = _response(call, wanted, kept.form, catalog)
    response = {"fullUrl": f"urn:uuid:{begun['id']}", "resource": begun}
    first, *rest = kept.entries
    made = {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PROFILES}/DTR-QPackageBundle"]},
        "type": "collection",
        "timestamp": call.now.isoformat(),
        "entry": [msgspec.Raw(first), response, *(msgspec.Raw(one) for one in rest)],
    }
    return msgspec.json.encode(made)


class _Kept(Struct, frozen=True):
    """What of a form is the same for everybody: the Questionnaire, and all entries as bytes, its own first."""

    form: Json
    entries: tuple[bytes, ...]


@lru_cache(maxsize=512)
def _kept(catalog: Catalog, form: Form, asked: Asked, day: str) -> _Kept:
    made = static(form, catalog, asked) if form.pathway else adaptive(form, catalog, asked)
    facts = of_policy(form, catalog)
    resources = [
        made,
        *(one.resource(asked.base, pin=asked.pinned) for one in libraries(facts, catalog.vocabulary)),
        *value_sets(facts, catalog.vocabulary, asked.base, day),
    ]
    entries = [{"fullUrl": f"{asked.base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return _Kept(made, tuple(map(msgspec.json.encode, entries)))


def _response(call: Call, wanted: Wanted, form: Json, catalog: Catalog) -> Json:
    """Return the response that is begun: for whom, for which order and coverage, with what is on file."""
    canonical = pinned(form["url"], form["version"])
    about = [str(_reference(one)) for one in (wanted.order, wanted.coverage, wanted.subject)]
    name = uuid.uuid5(_NAMESPACE, "\n".join([call.tenant, call.version, canonical, wanted.context or "", *about]))
    made: Json = {
        "resourceType": "QuestionnaireResponse",
        "id": str(name),
        "meta": {"profile": [f"{PROFILES}/dtr-questionnaireresponse"]},
    }
    if wanted.form.pathway is None:
        made["contained"] = [_contained(form, canonical)]
    made["extension"] = list(_about(call.version, wanted))
    if wanted.context is not None:
        made["identifier"] = {"system": f"{call.base}/trace", "value": wanted.context}
    made["questionnaire"] = canonical if wanted.form.pathway else f"#{form['id']}"
    made["status"] = "in-progress"
    if wanted.subject is not None:
        made["subject"] = wanted.subject
    made["authored"] = call.now.isoformat()
    items = form.get("item", [])
    if items:
        made["item"] = _begun(call, wanted, items, catalog) or [{"linkId": items[0]["linkId"]}]
    return made


def _contained(form: Json, canonical: str) -> Json:
    """Return the Questionnaire that an adaptive response holds, to be filled with questions."""
    held = {key: value for key, value in form.items() if key not in ("url", "version")}
    held["meta"] = {"profile": [f"{PROFILES}/dtr-questionnaire-adapt"]}
    adaptive_url = f"{SDC}/sdc-questionnaire-questionnaireAdaptive"
    kept = [one for one in form["extension"] if one["url"] != adaptive_url]
    return {**held, "extension": [{"url": adaptive_url, "valueBoolean": True}, *kept], "derivedFrom": [canonical]}


def _about(version: Version, wanted: Wanted) -> Iterator[Json]:
    """Yield what a response is about: its order and its coverage, and what it is for."""
    order, coverage = _reference(wanted.order), _reference(wanted.coverage)
    if coverage is not None:
        url = "qr-coverage" if version == "2.2" else "qr-context"
        yield {"url": f"{PROFILES}/{url}", "valueReference": coverage}
    if order is not None:
        yield {"url": f"{PROFILES}/qr-context", "valueReference": order}
    code = {"system": _SYSTEM, "code": "withpa"}
    yield {"url": f"{PROFILES}/intendedUse", "valueCodeableConcept": {"coding": [code]}}


def _begun(call: Call, wanted: Wanted, items: list[Json], catalog: Catalog) -> list[Json]:
    if wanted.case is None:
        return []
    facts = of_policy(wanted.form, catalog)
    values = on_file(wanted.case, facts, catalog.vocabulary, call.fhir)
    source = "auto-server" if call.version == "2.2" else "auto"
    origin = {"url": f"{PROFILES}/information-origin", "extension": [{"url": "source", "valueCode": source}]}
    return filled(items, chosen(items, values), [origin])


def _reference(resource: Json | None) -> Json | None:
    """Return a reference to a resource as its server names it; None where it has no id."""
    if resource is None:
        return None
    if "reference" in resource:
        return resource
    if not resource.get("id"):
        return None
    return {"reference": f"{resource['resourceType']}/{resource['id']}"}
