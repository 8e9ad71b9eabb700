"""What people wrote: FHIR R4 documents and filled-in questionnaires, with only the elements that are used."""

# ruff: noqa: RUF012  # msgspec gives every struct a list of its own

from __future__ import annotations

from decimal import Decimal

from priorauth.record.elements import (
    Coding,
    Element,
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


class ItemAnswer(Element):
    """One answer to a question."""

    value_boolean: bool | None = None
    value_decimal: Decimal | None = None
    value_integer: int | None = None
    value_date: str = ""
    value_date_time: str = ""
    value_string: str = ""
    value_coding: Coding | None = None
    value_quantity: Quantity | None = None
    item: list[Item] = []


class Item(Element):
    """A question, a group, or a part of either."""

    link_id: str = ""
    answer: list[ItemAnswer] = []
    item: list[Item] = []


class QuestionnaireResponse(Resource):
    """A filled-in questionnaire."""

    extension: list[Extension] = []
    based_on: list[Reference] = []
    status: str = ""
    subject: Reference | None = None
    authored: str = ""
    author: Reference | None = None
    item: list[Item] = []
