"""Orders: FHIR R4 prescriptions, device and service requests, with only the elements that are used."""

# ruff: noqa: RUF012  # msgspec gives every struct a list of its own

from decimal import Decimal

from msgspec import Raw

from priorauth.fhir.elements import Backbone, Concept, Element, NamedConcept, Period, Quantity, Reference, Resource


class Ingredient(Backbone):
    """A part of a medication."""

    item_codeable_concept: NamedConcept | None = None
    item_reference: Reference | None = None


class Medication(Resource):
    """A drug product."""

    status: str = ""
    code: NamedConcept | None = None
    ingredient: list[Ingredient] = []


class Repeat(Element):
    """How often, how long."""

    bounds_duration: Quantity | None = None
    bounds_period: Period | None = None
    count: int | None = None
    count_max: int | None = None
    frequency: int | None = None
    frequency_max: int | None = None
    period: Decimal | None = None
    period_max: Decimal | None = None
    period_unit: str = ""
    day_of_week: list[str] = []
    time_of_day: list[str] = []
    when: list[str] = []


class Timing(Backbone):
    """When a dose is taken."""

    repeat: Repeat | None = None
    code: NamedConcept | None = None


class DoseAndRate(Element):
    """How much, and how fast where it runs in."""

    rate_ratio: Raw = Raw()
    rate_range: Raw = Raw()
    rate_quantity: Quantity | None = None


class Dosage(Backbone):
    """One instruction."""

    sequence: int | None = None
    text: str = ""
    patient_instruction: str = ""
    timing: Timing | None = None
    as_needed_boolean: bool = False
    as_needed_codeable_concept: Concept | None = None
    route: NamedConcept | None = None
    dose_and_rate: list[DoseAndRate] = []


class DispenseRequest(Backbone):
    """What may be dispensed."""

    validity_period: Period | None = None


class MedicationRequest(Resource):
    """A prescription."""

    status: str = ""
    intent: str = ""
    do_not_perform: bool = False
    category: list[Concept] = []
    medication_codeable_concept: NamedConcept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    authored_on: str = ""
    requester: Reference | None = None
    dosage_instruction: list[Dosage] = []
    dispense_request: DispenseRequest | None = None


class MedicationStatement(Resource):
    """A drug the member is said to take."""

    status: str = ""
    category: Concept | None = None
    medication_codeable_concept: NamedConcept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    date_asserted: str = ""
    based_on: list[Reference] = []
    derived_from: list[Reference] = []
    dosage: list[Dosage] = []


class DeviceRequest(Resource):
    """An order for a device."""

    status: str = ""
    intent: str = ""
    code_codeable_concept: NamedConcept | None = None
    code_reference: Reference | None = None
    subject: Reference | None = None
    authored_on: str = ""
    requester: Reference | None = None


class ServiceRequest(Resource):
    """An order for a service."""

    status: str = ""
    intent: str = ""
    do_not_perform: bool = False
    code: NamedConcept | None = None
    subject: Reference | None = None
    authored_on: str = ""
    requester: Reference | None = None
