"""A form with all that fills it in, as a Bundle: the Questionnaire, a response begun with what is on file, the
libraries and the ValueSets. All but the response is the same for everybody and kept as bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from priorauth.exchange.call import Call
from priorauth.exchange.plan import Version
from priorauth.exchange.wire import Json
from priorauth.export.addresses import PROFILES, pinned
from priorauth.export.answers import filled, on_file
from priorauth.export.forms import Form, named
from priorauth.export.libraries import libraries
from priorauth.export.questionnaire import Asked, adaptive, chosen, of_policy, static
from priorauth.export.values import value_sets
from priorauth.facts.case import Case
from priorauth.policy.catalog import Catalog

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


def bundle(call: Call, wanted: Wanted, catalog: Catalog) -> bytes:
    """Return the Bundle of a form as bytes."""
    asked = Asked(call.fhir, call.plan.payer.name, call.partner.pin_versions)
    kept = _kept(catalog, wanted.form.name, wanted.form.version, asked, call.now.date().isoformat())
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
def _kept(catalog: Catalog, name: str, version: str, asked: Asked, day: str) -> _Kept:
    form = named(catalog, name, version)
    if form is None:
        msg = f"no form {name} of version {version}"
        raise LookupError(msg)
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
    about = [str(reference(one)) for one in (wanted.order, wanted.coverage, wanted.subject)]
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
    return {**held, "derivedFrom": [canonical]}


def _about(version: Version, wanted: Wanted) -> Iterator[Json]:
    """Yield what a response is about: its order and its coverage, and what it is for."""
    order, coverage = reference(wanted.order), reference(wanted.coverage)
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


def reference(resource: Json | None) -> Json | None:
    """Return a reference to a resource as its server names it; None where it has no id."""
    if resource is None:
        return None
    if "reference" in resource:
        return resource
    if not resource.get("id"):
        return None
    return {"reference": f"{resource['resourceType']}/{resource['id']}"}
