"""The second pass over one member: resources become a record, and the record rows, by the reader of a single case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from priorauth.facts.rows import Row
from priorauth.facts.vocabulary import Vocabulary
from priorauth.population import heads
from priorauth.population.heads import Entry
from priorauth.population.shard import Index
from priorauth.population.shared import Shared
from priorauth.record import bundle
from priorauth.record.claims import NOT_ASKED
from priorauth.record.elements import Resource
from priorauth.record.read import read_member, read_record
from priorauth.record.refused import RefusedInput
from priorauth.record.structs import Claim, Observation, Patient
from priorauth.values.units import Units

_ANY: Final[msgspec.json.Decoder[Any]] = bundle.decoder()
MANY: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(list[_ANY.type])  # type: ignore[name-defined]
_ENTRY: Final = msgspec.json.Decoder(Entry)
FURTHER: Final = "#"
"""Between a patient's id and the number of a further request; no FHIR id holds it."""


class Texts(NamedTuple):
    """The resources of a member as bytes, in the order of the input, and the rows of the index for their places."""

    places: Index
    data: list[bytes]

    @property
    def entries(self) -> list[int]:
        """The numbers of those that have their fullUrl around them."""
        return np.flatnonzero(self.places["entry"]).tolist()


Found = tuple[int, str, Any]
"""A decoded resource with its number among the texts and its fullUrl."""


class Fault(NamedTuple):
    """Why something of a member is not used: at which text (its number), or None for the member as a whole."""

    text: int | None
    reason: str
    resource: str = ""


class Seat(NamedTuple):
    """One request of a member, or the member without a request: the day it counts from, and every row."""

    patient: str
    as_of: int
    rows: dict[str, tuple[Row, ...]]


@dataclass(slots=True)
class Read:
    """What became of a member: seats, faults, and warnings of the reader."""

    patient: str = ""
    seats: list[Seat] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads members; ``day`` is the day for those who ask for nothing."""

    vocabulary: Vocabulary
    units: Units
    shared: Shared
    day: int

    def member(self, texts: Texts) -> Read:
        """Read one member from all of its resources, in the order of the input."""
        read = Read()
        found = decoded(texts, read)
        patients = [(number, one) for number, _, one in found if type(one) is Patient]
        read.patient = patients[0][1].id if patients else ""
        if not patients:
            read.faults.append(Fault(None, "its Patient is not in the export", _whose(texts)))
            return read
        if strangers := [number for number, one in patients[1:] if _differ(patients[0][1], one)]:
            said = "two different patients have this id; the member is left out (were two tenants put together?)"
            read.faults.extend(
                Fault(number, said, f"Patient/{read.patient}") for number in (patients[0][0], *strangers)
            )
            read.faults.append(Fault(None, "left out: two different patients have this id", read.patient))
            return read
        self._record(found, texts, patients[0][1], read)
        return read

    def _record(self, found: list[Found], texts: Texts, patient: Patient, read: Read) -> None:
        resources = [each for each in found if type(each[2]) is not Patient]
        clinical = [each for each in resources if type(each[2]) is not Observation]
        held = {(one.kind, one.id) for _, _, one in clinical if isinstance(one, Resource)}
        more = [
            (url, one)
            for url, one in self.shared.of([texts.data[number] for number, _, _ in clinical])
            if (one.kind, one.id) not in held
        ]
        own = next(url for _, url, one in found if one is patient)
        every = [(0, own, patient), *resources, *((len(texts.data), url, one) for url, one in more)]
        record = bundle.gathered(every, read.patient)
        try:
            if any(claim.use == "preauthorization" and claim.status not in NOT_ASKED for claim in record.all(Claim)):
                try:
                    case = read_record(record, self.vocabulary, self.units)
                    for turn, request in enumerate(case.requests, 1):
                        name = read.patient if turn == 1 else f"{read.patient}{FURTHER}{turn}"
                        read.seats.append(Seat(name, request.requested_on, dict(request.rows)))
                except RefusedInput as refused:
                    claim = next(number for number, _, one in clinical if isinstance(one, Claim))
                    said = "; ".join(fault.removeprefix(f"{record.name}: ") for fault in refused.faults)
                    read.faults.append(Fault(claim, f"the request is refused, the member is kept: {said}", "Claim"))
            if not read.seats:
                rows = read_member(record, patient, self.day, self.vocabulary, self.units)
                read.seats.append(Seat(read.patient, self.day, rows))
        except RefusedInput as refused:
            read.faults.append(Fault(None, f"left out: {'; '.join(refused.faults)}", read.patient))
        read.warnings = tuple(sorted(set(record.warnings)))


def decoded(texts: Texts, read: Read) -> list[Found]:
    """Decode, together where that works; give each with its number and its fullUrl."""
    entries = set(texts.entries)
    plain = [(number, data) for number, data in enumerate(texts.data) if number not in entries]
    found: list[Found] = []
    try:
        made = MANY.decode(b"[" + b",".join([data for _, data in plain]) + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        made = []
    if len(made) == len(plain):
        found.extend((number, "", one) for (number, _), one in zip(plain, made, strict=True))
    else:
        for number, data in plain:
            one = heads.decoded(_ANY, data)
            if isinstance(one, str):
                read.faults.append(Fault(number, one, _named(data)))
            else:
                found.append((number, "", one))
    for number in sorted(entries):
        entry = _ENTRY.decode(texts.data[number])
        one = heads.decoded(_ANY, entry.resource)
        if isinstance(one, str):
            read.faults.append(Fault(number, one, _named(entry.resource)))
        else:
            found.append((number, entry.fullUrl, one))
    return found


def _differ(one: Patient, two: Patient) -> bool:
    """Say whether two Patients of one id are two people: no identifier in common, or none and another birth or sex."""
    left, right = ({(each.system, each.value) for each in patient.identifier} for patient in (one, two))
    if left and right:
        return left.isdisjoint(right)
    return (one.birth_date, one.gender) != (two.birth_date, two.gender)


def _named(data: bytes | msgspec.Raw) -> str:
    """Name a resource whose elements could not all be decoded."""
    head = heads.decoded(heads.HEAD, data)
    return f"{head.resourceType}/{head.id[:64]}" if isinstance(head, heads.Head) else ""


def _whose(texts: Texts) -> str:
    """Give the id of a patient who is only referred to."""
    entries = set(texts.entries)
    for number, data in enumerate(texts.data):
        head = heads.decoded(heads.HEAD, _ENTRY.decode(data).resource if number in entries else data)
        if isinstance(head, heads.Head):
            return head.whose.partition("/_history/")[0].rstrip("/").rpartition("/")[2][:64]
    return ""
