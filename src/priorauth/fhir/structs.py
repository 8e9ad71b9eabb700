"""The member, the claim and the clinical record: FHIR R4 resources with only the elements that are used."""

# ruff: noqa: RUF012  # msgspec gives every struct a list of its own

from msgspec import Raw, field

from priorauth.fhir.elements import (
    Backbone,
    Coding,
    Concept,
    Element,
    Extension,
    Identifier,
    NamedConcept,
    Part,
    Period,
    Qualification,
    Quantity,
    Range,
    Reference,
    Resource,
    SaidConcept,
)


class Patient(Resource):
    """The member."""

    extension: list[Extension] = []
    identifier: list[Identifier] = []
    gender: str = ""
    birth_date: str = ""
    deceased_boolean: bool = False
    deceased_date_time: str = ""


class Organization(Resource):
    """A payer, a practice or a supplier."""

    identifier: list[Identifier] = []
    name: str = ""
    alias: list[str] = []


class HumanName(Element):
    """A name, of which only its being there counts."""

    text: str = ""
    family: str = ""
    given: list[str] = []


class Practitioner(Resource):
    """A clinician."""

    identifier: list[Identifier] = []
    name: list[HumanName] = []
    qualification: list[Qualification] = []


class PractitionerRole(Resource):
    """A clinician at an organization."""

    identifier: list[Identifier] = []
    practitioner: Reference | None = None
    organization: Reference | None = None
    code: list[Concept] = []
    specialty: list[Concept] = []


class CoverageClass(Backbone):
    """A class of coverage: plan, group."""

    type: Concept | None = None
    value: str = ""
    name: str = ""


class Coverage(Resource):
    """A member's insurance."""

    status: str = ""
    type: NamedConcept | None = None
    beneficiary: Reference | None = None
    subscriber: Reference | None = None
    policy_holder: Reference | None = None
    payor: list[Reference] = []
    period: Period | None = None
    class_: list[CoverageClass] = field(default_factory=list, name="class")


class Diagnosis(Backbone):
    """A diagnosis of a claim."""

    sequence: int = 0
    diagnosis_codeable_concept: NamedConcept | None = None
    diagnosis_reference: Reference | None = None
    type: list[Concept] = []


class Insurance(Backbone):
    """An insurance of a claim."""

    sequence: int = 0
    focal: bool = False
    coverage: Reference | None = None


class SupportingInfo(Backbone):
    """What a claim points to."""

    sequence: int = 0
    value_reference: Reference | None = None


class CareTeam(Backbone):
    """Someone in the care team of a claim."""

    sequence: int = 0
    provider: Reference | None = None
    role: Concept | None = None


class RelatedClaim(Backbone):
    """An earlier claim."""

    claim: Reference | None = None


class ClaimItem(Backbone):
    """One product or service asked for."""

    extension: list[Extension] = []
    sequence: int = 0
    information_sequence: list[int] = []
    product_or_service: NamedConcept | None = None
    modifier: list[Concept] = []
    quantity: Quantity | None = None
    serviced_date: str = ""
    serviced_period: Period | None = None
    detail: list[Part] = []


class Claim(Resource):
    """A request for prior authorization."""

    extension: list[Extension] = []
    identifier: list[Identifier] = []
    status: str = ""
    use: str = ""
    patient: Reference | None = None
    created: str = ""
    insurer: Reference | None = None
    provider: Reference | None = None
    priority: Concept | None = None
    related: list[RelatedClaim] = []
    care_team: list[CareTeam] = []
    supporting_info: list[SupportingInfo] = []
    diagnosis: list[Diagnosis] = []
    insurance: list[Insurance] = []
    item: list[ClaimItem] = []


class Adjudication(Backbone):
    """One decision on an item."""

    extension: list[Extension] = []


class ResponseItem(Backbone):
    """The answer to an item."""

    extension: list[Extension] = []
    item_sequence: int = 0
    adjudication: list[Adjudication] = []


class AddItem(Backbone):
    """An item the payer added."""

    extension: list[Extension] = []
    item_sequence: list[int] = []
    product_or_service: Concept | None = None
    adjudication: list[Adjudication] = []


class ClaimResponse(Resource):
    """A payer's answer to an earlier request."""

    extension: list[Extension] = []
    status: str = ""
    use: str = ""
    patient: Reference | None = None
    created: str = ""
    insurer: Reference | None = None
    request: Reference | None = None
    outcome: str = ""
    pre_auth_period: Period | None = None
    item: list[ResponseItem] = []
    add_item: list[AddItem] = []
    adjudication: list[Adjudication] = []


