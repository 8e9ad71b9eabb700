"""The worked cases that are approved, what each rests on, and a case with something put in another's place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from priorauth import determine
from priorauth.errors import InputRefused
from priorauth.policy.catalog import open_catalog
from priorauth.record.read import read_bundle
from tests.casebook.kept import every

Json = dict[str, Any]
TESTS: Final = Path(__file__).parent.parent
JUDGMENTS: Final = "judgments"
"""Stands for a type of resource: the file of judgments beside a case."""


@dataclass(frozen=True, slots=True)
class Case:
    """A Bundle with what is given beside it."""

    name: str
    bundle: Json
    judgments: Json | None = None
    policy: str | None = None
    as_of: str | None = None


class Said(NamedTuple):
    """What came out, item by item: outcomes, what settles, what silence settled, whether there are conflicts."""

    outcomes: tuple[str, ...] = ()
    evidence: tuple[frozenset[str], ...] = ()
    assumed: tuple[frozenset[str], ...] = ()
    conflicts: tuple[bool, ...] = ()
    refused: str = ""


class Change(NamedTuple):
    """A change of a case at one place of it.

    ``instead``: what stands in place of the resource. ``held``: plain states of the same place, each as what stands
    there, that the damage leaves possible: what is approved with the damage has to be approved with each of them.
    ``others``: further resources, by reference, that are put in place of those of the case.
    """

    instead: list[Json]
    held: tuple[list[Json], ...] = ()
    spot: str = ""
    others: Mapping[str, Json] = {}
    silent: str = ""
    """The fact that was answered at this place: silence may not settle it."""


@dataclass(frozen=True, eq=False, slots=True)
class Worked:
    """A case with at least one approved item: which items, and on what they rest."""

    case: Case
    items: tuple[int, ...]
    evidence: frozenset[str]
    assumed: frozenset[str]
    spoken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Reference -> the facts of which this resource speaks."""
    contested: frozenset[str] = frozenset()
    """The references of results that decide while an older one of the same code is on file."""

    @property
    def resources(self) -> list[Json]:
        return [entry["resource"] for entry in self.case.bundle["entry"]]

    def first(self, kind: str) -> Json:
        return next(one for one in self.resources if one["resourceType"] == kind)

    @property
    def claim(self) -> Json:
        return self.first("Claim")

    @property
    def patient(self) -> Json:
        wanted = self.claim["patient"]["reference"]
        return next(one for one in self.resources if name(one) == wanted)

    @property
    def day(self) -> str:
        """The day from which windows count."""
        return str(self.case.as_of or self.claim["created"])

    @property
    def answered(self) -> frozenset[str]:
        """The linkIds of all forms, whole facts only."""
        forms = [one for one in self.resources if one["resourceType"] == "QuestionnaireResponse"]
        return frozenset(item["linkId"] for form in forms for item in form.get("item", ()))

    def find(self, reference: str) -> Json | None:
        return next((one for one in self.resources if name(one) == reference), None)


def name(resource: Json) -> str:
    return f"{resource['resourceType']}/{resource.get('id', '')}"


def said(case: Case) -> Said:
    """Decide a case."""
    try:
        found = determine(case.bundle, policy=case.policy, as_of=case.as_of, judgments=case.judgments)
    except InputRefused as fault:
        return Said(refused=str(fault) or "refused")
    shown = [one.as_json() for one in found]
    return Said(
        tuple(str(one["outcome"]) for one in shown),
        tuple(frozenset(_evidence(one["criteria"])) for one in shown),
        tuple(frozenset(map(str, one["assumed"])) for one in shown),
        tuple(bool(one["conflicts"]) for one in shown),
    )


def _evidence(criteria: Any, *, all_of: bool = False) -> Iterator[str]:
    """Give what settled criteria rest on; of the pathway, those that decide, of exclusions and papers all.

    A row that several resources make together stands under all of their references: what it says may rest on any.
    """
    for part in criteria:
        every = all_of or part.get("role", "criterion") != "criterion"
        if part["status"] in ("met", "not-met") and (every or part["decisive"]):
            yield from (row["reference"] for row in part["evidence"])
        yield from _evidence(part["parts"], all_of=every)


def approves(found: Said, items: Sequence[int]) -> bool:
    return any(item < len(found.outcomes) and found.outcomes[item] == "approve" for item in items)


def denies(found: Said, items: Sequence[int]) -> bool:
    """Say whether a plain statement takes the approval away by what it says, not by a conflict or by being refused."""
    if found.refused or approves(found, items):
        return False
    return not any(found.conflicts[item] for item in items if item < len(found.conflicts))


def shown(found: Said, items: Sequence[int]) -> str:
    if found.refused:
        return "refused"
    return ", ".join(found.outcomes[item] for item in items if item < len(found.outcomes))


@cache
def worked() -> tuple[Worked, ...]:
    """Give every worked case and example that is approved, in the order of their names."""
    plain = [*_cases(), *_examples()]
    made = [_worked(case) for case in (*plain, *_statements(plain), *_services(plain))]
    return tuple(one for one in made if one is not None)


