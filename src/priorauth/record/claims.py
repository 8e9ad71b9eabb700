"""Which claims of a Bundle are requests, and that everything in the Bundle belongs to their one patient.

A request is an active Claim for preauthorization that is not withdrawn and not itself an earlier request: one that
another claim follows on, or that has been answered. Whatever cannot be told is refused, with every fault in one go: a
status or modifier of the claim, of its items or of its coverage that is not understood among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.errors import Fault, InputRefused
from priorauth.fhir import counts, dated
from priorauth.fhir.bundle import Record, Undecoded, whose
from priorauth.fhir.elements import Extension, Reference, Resource
from priorauth.fhir.references import identifiers, name_of, pair, tail
from priorauth.fhir.structs import (
    Claim,
    ClaimItem,
    ClaimResponse,
    Condition,
    Coverage,
    Observation,
    Organization,
    Patient,
)
from priorauth.record.chart import codings
from priorauth.record.tables import CERTIFICATION_URL, WITHDRAWN
from priorauth.values.dates import When, iso

MAX_ITEMS: Final = 500
"""Items of one claim: a claim form has far fewer lines, and each is a request of its own."""
NOT_ASKED: Final = {"cancelled", "entered-in-error"}
MOST: Final = 1_000_000
"""The largest quantity of one item: a larger one is no number of things that anybody supplies."""
_PATIENT_ELEMENTS: Final = ("subject", "patient", "beneficiary")
_MODIFIERS: Final = "modifierExtension or implicitRules"


class Asked(NamedTuple):
    """A claim that asks for authorization, with its day, its coverage, and what stands against it in the Bundle.

    ``decided`` names the answers of payers to this very claim.
    """

    claim: Claim
    created: When
    coverage: Coverage
    payors: tuple[Organization | Reference, ...]
    answers: tuple[ClaimResponse, ...] = ()


def asked(record: Record, *, draft: bool = False) -> tuple[Patient, tuple[Asked, ...]]:
    """Return the patient and the requests; raises InputRefused where they cannot be told.

    ``draft``: a claim that is still a draft is read too, to be checked before it is sent.
    """
    claims = _requests(record, draft=draft)
    patient = _patient(record, claims)
    strangers(record, patient)
    faults: list[Fault] = []
    found = [_asked(record, claim, patient, faults) for claim in claims]
    InputRefused.raise_if(faults)
    return patient, tuple(one for one in found if one is not None)


def unasked(record: Record, patient: Patient, day: int) -> Asked:
    """Return an empty claim of a member who asks for nothing, made on a day, under the coverage then in force.

    Where no coverage is in force on the day, the first one counts; where there is none, an empty one of no payor.
    Raises InputRefused where resources are of another patient.
    """
    strangers(record, patient)

    def later(one: Coverage) -> tuple[bool, str]:
        start, end = dated.start_and_end(one.period, name_of(one), [])
        over = end is not None and end.last < day
        return one.status != "active" or over or (start is not None and start.first > day), one.id

    coverage = min(record.all(Coverage), key=later, default=Coverage())
    return Asked(Claim(created=iso(day)), When(day, day), coverage, tuple(_payors(record, coverage, [])))


def _requests(record: Record, *, draft: bool) -> list[Claim]:
    open_claims = [
        claim
        for claim in record.all(Claim)
        if claim.use == "preauthorization" and claim.status not in NOT_ASKED and not _withdrawn(claim)
    ]
    if not open_claims:
        raise InputRefused(Fault(record.name, None, "expected a Claim with use preauthorization that is not withdrawn"))
    earlier = {
        id(found)
        for claim in record.all(Claim)
        for related in claim.related
        if (found := record.references.find(related.claim, claim)) is not None and found is not claim
    } | {id(record.references.find(response.request, response)) for response in record.all(ClaimResponse)}
    claims = [claim for claim in open_claims if id(claim) not in earlier] or open_claims[:1]
    InputRefused.raise_if(fault for claim in claims for fault in _unclear(record, claim, draft=draft))
    return claims


def _unclear(record: Record, claim: Claim, *, draft: bool) -> Iterator[Fault]:
    """Yield what a claim says of itself that is not understood."""
    if claim.status == "draft" and not draft:
        yield record.fault(claim, "a draft is no request; draft=True checks it before it is sent", at="status")
    elif claim.status not in ("active", "draft"):
        yield record.fault(claim, f"expected active, found {_other(claim.status)}", at="status")
    if counts.modified(claim):
        yield record.fault(claim, "expected none but those of Da Vinci PAS", at=_MODIFIERS)


def _other(status: str) -> str:
    return "another code" if status else "nothing"


def withdrawn(item: ClaimItem) -> bool:
    """Return whether an item of a claim is withdrawn: cancelled in an update, or by its certification type."""
    cancelled = any(
        modifier.url.endswith(counts.WITHDRAWN_URLS) and modifier.value_boolean is not False
        for modifier in item.modifier_extension
    )
    return cancelled or WITHDRAWN in certifications(item.extension)


def _withdrawn(claim: Claim) -> bool:
    """Return whether a claim as a whole is withdrawn."""
    if WITHDRAWN in certifications(claim.extension):
        return True
    return bool(claim.item) and all(withdrawn(item) for item in claim.item)


def certifications(extensions: list[Extension]) -> list[str]:
    """Return the codes of the extension certificationType."""
    return [
        coding.code
        for extension in extensions
        if extension.url.endswith(CERTIFICATION_URL)
        for coding in codings(extension.value_codeable_concept)
    ]


def _patient(record: Record, claims: list[Claim]) -> Patient:
    """Return the one patient. A subscriber or policy holder may be in the Bundle beside the patient."""
    if not record.all(Patient):
        raise InputRefused(Fault(record.name, None, "expected a Patient"))
    faults: list[Fault] = []
    named: dict[str, Patient] = {}
    for claim in claims:
        found = record.references.find(claim.patient, claim)
        if isinstance(found, Patient):
            named[name_of(found)] = found
        else:
            faults.append(record.fault(claim, "patient is not in the Bundle"))
    InputRefused.raise_if(faults)
    if len(named) > 1:
        raise InputRefused(Fault(record.name, None, f"expected claims of one patient, found {', '.join(named)}"))
    patient = next(iter(named.values()))
    holders = {
        record.references.key(reference, coverage)
        for coverage in record.all(Coverage)
        for reference in (coverage.subscriber, coverage.policy_holder)
    }
    InputRefused.raise_if(
        Fault(record.name, None, f"{name_of(other)} is another patient than {name_of(patient)}, of the request")
        for other in record.all(Patient)
        if other is not patient and name_of(other) not in holders
    )
    return patient


def strangers(record: Record, patient: Patient) -> None:
    """Refuse resources of another patient, and leave out those that name no patient, with a warning."""
    faults: list[Fault] = []
    seen: dict[str, bool] = {}
    for kind, listed in list(record.by_type.items()):
        if kind is not Patient:
            record.by_type[kind] = []
            for one in listed:
                if _belongs(record, patient, one, faults, seen):
                    record.by_type[kind].append(one)
                else:
                    record.references.hide(one)  # whoever refers to it says no more than it does
    record.readings = list(_own_readings(record, patient, faults, seen))
    said = len(record.warnings)
    for one in record.withdrawn:
        _belongs(record, patient, one, faults, seen)
    del record.warnings[said:]  # of what is withdrawn nothing is warned of
    who = name_of(patient)
    for other in record.others:
        faults.extend(
            Fault(record.name, f"{type(other).__name__}/{other.id}", f"its patient is not {who}, of the request")
            for reference in whose(other)
            if "Patient/" in reference.reference and not is_of(record, patient, reference, None)
        )
    InputRefused.raise_if(faults)


def _own_readings(
    record: Record, patient: Patient, faults: list[Fault], seen: dict[str, bool]
) -> Iterator[Observation | Undecoded]:
    """Keep the observations that are of the patient, decoded or not."""
    for reading in record.readings:
        head = reading.head if isinstance(reading, Undecoded) else reading
        subject = head.subject
        plain = subject is not None and subject.identifier is None and subject.reference in seen
        if (plain or _belongs(record, patient, head, faults, seen)) and (
            not head.focus or _of_patient(record, patient, head)
        ):
            yield reading


def _of_patient(record: Record, patient: Patient, head: Resource) -> bool:
    """Return whether what was observed is the patient: a focus on anybody or anything else is not."""
    focus: tuple[Reference, ...] = getattr(head, "focus", ())
    if all(is_of(record, patient, one, head) for one in focus):
        return True
    record.warnings.append(f"{name_of(head)}: its focus is not {name_of(patient)}; it does not count")
    return False


def _belongs(record: Record, patient: Patient, resource: Resource, faults: list[Fault], seen: dict[str, bool]) -> bool:
    for element in _PATIENT_ELEMENTS:
        reference: Reference | None = getattr(resource, element, None)
        if reference is None:
            continue
        literal = reference.reference
        if not literal and (reference.identifier is None or not reference.identifier.value):
            record.warnings.append(f"{name_of(resource)}: its {element} names nobody; it does not count")
            return False
        remembered = bool(literal) and reference.identifier is None and not literal.startswith("#")
        same = seen.get(literal) if remembered else None
        if same is None:
            same = is_of(record, patient, reference, resource)
            if remembered and same:
                seen[literal] = same
        if not same and _of_no_patient(literal):
            record.warnings.append(f"{name_of(resource)}: its {element} is no patient; it does not count")
            return False
        if not same:
            faults.append(record.fault(resource, f"its {element} is not {name_of(patient)}, of the request"))
        return True
    if resource.kind in _NEEDS_PATIENT:
        record.warnings.append(f"{name_of(resource)} names no patient and does not count")
        return False
    return True


def _of_no_patient(literal: str) -> bool:
    """Whether a reference is to something that is no patient: a device, a place, a group."""
    kind = tail(literal).partition("/")[0]
    return kind not in ("", "Patient")


_NEEDS_PATIENT: Final = {
    "Observation", "Condition", "Encounter", "AllergyIntolerance", "MedicationRequest", "MedicationStatement",
    "DeviceRequest", "ServiceRequest", "Procedure", "Coverage", "DocumentReference", "QuestionnaireResponse",
    "DiagnosticReport", "EpisodeOfCare", "Flag",
}  # fmt: skip


def is_of(record: Record, patient: Patient, reference: Reference, owner: Resource | None) -> bool:
    """Return whether a reference means the patient.

    One that is contained is the patient by an identifier only; where a reference and its identifier disagree, it means
    nobody.
    """
    found = record.references.find(reference, owner)
    own = {pair(one) for one in identifiers(patient)}
    if reference.reference.startswith("#"):
        return found is not None and any(pair(one) in own for one in identifiers(found))
    if found is not patient:
        return False
    said = reference.identifier
    if not reference.reference or said is None or not said.value:
        return True
    return pair(said) in own or pair(said)[0] not in {system for system, _ in own}


def _asked(record: Record, claim: Claim, patient: Patient, faults: list[Fault]) -> Asked | None:
    before = len(faults)
    created = None
    try:
        created = dated.read(claim.created)
        if not created.exact or not created.believed:
            faults.append(record.fault(claim, "expected a full date", at="created"))
    except ValueError:
        faults.append(record.fault(claim, "expected a date (YYYY-MM-DD)", at="created"))
    if not claim.item:
        faults.append(record.fault(claim, "expected at least one item"))
    if len(claim.item) > MAX_ITEMS:
        faults.append(record.fault(claim, f"expected at most {MAX_ITEMS} items, found {len(claim.item):,}"))
    born = dated.read_or_warn(patient.birth_date, f"{name_of(patient)}: birthDate", [])
    if patient.birth_date and born is None:
        faults.append(record.fault(patient, "expected a date", at="birthDate"))
    if born is not None and created is not None and born.first > created.last:
        faults.append(record.fault(patient, f"birthDate lies after {name_of(claim)}: created"))
    coverage = _coverage(record, claim, patient, faults)
    payors = () if coverage is None else tuple(_payors(record, coverage, faults))
    faults.extend(_items(record, claim))
    if len(faults) > before or created is None or coverage is None:
        return None
    return Asked(claim, created, coverage, payors, tuple(_answers(record, claim)))


def _answers(record: Record, claim: Claim) -> Iterator[ClaimResponse]:
    """Yield the answers to a claim: those that refer to it, or name one of its identifiers."""
    own = {pair(one) for one in claim.identifier if one.value}
    for response in record.all(ClaimResponse):
        request = response.request
        if request is None:
            continue
        said = request.identifier
        named = said is not None and pair(said) in own
        if named or record.references.find(request, response) is claim:
            yield response


def _coverage(record: Record, claim: Claim, patient: Patient, faults: list[Fault]) -> Coverage | None:
    """Return the coverage under which is asked: the focal one, else the first."""
    insurance = sorted(claim.insurance, key=lambda one: (not one.focal, one.sequence))
    if not insurance:
        faults.append(record.fault(claim, "expected insurance with a coverage"))
        return None
    found = record.references.find(insurance[0].coverage, claim)
    if not isinstance(found, Coverage):
        faults.append(record.fault(claim, "insurance.coverage is not in the Bundle"))
        return None
    if found.beneficiary is not None and not is_of(record, patient, found.beneficiary, found):
        faults.append(record.fault(found, f"beneficiary is not {name_of(patient)}, of the request"))
    if found.status not in _COVERED:
        faults.append(record.fault(found, f"expected active, found {_other(found.status)}", at="status"))
    if counts.modified(found):
        faults.append(record.fault(found, "expected none", at=_MODIFIERS))
    return found


_COVERED: Final = {"active", "cancelled", "entered-in-error"}
"""The statuses of a coverage that are understood: with all but the first it is not in force."""


def _payors(record: Record, coverage: Coverage, faults: list[Fault]) -> Iterator[Organization | Reference]:
    if not coverage.payor:
        faults.append(record.fault(coverage, "expected a payor"))
    for reference in coverage.payor:
        found = record.references.find(reference, coverage)
        if isinstance(found, Organization):
            yield found
        elif found is None and reference.identifier is not None and not reference.reference:
            yield reference
        elif found is None:
            faults.append(record.fault(coverage, "payor is not in the Bundle"))


def _items(record: Record, claim: Claim) -> Iterator[Fault]:
    """Yield the names of the diagnoses that point nowhere, and the quantities that are none."""
    for diagnosis in claim.diagnosis:
        reference = diagnosis.diagnosis_reference
        found = record.references.find(reference, claim, hidden=True)
        if reference is not None and not isinstance(found, Condition):
            yield record.fault(claim, "its Condition is not in the Bundle", at=f"diagnosis {diagnosis.sequence}")
    for item in claim.item:
        value = None if item.quantity is None else item.quantity.value
        if item.quantity is not None and not (
            value is not None and value.is_finite() and 1 <= value <= MOST and value == int(value)
        ):
            yield record.fault(claim, "expected a whole number of at least one", at=f"item {item.sequence}: quantity")
        elif item.quantity is not None and item.quantity.comparator:
            yield record.fault(claim, "expected a number without a comparator", at=f"item {item.sequence}: quantity")
