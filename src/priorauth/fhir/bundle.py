"""A Bundle is parsed within limits into typed resources, by type and by what refers to them.

Of two versions of one resource the newer counts; which resources count at all is said by :mod:`counts`. Unknown
resource types are skipped. A small Bundle is decoded in one pass; of a large one each entry is decoded on its
own, and observations stay undecoded until they are read, so that a hundred thousand readings fit in little memory.
"""

# msgspec gives every struct a list of its own

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar, Union

import msgspec
from msgspec import Raw, Struct, field

from priorauth.errors import Fault, InputRefused
from priorauth.fhir import counts, forms, prescriptions, structs
from priorauth.fhir import versions as editions
from priorauth.fhir.elements import Element, Other, Reference, Resource
from priorauth.fhir.limits import checked, checked_mapping, entries_fault
from priorauth.fhir.references import References, id_of, name_of, server_of

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


_READ: Final[list[type[Resource]]] = [
    made
    for module in (structs, prescriptions, forms)
    for made in vars(module).values()
    if isinstance(made, type) and issubclass(made, Resource) and made not in (Resource, structs.ObservationHead)
]
_OTHERS: Final = [
    msgspec.defstruct(name, [], bases=(Other,), tag=name, tag_field="resourceType", gc=False)
    for name in _OTHER_TYPES
    if name not in {made.__name__ for made in _READ}
]
_OTHER: Final = frozenset(_OTHERS)
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
    timestamp: str | None = ""
    entry: list[_Entry] = []


class _RawBundle(msgspec.Struct):
    resourceType: str = ""  # noqa: N815  # FHIR's own name
    type: str = ""
    timestamp: str | None = ""
    entry: list[_RawEntry] = []


_WHOLE: Final = msgspec.json.Decoder(_Bundle)
_BY_ENTRY: Final = msgspec.json.Decoder(_RawBundle)
_ONE: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(_ANY)
_OBSERVATION: Final = msgspec.json.Decoder(structs.Observation)
_SUBJECT: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(structs.ObservationHead | structs.Patient)
"""Reads observations; the second type makes the decoder insist on a resourceType."""

Kind = TypeVar("Kind", bound=Resource)
_Placed = tuple[str, str, Any]
"""A resource, decoded or not, after the base of its server and its fullUrl."""


