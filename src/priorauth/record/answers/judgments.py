"""Judgments: what a named clinician of the payer decided on one request, in a questionnaire of its own.

Beside the judgment facts it may hold ``settle.<criterion id>`` with ``settle.<criterion id>.why``. It counts only for
the request that it names, by reference or by business identifier. Whom the case itself names as prescriber, practice or
supplier judges nothing of it, however the author is named; a word that cannot be read is refused, for silence would be
taken for a no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from priorauth.errors import Fault, InputRefused
from priorauth.facts.rows import SETTLE, Answer, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import counts, dated
from priorauth.fhir.bundle import Record, as_json, decode_as, decoder
from priorauth.fhir.elements import Extension, Reference
from priorauth.fhir.forms import Item, QuestionnaireResponse
from priorauth.fhir.limits import MAX_BYTES
from priorauth.fhir.references import References, name_of, pair, tail
from priorauth.fhir.structs import Claim, Patient, Practitioner, PractitionerRole
from priorauth.record.practice import called
from priorauth.values.dates import ANY_DAY, When

WHY: Final = ".why"
COUNTED: Final = {"completed", "amended", ""}
_ASKED_IN: Final = ("/qr-context", "/context")
_CLINICIANS: Final = ("Practitioner", "PractitionerRole")


class Judgments(Struct, frozen=True):
    """The rows of a judgments file, who made them (a name or a reference), and the claims that they name."""

    rows: tuple[Answer, ...]
    author: str
    claims: tuple[Claim, ...]


class Open(NamedTuple):
    """The case that a judgments file may speak of: its Bundle, its patient, the claims that ask, and whom it names."""

    record: Record
    patient: Patient
    claims: list[Claim]
    named: set[str]
    """The keys and names of all whom the case names (see practice.named)."""


class Said(NamedTuple):
    """What is said of a judgments file while it is read: its name, warnings of it, and faults in it."""

    name: str
    warnings: list[str]
    faults: list[Fault]


def read(
    source: bytes | Mapping[str, object],
    name: str,
    case: Open,
    vocabulary: Vocabulary,
) -> Judgments:
    """Read a judgments file; raises InputRefused where nobody is named. One that names no request counts for none."""
    record, patient, claims, own = case
    form = decode_as(QuestionnaireResponse, as_json(source, name, max_bytes=MAX_BYTES), name)
    author = _author(form, name)
    if not own.isdisjoint(_known_as(form, record)):
        said = "expected a clinician of the payer, found one whom the case itself names"
        raise InputRefused(Fault(name, "author", said))
    if counts.modified(form):
        raise InputRefused(Fault(name, "modifierExtension or implicitRules", "expected none"))
    if form.status not in COUNTED:
        said = f"expected a completed QuestionnaireResponse, found status {form.status[:40]}"
        raise InputRefused(Fault(name, None, said))
    if form.subject is not None and form.subject.reference and record.references.find(form.subject) is not patient:
        raise InputRefused(Fault(name, None, f"its subject is not {name_of(patient)}, of the request"))
    named = tuple(claim for claim in claims if any(_names(record, claim, reference) for reference in _asked(form)))
    if not named:
        record.warnings.append(f"{name}: names no request of the Bundle (basedOn or qr-context, to the Claim); ignored")
    try:
        authored = dated.read(form.authored) if form.authored else ANY_DAY
    except ValueError as fault:
        raise InputRefused(Fault(name, "authored", "expected a date")) from fault
    ref = f"QuestionnaireResponse/{form.id or 'judgments'}"
    faults: list[Fault] = []
    rows = tuple(_rows(form.item, ref, authored, vocabulary, Said(name, record.warnings, faults)))
    InputRefused.raise_if(faults)
    return Judgments(rows, author, named)


def _known_as(form: QuestionnaireResponse, record: Record) -> set[str]:
    """Return every key and name by which the author of a form may be known in the case."""
    author = form.author
    if author is None:
        return set()
    inside = References(decoder())
    found = inside.find(author, form)
    outside = author if not author.reference.startswith("#") else None
    keys = inside.keys(author, form) | record.references.keys(outside)
    if isinstance(found, PractitionerRole):
        keys |= inside.keys(found.practitioner, found) | inside.keys(found.organization, found)
        keys |= record.references.keys(found.practitioner) | record.references.keys(found.organization)
        keys.add(called(found.practitioner.display if found.practitioner is not None else ""))
    if isinstance(found, Practitioner):
        keys |= {called(one.text or " ".join([*one.given, one.family])) for one in found.name}
    return (keys | {called(author.display)}) - {""}


def _author(form: QuestionnaireResponse, name: str) -> str:
    """Return the name of the clinician: a display name, a contained practitioner with a name, or a reference to one."""
    author = form.author
    if author is None:
        raise InputRefused(Fault(name, None, "expected an author: a judgment is made by a named clinician"))
    literal = author.reference
    kind = (tail(literal).partition("/")[0] if not literal.startswith("#") else "") or author.type
    found = References(decoder()).find(author, form) if literal.startswith("#") else None
    kinds = {one for one in (author.type, kind, found.kind if found is not None else "") if one}
    if len(kinds) > 1:
        raise InputRefused(Fault(name, "author", "its type and what it refers to disagree"))
    kind = found.kind if found is not None else kind
    if kind and kind not in _CLINICIANS:
        raise InputRefused(Fault(name, "author", f"expected a clinician, found {kind[:40]}"))
    if author.display.strip():
        return author.display.strip()
    if isinstance(found, Practitioner) and (found.name or found.identifier):
        return _called(found)
    if isinstance(found, PractitionerRole) and (found.practitioner is not None or found.identifier):
        return (found.practitioner.display if found.practitioner is not None else "") or literal
    if kind in _CLINICIANS and found is None:
        return literal or (author.identifier.value if author.identifier is not None else "")
    if author.identifier is not None and author.identifier.value:
        return f"{author.identifier.system}|{author.identifier.value}"
    raise InputRefused(Fault(name, "author", "expected a named clinician, found a reference that names nobody"))


def _called(practitioner: Practitioner) -> str:
    for name in practitioner.name:
        called = name.text or " ".join([*name.given, name.family]).strip()
        if called:
            return called
    return practitioner.identifier[0].value if practitioner.identifier else practitioner.id


def _asked(form: QuestionnaireResponse) -> Iterator[Reference]:
    """Yield every reference that may name the request."""
    yield from form.based_on
    waiting: list[Extension] = list(form.extension)
    while waiting:
        extension = waiting.pop()
        waiting.extend(extension.extension)
        if extension.url.endswith(_ASKED_IN) and extension.value_reference is not None:
            yield extension.value_reference


def _names(record: Record, claim: Claim, reference: Reference) -> bool:
    if reference.reference and record.references.find(reference) is claim:
        return True
    wanted = reference.identifier
    return wanted is not None and any(wanted.value and pair(one) == pair(wanted) for one in claim.identifier)


def _rows(items: list[Item], ref: str, authored: When, vocabulary: Vocabulary, said: Said) -> Iterator[Answer]:
    """Yield the rows of items; ``said`` takes warnings, and faults."""
    for item in items:
        link = item.link_id
        fact = vocabulary.facts.get(link)
        for answer in item.answer:
            text: str | None = None
            if link.startswith(SETTLE) and link.endswith(WHY):
                text = answer.value_string or None
            elif link.startswith(SETTLE) or (fact is not None and fact.kind == "judgment"):
                text = None if answer.value_boolean is None else "yes" if answer.value_boolean else "no"
            elif not link.endswith(WHY):
                said.warnings.append(f"{ref}: {link[:80]} is no judgment; ignored")
                continue
            if text is None:
                said.faults.append(Fault(said.name, link[:80], "expected valueBoolean (of .why: valueString)"))
            else:
                yield Answer(link, Source.JUDGMENT, ref, text, authored.first, authored.last, authored.minute)
            yield from _rows(answer.item, ref, authored, vocabulary, said)
        yield from _rows(item.item, ref, authored, vocabulary, said)
