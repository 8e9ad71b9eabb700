"""A Bundle is parsed within limits into typed resources, by type and by what refers to them.

Unknown resource types are skipped. A small Bundle is decoded in one pass; of a large one each entry is decoded on its
own, and observations stay undecoded until they are read, so that a hundred thousand readings fit in little memory.
"""

# msgspec gives every struct a list of its own

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar, Union

import msgspec
from msgspec import Raw

from priorauth.record import prescriptions, statements, structs
from priorauth.record.elements import Element, Reference, Resource
from priorauth.record.limits import MAX_ENTRIES, checked, checked_mapping
from priorauth.record.references import References
from priorauth.record.refused import RefusedInput

LARGE: Final = 4_000_000
"""Bytes from which entries are decoded one at a time."""

_OTHER_TYPES: Final = """
    Account ActivityDefinition AdverseEvent Appointment AppointmentResponse AuditEvent Basic Binary
    BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem
    ChargeItemDefinition ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
    Composition ConceptMap Consent Contract CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue
    DeviceDefinition DeviceMetric DeviceUseStatement DiagnosticReport DocumentManifest EffectEvidenceSynthesis Endpoint
    EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario
    ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService
    ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan
    Invoice Library Linkage List Location Measure MeasureReport Media MedicationAdministration MedicationDispense
    MedicationKnowledge MedicinalProduct MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder
    ObservationDefinition OperationDefinition OperationOutcome OrganizationAffiliation Parameters PaymentNotice
    PaymentReconciliation Person PlanDefinition Provenance Questionnaire RelatedPerson RequestGroup ResearchDefinition
    ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule
    SearchParameter Slot SpecimenDefinition StructureDefinition StructureMap Subscription Substance
    SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet
    VerificationResult VisionPrescription
""".split()  # noqa: SIM905  # a table of the other resource types of R4 reads best as words


class Other(Element):
    """Any other resource type of R4: only whose it is."""

    id: str = ""
    subject: Raw = Raw()
    patient: Raw = Raw()


_OTHERS: Final = [
    msgspec.defstruct(name, [], bases=(Other,), tag=name, tag_field="resourceType", gc=False) for name in _OTHER_TYPES
]
_READ: Final[list[type[Resource]]] = [
    made
    for module in (structs, prescriptions, statements)
    for made in vars(module).values()
    if isinstance(made, type) and issubclass(made, Resource) and made not in (Resource, structs.ObservationHead)
]
_ANY: Any = Union[tuple(dict.fromkeys([*_READ, *_OTHERS]))]  # noqa: UP007  # built from tables


class Undecoded(NamedTuple):
    """An observation of a large Bundle: its JSON, and whose it is."""

    raw: Raw
    head: structs.ObservationHead


class _Entry(Element):
    full_url: str = ""
    resource: _ANY = None


class _RawEntry(Element):
    full_url: str = ""
    resource: Raw = Raw()


class _Bundle(msgspec.Struct):
    resourceType: str = ""  # noqa: N815  # FHIR's own name
    type: str = ""
    entry: list[_Entry] = []


class _RawBundle(msgspec.Struct):
    resourceType: str = ""  # noqa: N815  # FHIR's own name
    type: str = ""
    entry: list[_RawEntry] = []


_WHOLE: Final = msgspec.json.Decoder(_Bundle)
_BY_ENTRY: Final = msgspec.json.Decoder(_RawBundle)
_ONE: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(_ANY)
_OBSERVATION: Final = msgspec.json.Decoder(structs.Observation)
_SUBJECT: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(structs.ObservationHead | structs.Patient)
"""Reads observations; the second type makes the decoder insist on a resourceType."""

Kind = TypeVar("Kind", bound=Resource)


