"""The form that answers carry with them: the adaptive form of a policy, with the questions that were asked so far."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from priorauth.exchange.call import Call
from priorauth.exchange.dtr.filled import Option, Sheet
from priorauth.exchange.dtr.ground import TRACE, Ground
from priorauth.exchange.dtr.groups import Groups, answers_sha256
from priorauth.exchange.plan import Version
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.export import forms
from priorauth.export.addresses import PROFILES, SDC, dashed, pinned, questionnaire
from priorauth.export.conditions import listed as has_values
from priorauth.export.forms import Form
from priorauth.export.items import Words, coding
from priorauth.export.libraries import filling
from priorauth.export.questionnaire import Asked, adaptive
from priorauth.ledger import runs
from priorauth.policy.catalog import Catalog, open_catalog

FORM: Final = "form"
"""The id of a form that bears none."""
ANSWERS: Final = "/form-answers"
"""The end of the system under which a form bears the hash of its answers."""
AT: Final = "QuestionnaireResponse.contained.derivedFrom"
_ADAPTIVE: Final = f"{SDC}/sdc-questionnaire-questionnaireAdaptive"
_UNKNOWN: Final = "no form of that address and version is known here"
_FIRST: Final = ("resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension")
"""Elements of a resource in the order of FHIR."""


def contained_in(response: Json) -> Json:
    """Return the form that answers carry with them; an empty one where they only name it; raises Fault."""
    named = response.get("questionnaire")
    held = [one for one in listed(response, "contained") if one.get("resourceType") == "Questionnaire"]
    if isinstance(named, str) and named.startswith("#"):
        held = [one for one in held if one.get("id") == named[1:]]
        if len(held) == 1:
            return held[0]
        raise Fault(400, "invalid", "expected the form that is named among what is contained", f"{_AT}.questionnaire")
    if len(held) == 1:
        return held[0]
    if held or not isinstance(named, str) or not named:
        said = "expected one contained Questionnaire, derived from that of the package"
        raise Fault(400, "required", said, f"{_AT}.contained")
    return {"resourceType": "Questionnaire", "id": FORM, "derivedFrom": [named]}


_AT: Final = "QuestionnaireResponse"


def form_of(contained: Json, catalog: Catalog) -> Form:
    """Return the form from which one that is carried is derived; raises Fault where it is none of ours."""
    derived = contained.get("derivedFrom")
    said = derived[0] if isinstance(derived, list) and derived else contained.get("url")
    if not isinstance(said, str) or not said:
        raise Fault(400, "required", "expected the canonical address from which the form is derived", AT)
    url, _, version = said.partition("|")
    found = _named(catalog.folders, url.rstrip("/").rpartition("/")[2], version or None)
    if found is None:
        raise Fault(404, "not-found", _UNKNOWN, AT)
    if found.pathway is not None:
        raise Fault(400, "not-supported", "the form is not adaptive: it has all its questions", AT)
    return found


@lru_cache(maxsize=64)
def _named(folders: tuple[Path, ...], name: str, version: str | None) -> Form | None:
    return forms.named(open_catalog(*folders[1:]), name, version)


def values_of(canonical: str, catalog: Catalog, base: str) -> tuple[Option, ...] | None:
    """Return the codes of a ValueSet of ours, the values of an attribute; None where it is none."""
    name = canonical.partition("|")[0].rpartition("/")[2]
    for fact in catalog.vocabulary.facts.values():
        if dashed(fact.name) == name and has_values(fact):
            coded = (coding(fact.name, value, base) for value in fact.values)
            return tuple(Option(one["system"], one["code"], one["display"]) for one in coded)
    return None


def words_for(catalog: Catalog, base: str, facts: Iterable[str]) -> Words:
    """Return what the questions of some facts are made with."""
    return Words(catalog.vocabulary, catalog.units, base, filling(sorted(facts), catalog.vocabulary))


def carried(call: Call, form: Form, came: Json, items: list[Json], response: Json, on: Ground) -> Json:  # noqa: PLR0913, PLR0917 - what it is made of
    """Return the form with its items. It bears the context, and the hash of the answers with which it is given out."""
    catalog = runs.catalog(call.settings)
    asked = Asked(call.fhir, call.plan.payer.name, call.partner.pin_versions)
    head = _head(catalog.folders, form.name, form.version, asked, call.version)
    after = Groups(Sheet({"item": items}, response, lambda _: None), catalog.vocabulary)
    ids = [{"system": f"{call.base}{ANSWERS}", "value": answers_sha256(response, after)}]
    if on.opening is not None:
        ids.insert(0, {"system": f"{call.base}{TRACE}", "value": on.opening.name})
    made = {**head, "id": came.get("id") or FORM, "identifier": ids}
    return {**made, "item": items} if items else made


@lru_cache(maxsize=64)
def _head(folders: tuple[Path, ...], name: str, edition: str, asked: Asked, version: Version) -> Json:
    """Return an adaptive form as its answers carry it, without items."""
    catalog = open_catalog(*folders[1:])
    found = _named(folders, name, edition)
    if found is None:
        raise Fault(404, "not-found", _UNKNOWN, AT)
    made = adaptive(found, catalog, asked)
    url = questionnaire(found.name, asked.base)
    rest = [one for one in made["extension"] if one["url"] != _ADAPTIVE]
    head = {
        **{key: value for key, value in made.items() if key not in ("url", "version", "name")},
        "meta": {"profile": [f"{PROFILES}/dtr-questionnaire-adapt"]},
        "extension": [{"url": _ADAPTIVE, "valueUrl": asked.base}, *rest],
        "derivedFrom": [pinned(url, found.version) if asked.pinned else url],
    }
    if version == "2.2":
        head["extension"].append({"url": f"{PROFILES}/request-specific", "valueBoolean": False})
    return head


def shaped(response: Json, form: Json) -> Json:
    """Return answers that carry a form, in the order of FHIR's elements."""
    others = [
        one for one in listed(response, "contained")
        if one.get("resourceType") != "Questionnaire" or one.get("id") != form["id"]
    ]  # fmt: skip
    made = {**response, "contained": [form, *others], "questionnaire": f"#{form['id']}"}
    return {**{key: made[key] for key in _FIRST if key in made}, **made}
