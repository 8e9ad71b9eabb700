"""What people wrote: FHIR R4 documents and filled-in questionnaires, with only the elements that are used."""

# ruff: noqa: RUF012  # msgspec gives every struct a list of its own

from decimal import Decimal

from msgspec import Raw

from priorauth.fhir.elements import (
    Backbone,
    Coding,
    Extension,
    NamedConcept,
    Quantity,
    Reference,
    Resource,
)


class DocumentReference(Resource):
    """A document on file."""

    status: str = ""
    doc_status: str = ""
    type: NamedConcept | None = None
    category: list[NamedConcept] = []
    subject: Reference | None = None
    date: str = ""
    author: list[Reference] = []


class ItemAnswer(Backbone):
    """One answer to a question."""

    value_boolean: bool | None = None
    value_decimal: Decimal | None = None
    value_integer: int | None = None
    value_date: str = ""
    value_date_time: str = ""
    value_string: str = ""
    value_uri: str = ""
    value_time: str = ""
    value_reference: Reference | None = None
    value_coding: Coding | None = None
    value_quantity: Quantity | None = None
    value_attachment: Raw = Raw()
    item: list["Item"] = []

    @property
    def empty(self) -> bool:
        """Whether it has no value of its own."""
        return not any(
            value not in (None, "") and bool(value if isinstance(value, Raw) else True)
            for name in self.__struct_fields__
            if name.startswith("value_")
            for value in (getattr(self, name),)
        )


class Item(Backbone):
    """A question, a group, or a part of either."""

    link_id: str = ""
    answer: list[ItemAnswer] = []
    item: list["Item"] = []


class QuestionnaireResponse(Resource):
    """A filled-in questionnaire."""

    extension: list[Extension] = []
    based_on: list[Reference] = []
    status: str = ""
    subject: Reference | None = None
    authored: str = ""
    author: Reference | None = None
    item: list[Item] = []