@dataclass(slots=True)
class Record:
    """The resources of one Bundle. Each stands in the order of the Bundle; a repeated resource stands once."""

    name: str
    references: References
    by_type: dict[type[Resource], list[Any]] = field(default_factory=dict)
    readings: list[structs.Observation | Undecoded] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Give every resource of a type."""
        return self.by_type.get(kind, [])

    def observations(self) -> Iterator[structs.Observation]:
        """Give every observation, decoded as it is read."""
        for reading in self.readings:
            if isinstance(reading, Undecoded):
                yield _decoded(reading.raw, f"{self.name}: Observation/{reading.head.id}", _OBSERVATION)
            else:
                yield reading


def read(source: bytes | Mapping[str, object], name: str, *, max_bytes: int) -> Record:
    """Parse a Bundle; raises RefusedInput for what is no FHIR R4 Bundle or goes beyond the limits."""
    return gathered(_entries(as_json(source, name, max_bytes=max_bytes), name), name)


def gathered(resources: Iterable[tuple[int, str, Any]], name: str) -> Record:
    """Make a record of decoded resources, each with its place (from 0) and its fullUrl, "" where it has none."""
    record = Record(name, References(_ONE))
    seen: set[tuple[type, str]] = set()
    for place, full_url, resource in resources:
        if type(resource) is structs.Observation and resource.id:
            record.readings.append(resource)
        else:
            _keep(record, seen, place, full_url, resource)
    return record


def as_json(source: bytes | Mapping[str, object], name: str, *, max_bytes: int) -> bytes:
    """Give checked JSON bytes; raises RefusedInput."""
    if isinstance(source, Mapping):
        checked_mapping(source, name)
        try:
            return msgspec.json.encode(source)
        except (TypeError, ValueError, RecursionError) as fault:
            raise RefusedInput(f"{name}: expected JSON values only") from fault
    return checked(bytes(source), name, max_bytes=max_bytes)


def decoder() -> msgspec.json.Decoder[Any]:
    """Give the decoder of any resource."""
    return _ONE


def decode_as(kind: type[Kind], data: bytes, name: str) -> Kind:
    """Decode one resource of a known type; raises RefusedInput."""
    found: Kind = _decoded(data, name, msgspec.json.Decoder(kind))
    return found


def _entries(data: bytes, name: str) -> Iterator[tuple[int, str, Any]]:
    if len(data) < LARGE:
        try:
            bundle = _WHOLE.decode(data)
        except msgspec.ValidationError as fault:
            if "resourceType" not in str(fault):
                raise RefusedInput(said(name, fault)) from fault
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise RefusedInput(said(name, fault)) from fault
        else:
            _is_bundle(bundle, name)
            yield from ((place, entry.full_url, entry.resource) for place, entry in enumerate(bundle.entry))
            return
    large = _decoded(data, name, _BY_ENTRY)
    _is_bundle(large, name)
    for place, entry in enumerate(large.entry):
        if entry.resource:
            yield place, entry.full_url, _typed(entry.resource, f"{name}: Bundle.entry[{place}].resource")


def _typed(raw: Raw, where: str) -> Any:  # noqa: ANN401  # one of the structs of the union
    """Decode one entry; of an observation only whose it is, of an unknown type nothing."""
    try:
        head = _SUBJECT.decode(raw)
        return Undecoded(raw, head) if isinstance(head, structs.ObservationHead) else head
    except msgspec.ValidationError as fault:
        if "resourceType" not in str(fault):
            raise RefusedInput(said(where, fault)) from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise RefusedInput(said(where, fault)) from fault
    try:
        return _ONE.decode(raw)
    except msgspec.ValidationError as fault:
        if str(fault).startswith("Invalid value") and str(fault).endswith("`$.resourceType`"):
            return None
        raise RefusedInput(said(where, fault)) from fault


def _keep(record: Record, seen: set[tuple[type, str]], place: int, full_url: str, resource: Any) -> None:  # noqa: ANN401
    """Keep one resource; observations apart, so that they may stay undecoded."""
    kind = type(resource)
    if kind is Undecoded:
        record.readings.append(resource)
        return
    if resource is None:
        return
    if not resource.id:
        resource.id = full_url.rpartition(":")[2].rpartition("/")[2] or f"entry-{place + 1}"
    if kind is structs.Observation:
        record.readings.append(resource)
    elif isinstance(resource, Other):
        record.others.append(resource)
    elif (kind, resource.id) in seen:
        record.warnings.append(f"{kind.__name__}/{resource.id} stands more than once in the Bundle; the first counts")
    else:
        seen.add((kind, resource.id))
        record.by_type.setdefault(kind, []).append(resource)
        record.references.add(full_url, resource)


def _is_bundle(bundle: _Bundle | _RawBundle, name: str) -> None:
    if bundle.resourceType != "Bundle":
        raise RefusedInput(f"{name}: expected resourceType Bundle, found {bundle.resourceType[:40] or 'nothing'}")
    if bundle.type not in ("collection", ""):
        raise RefusedInput(f"{name}: expected a Bundle of type collection, found {bundle.type[:40]}")
    if len(bundle.entry) > MAX_ENTRIES:
        raise RefusedInput(f"{name}: expected at most {MAX_ENTRIES:,} entries, found {len(bundle.entry):,}")


def _decoded(data: bytes | Raw, name: str, decoder: Any) -> Any:  # noqa: ANN401  # the decoder's own type
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise RefusedInput(said(name, fault)) from fault


def said(name: str, fault: Exception) -> str:
    """Say what a decoder found, without quoting the input."""
    if isinstance(fault, msgspec.ValidationError):
        said, _, place = str(fault).partition(" - at `$")
        return f"{name}: {place.rstrip('`').removeprefix('.') or 'the whole'}: {said}"
    if isinstance(fault, RecursionError):
        return f"{name}: expected JSON that nests less deep"
    if isinstance(fault, UnicodeDecodeError):
        return f"{name}: expected UTF-8 text"
    return f"{name}: expected JSON: {fault}"


def whose(other: Other) -> Iterator[Reference]:
    """Name the patients of a resource of another type, as far as they can be read."""
    for raw in (other.subject, other.patient):
        if not raw:
            continue
        try:
            found = msgspec.json.decode(raw, type=Reference | list[Reference])
        except (msgspec.DecodeError, RecursionError):
            continue
        yield from found if isinstance(found, list) else [found]