class Component(Backbone):
    """A part of an observation."""

    code: NamedConcept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: SaidConcept | None = None
    value_string: str = ""
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_range: Raw = Raw()
    value_ratio: Raw = Raw()
    data_absent_reason: Concept | None = None
    interpretation: tuple[Concept, ...] = ()
    reference_range: tuple[Range, ...] = ()


class Observation(Resource):
    """A result, a reading, a sign."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    code: NamedConcept | None = None
    subject: Reference | None = None
    focus: tuple[Reference, ...] = ()
    effective_date_time: str = ""
    effective_instant: str = ""
    effective_period: Period | None = None
    issued: str = ""
    value_quantity: Quantity | None = None
    value_codeable_concept: SaidConcept | None = None
    value_string: str = ""
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_range: Raw = Raw()
    value_ratio: Raw = Raw()
    value_sampled_data: Raw = Raw()
    data_absent_reason: Concept | None = None
    interpretation: tuple[Concept, ...] = ()
    reference_range: tuple[Range, ...] = ()
    specimen: Reference | None = None
    component: tuple[Component, ...] = ()


class ObservationHead(Resource, tag="Observation"):
    """Of an observation only which it is and whose."""

    status: str = ""
    subject: Reference | None = None
    focus: tuple[Reference, ...] = ()

    @property
    def kind(self) -> str:
        """The resource type."""
        return "Observation"


class Collection(Backbone):
    """How a specimen was drawn."""

    collected_date_time: str = ""
    collected_period: Period | None = None
    fasting_status_codeable_concept: SaidConcept | None = None
    fasting_status_duration: Quantity | None = None


class Specimen(Resource):
    """A sample."""

    status: str = ""
    subject: Reference | None = None
    type: SaidConcept | None = None
    collection: Collection | None = None


class Condition(Resource):
    """A diagnosis or problem."""

    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    category: list[Concept] = []
    code: NamedConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    onset_date_time: str = ""
    onset_age: Quantity | None = None
    onset_period: Period | None = None
    onset_range: Range | None = None
    abatement_date_time: str = ""
    abatement_age: Quantity | None = None
    abatement_period: Period | None = None
    abatement_range: Range | None = None
    recorded_date: str = ""


class Participant(Backbone):
    """Someone who took part in an encounter."""

    individual: Reference | None = None


class EncounterDiagnosis(Backbone):
    """A diagnosis of an encounter."""

    condition: Reference | None = None


class Encounter(Resource):
    """A visit or a stay."""

    status: str = ""
    class_: Coding | None = field(default=None, name="class")
    type: list[NamedConcept] = []
    service_type: NamedConcept | None = None
    subject: Reference | None = None
    participant: list[Participant] = []
    period: Period | None = None
    length: Quantity | None = None
    reason_code: list[NamedConcept] = []
    reason_reference: list[Reference] = []
    diagnosis: list[EncounterDiagnosis] = []
    service_provider: Reference | None = None


class Reaction(Backbone):
    """A reaction of an allergy."""

    substance: NamedConcept | None = None


class AllergyIntolerance(Resource):
    """An allergy, or the statement that there is none."""

    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    code: NamedConcept | None = None
    patient: Reference | None = None
    onset_date_time: str = ""
    recorded_date: str = ""
    reaction: list[Reaction] = []


class DeviceName(Backbone):
    """A name of a device."""

    name: str = ""


class Device(Resource):
    """A device of the member."""

    status: str = ""
    patient: Reference | None = None
    type: NamedConcept | None = None
    device_name: list[DeviceName] = []


class Procedure(Resource):
    """Something done."""

    status: str = ""
    code: NamedConcept | None = None
    subject: Reference | None = None
    performed_date_time: str = ""
    performed_period: Period | None = None


class DiagnosticReport(Resource):
    """A report of results: of interest where it holds results of its own, or none at all."""

    status: str = ""
    code: NamedConcept | None = None
    subject: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    issued: str = ""
    result: list[Reference] = []
    conclusion: str = ""
    conclusion_code: list[NamedConcept] = []


class EpisodeOfCare(Resource):
    """A stretch of care: its kind may speak of what is treated."""

    status: str = ""
    type: list[NamedConcept] = []
    patient: Reference | None = None
    period: Period | None = None


class Flag(Resource):
    """A warning on the chart."""

    status: str = ""
    code: NamedConcept | None = None
    subject: Reference | None = None
    period: Period | None = None