def _cases() -> Iterator[Case]:
    for kept in every():
        one = kept.load()
        if one["expect"].get("outcome") == "approve":
            yield Case(str(kept), one["bundle"], one["judgments"], one["policy"], one["as_of"])


def _examples() -> Iterator[Case]:
    for path in sorted((TESTS.parent / "examples").glob("*.json")):
        yield Case(f"examples/{path.stem}", json.loads(path.read_bytes()))


def _statements(cases: Sequence[Case]) -> Iterator[Case]:
    """Give the cases with prescriptions once more, as statements of what is taken."""
    for case in cases:
        made = {"entry": [{**entry, "resource": _taken(entry["resource"])} for entry in case.bundle["entry"]]}
        if made["entry"] != case.bundle["entry"]:
            yield replace(case, name=f"{case.name} (statements)", bundle={**case.bundle, **made})


def _taken(resource: Json) -> Json:
    if resource["resourceType"] != "MedicationRequest" or resource["status"] != "active":
        return resource
    moved = {"authoredOn": "effectiveDateTime", "dosageInstruction": "dosage"}
    kept = {moved.get(key, key): value for key, value in resource.items() if key not in ("intent", "requester")}
    start = resource.get("authoredOn", "")
    kept.pop("effectiveDateTime", None)
    return {**kept, "resourceType": "MedicationStatement", "effectivePeriod": {"start": start}}


def _services(cases: Sequence[Case]) -> Iterator[Case]:
    """Give the cases that ask for education once more, with its order as a resource instead of an answer."""
    for case in cases:
        resources = [entry["resource"] for entry in case.bundle["entry"]]
        patient = next(one["patient"] for one in resources if one["resourceType"] == "Claim")
        forms = [one for one in resources if one["resourceType"] == "QuestionnaireResponse"]
        if "caresource" in case.name and any(_EDUCATION in str(form) for form in forms):
            bare = {
                name(form): {**form, "item": [one for one in form["item"] if one["linkId"] != _ORDERED]}
                for form in forms
            }
            code = {"coding": [{"system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "G0108"}]}
            order = {
                "resourceType": "ServiceRequest", "id": "lessons", "status": "active", "intent": "order", "code": code,
                "subject": patient, "authoredOn": "2025-12-01",
            }  # fmt: skip
            yield changed(replace(case, name=f"{case.name} (lessons)"), None, [order], bare)


_EDUCATION: Final = "diabetes_education_completed"
_ORDERED: Final = "education_order_signed_on"


def _worked(case: Case) -> Worked | None:
    found = said(case)
    items = tuple(item for item, outcome in enumerate(found.outcomes) if outcome == "approve")
    if not items:
        return None
    evidence = frozenset(part for item in items for row in found.evidence[item] for part in row.split(", "))
    assumed = frozenset().union(*(found.assumed[item] for item in items))
    return Worked(case, items, evidence, assumed, _spoken(case), frozenset(_contested(case, evidence)))


def _contested(case: Case, evidence: frozenset[str]) -> Iterator[str]:
    by_code: dict[str, list[Json]] = {}
    for entry in case.bundle["entry"]:
        if entry["resource"]["resourceType"] == "Observation":
            by_code.setdefault(json.dumps(entry["resource"].get("code")), []).append(entry["resource"])
    for listed in by_code.values():
        deciding = [name(one) for one in listed if name(one) in evidence]
        if len(deciding) == 1 and len(listed) > 1:
            yield from deciding


def _spoken(case: Case) -> dict[str, frozenset[str]]:
    known = open_catalog()
    read = read_bundle(case.bundle, vocabulary=known.vocabulary, units=known.units, judgments=case.judgments)
    facts: dict[str, set[str]] = {}
    for request in read.requests:
        for fact, rows in request.rows.items():
            for row in rows:
                for reference in row.ref.split(", "):
                    facts.setdefault(reference, set()).add(fact)
    return {reference: frozenset(names) for reference, names in facts.items()}


def changed(case: Case, place: int | None, instead: Sequence[Json], others: Mapping[str, Json] | None = None) -> Case:
    """Put something in place of the resource at a place; ``None``: behind all. Of judgments, in place of that file."""
    if place == -1:
        return replace(case, judgments=instead[0] if instead else None)
    base = str(case.bundle["entry"][0]["fullUrl"]).rsplit("/", 2)[0]
    entries = [
        {**entry, "resource": others[name(entry["resource"])]}
        if others and name(entry["resource"]) in others
        else entry
        for entry in case.bundle["entry"]
    ]
    new = [{"fullUrl": f"{base}/{name(one)}", "resource": one} for one in instead]
    if place is None:
        entries = [*entries, *new]
    else:
        entries[place : place + 1] = new
    return replace(case, bundle={**case.bundle, "entry": entries})


def copied(resource: Json) -> Json:
    return copy.deepcopy(resource)