class Record(Struct):
    """The resources of one Bundle. Each stands in the order of the Bundle; of several versions the newest stands once.

    ``doubts`` says of resources that stand, by their identity, why what they say is no more than a mention. ``stamped``
    is the day of the Bundle itself, as it is written.
    """

    name: str
    references: References
    by_type: dict[type[Resource], list[Any]] = field(default_factory=dict)
    readings: list[structs.Observation | Undecoded] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubts: dict[int, str] = field(default_factory=dict)
    stamped: str = ""
    withdrawn: list[Any] = field(default_factory=list)
    """Resources that are out; whose they are still matters."""

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Return every resource of a type."""
        return self.by_type.get(kind, [])

    def doubt(self, resource: object) -> str | None:
        """Return the ground on which a resource is in doubt, None where it counts."""
        return self.doubts.get(id(resource)) if self.doubts else None

    def fault(self, resource: Resource, message: str, *, at: str = "") -> Fault:
        """Return a fault of a resource; ``at`` is the element in it."""
        name = name_of(resource)
        return Fault(self.name, f"{name}: {at}" if at else name, message)

    def observations(self) -> Iterator[structs.Observation]:
        """Yield every observation, decoded as it is read."""
        for reading in self.readings:
            if isinstance(reading, Undecoded):
                yield _decoded(reading.raw, self.name, _OBSERVATION, f"Observation/{reading.head.id}")
            else:
                yield reading


def read(source: bytes | Mapping[str, object], name: str, *, max_bytes: int) -> Record:
    """Parse a Bundle; raises InputRefused for what is no FHIR R4 Bundle or goes beyond the limits."""
    data = as_json(source, name, max_bytes=max_bytes)
    stamp: list[str] = []
    record = gathered(_entries(data, name, stamp), name)
    record.stamped = stamp[0]
    return record


def gathered(resources: Iterable[tuple[int, str, Any]], name: str, *, later: bool = False) -> Record:
    """Make a record of decoded resources, each with its place (from 0) and its fullUrl, "" where it has none.

    Of copies of one resource of which neither says that it is the newer, with other content, the one that comes later
    counts where ``later`` (an export's files stand in order); else they are refused. Raises InputRefused.
    """
    record = Record(name, References(_ONE))
    placed: list[_Placed] = []
    ids: set[tuple[type[Resource], str]] = set()
    for place, full_url, resource in resources:
        kind, head = type(resource), resource
        if kind is Undecoded:
            kind, head = structs.Observation, resource.head
        elif kind in _OTHER:
            record.others.append(resource)
            continue
        elif resource is None:
            continue
        if not head.id:
            head.id = id_of(full_url, place)
        ids.add((kind, head.id))
        placed.append((server_of(full_url) if full_url else "", full_url, resource))
    if len(ids) < len(placed):
        placed = _newest(record, placed, later=later)
    heads: list[tuple[str, str, Resource]] = []
    for one in placed:
        resource = one[2]
        kind = type(resource)
        if kind is structs.Observation:
            record.readings.append(resource)
            heads.append(one)
        elif kind is Undecoded:
            record.readings.append(resource)
            heads.append((one[0], one[1], resource.head))
        else:
            _keep(record, one[1], resource)
    record.references.readings(heads)
    return record


def _newest(record: Record, placed: list[_Placed], *, later: bool) -> list[_Placed]:
    """Leave of several versions of one resource of one server the newest, where that stands; raises InputRefused."""
    kept: dict[tuple[str, str, str], int] = {}
    found: list[_Placed | None] = []
    faults: list[Fault] = []
    for one in placed:
        server, _, resource = one
        head = resource.head if isinstance(resource, Undecoded) else resource
        key, name = (server, head.kind, head.id), f"{head.kind}/{head.id}"
        before = kept.setdefault(key, len(found))
        if before == len(found):
            found.append(one)
            continue
        held = found[before]
        assert held is not None  # noqa: S101  # what is replaced moves to the end, and its key with it
        newer = editions.newer(held[2], resource, later=later)
        if newer is None:
            faults.append(Fault(record.name, None, f"{name} stands twice with the same version and other content"))
        elif newer:
            record.warnings.append(f"{name} stands in several versions; the newest counts")
            found[before], kept[key] = None, len(found)
            found.append(one)
        else:
            record.warnings.append(f"{name} stands more than once; the newest version counts")
    InputRefused.raise_if(faults)
    return [one for one in found if one is not None]


def _keep(record: Record, full_url: str, resource: Resource) -> None:
    """Keep one resource that is no observation, unless it is out."""
    ground = counts.standing(resource)
    record.references.add(full_url, resource, hidden=ground == counts.OUT)
    if ground == counts.OUT:
        record.withdrawn.append(resource)
        return
    if ground is not None:
        record.doubts[id(resource)] = ground
    record.by_type.setdefault(type(resource), []).append(resource)


def as_json(source: bytes | Mapping[str, object], name: str, *, max_bytes: int) -> bytes:
    """Return checked JSON bytes; raises InputRefused."""
    if isinstance(source, Mapping):
        checked_mapping(source, name)
        try:
            return msgspec.json.encode(source)
        except (TypeError, ValueError, RecursionError) as fault:
            raise InputRefused(Fault(name, None, "expected JSON values only")) from fault
    return checked(bytes(source), name, max_bytes=max_bytes)


def decoder() -> msgspec.json.Decoder[Any]:
    """Return the decoder of any resource."""
    return _ONE


def decode_as(kind: type[Kind], data: bytes, name: str) -> Kind:
    """Decode one resource of a known type; raises InputRefused."""
    found: Kind = _decoded(data, name, msgspec.json.Decoder(kind))
    return found


def _entries(data: bytes, name: str, stamp: list[str]) -> Iterable[tuple[int, str, Any]]:
    """Return the entries; ``stamp`` takes the Bundle's timestamp."""
    if len(data) < LARGE:
        try:
            bundle = _WHOLE.decode(data)
        except msgspec.ValidationError as fault:
            if "resourceType" not in str(fault):
                raise InputRefused(said(name, fault)) from fault
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise InputRefused(said(name, fault)) from fault
        else:
            _is_bundle(bundle, name)
            stamp.append(bundle.timestamp or "")
            return [(place, entry.full_url, entry.resource) for place, entry in enumerate(bundle.entry)]
    large = _decoded(data, name, _BY_ENTRY)
    _is_bundle(large, name)
    stamp.append(large.timestamp or "")
    return _one_by_one(large, name)


def _one_by_one(large: _RawBundle, name: str) -> Iterator[tuple[int, str, Any]]:
    """Yield the entries of a large Bundle, each decoded when it is come to."""
    for place, entry in enumerate(large.entry):
        if entry.resource:
            yield place, entry.full_url, _typed(entry.resource, name, f"Bundle.entry[{place}].resource")


def _typed(raw: Raw, name: str, where: str) -> Any:  # noqa: ANN401  # one of the structs of the union
    """Decode one entry; of an observation only whose it is, of an unknown type nothing."""
    try:
        head = _SUBJECT.decode(raw)
        return Undecoded(raw, head) if isinstance(head, structs.ObservationHead) else head
    except msgspec.ValidationError as fault:
        if "resourceType" not in str(fault):
            raise InputRefused(said(name, fault, where)) from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise InputRefused(said(name, fault, where)) from fault
    try:
        return _ONE.decode(raw)
    except msgspec.ValidationError as fault:
        if str(fault).startswith("Invalid value") and str(fault).endswith("`$.resourceType`"):
            return None
        raise InputRefused(said(name, fault, where)) from fault


def _is_bundle(bundle: _Bundle | _RawBundle, name: str) -> None:
    if bundle.resourceType != "Bundle":
        found = bundle.resourceType[:40] or "nothing"
        raise InputRefused(Fault(name, None, f"expected resourceType Bundle, found {found}"))
    if bundle.type not in ("collection", ""):
        raise InputRefused(Fault(name, None, f"expected a Bundle of type collection, found {bundle.type[:40]}"))
    if fault := entries_fault(len(bundle.entry)):
        raise InputRefused(Fault(name, None, fault))


def _decoded(data: bytes | Raw, name: str, decoder: Any, where: str = "") -> Any:  # noqa: ANN401  # the decoder's own type
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise InputRefused(said(name, fault, where)) from fault


def said(name: str, fault: Exception, where: str = "") -> Fault:
    """Return what a decoder found in a file, or in a place of it, without quoting the input."""
    if isinstance(fault, msgspec.ValidationError):
        said, _, place = str(fault).partition(" - at `$")
        path = place.rstrip("`").removeprefix(".") or "the whole"
        return Fault(name, f"{where}: {path}" if where else path, said)
    if isinstance(fault, RecursionError):
        return Fault(name, where or None, "expected JSON that nests less deep")
    if isinstance(fault, UnicodeDecodeError):
        return Fault(name, where or None, "expected UTF-8 text")
    return Fault(name, where or None, f"expected JSON: {fault}")


def whose(other: Other) -> Iterator[Reference]:
    """Yield the names of the patients of a resource of another type, as far as they can be read."""
    for raw in (other.subject, other.patient):
        if not raw:
            continue
        try:
            found = msgspec.json.decode(raw, type=Reference | list[Reference])
        except (msgspec.DecodeError, RecursionError):
            continue
        yield from found if isinstance(found, list) else [found]
