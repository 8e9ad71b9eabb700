"""FHIR R4 datatypes with only the elements that are used, as msgspec structs; all else in the JSON is skipped unread.

Decimals stay exact (``7.10`` is not a float). An element that is missing is ``""``, ``None`` or an empty list.

Annotations are worked out as the module is read, not kept as text: msgspec would compile the text of each anew for
every struct that inherits it.
"""

# msgspec gives every struct a list of its own

from decimal import Decimal

from msgspec import Raw, Struct


class Element(Struct, gc=False, rename="camel"):
    """Any element; gc is off because no element refers back to what holds it."""


class Identifier(Element):
    """A business identifier."""

    system: str = ""
    value: str = ""


class Reference(Element):
    """A reference, literal (``reference``) or logical (``identifier``)."""

    reference: str = ""
    identifier: Identifier | None = None
    display: str = ""
    type: str = ""


class Coding(Element):
    """A code in a code system."""

    system: str = ""
    code: str = ""


class Concept(Element):
    """A CodeableConcept of which only the codes are read."""

    coding: tuple[Coding, ...] = ()


class SaidConcept(Element):
    """A CodeableConcept with its text."""

    coding: tuple[Coding, ...] = ()
    text: str = ""


class NamedCoding(Element):
    """A code with the words shown for it."""

    system: str = ""
    code: str = ""
    display: str = ""


class NamedConcept(Element):
    """A CodeableConcept with its words."""

    coding: tuple[NamedCoding, ...] = ()
    text: str = ""

    @property
    def words(self) -> str:
        """All words of the concept, lower case."""
        return " | ".join([self.text, *[coding.display for coding in self.coding]]).lower()


class Part(Element):
    """A part of an item of a claim, and parts of it: each with a product where it says one."""

    product_or_service: NamedConcept | None = None
    sub_detail: "tuple[Part, ...]" = ()


class Period(Element):
    """A FHIR Period: texts as written."""

    start: str = ""
    end: str = ""


class Quantity(Element):
    """A number with a unit, perhaps with a comparator."""

    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


class Range(Element):
    """A low and a high quantity."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: Concept | None = None


class Extension(Element):
    """An extension with the value types that are read."""

    url: str = ""
    value_codeable_concept: Concept | None = None
    value_coding: Coding | None = None
    value_code: str = ""
    value_reference: Reference | None = None
    value_period: Period | None = None
    extension: list["Extension"] = []


class Meta(Element):
    """Which version of a resource this is, as text."""

    version_id: str = ""
    last_updated: str = ""


class Modifier(Element):
    """A modifierExtension, by its URL, with a yes or no: whoever does not know it must not act on what holds it."""

    url: str = ""
    value_boolean: bool | None = None


class Backbone(Element):
    """An element that may hold a modifierExtension."""

    modifier_extension: tuple[Modifier, ...] = ()


class Resource(Element, tag=True, tag_field="resourceType"):
    """Any resource; the class name is its resource type. What it contains is decoded when something refers to it."""

    id: str = ""
    meta: Meta | None = None
    implicit_rules: str = ""
    modifier_extension: tuple[Modifier, ...] = ()
    contained: tuple[Raw, ...] = ()

    @property
    def kind(self) -> str:
        """The resource type."""
        return type(self).__name__


class Other(Element):
    """Any other resource type of R4: only whose it is."""

    id: str = ""
    subject: Raw = Raw()
    patient: Raw = Raw()


class Qualification(Backbone):
    """What a clinician has learned: a degree, a certificate."""

    code: Concept | None = None
