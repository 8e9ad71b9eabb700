"""The second pass over one member: resources become a record, and the record rows, by the reader of a single case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.errors import InputRefused
from priorauth.facts.rows import Answer, Row, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import bundle
from priorauth.fhir.elements import Resource
from priorauth.fhir.structs import Claim, Observation, Patient
from priorauth.population.ingest import heads
from priorauth.population.ingest.bases import NO_SERVER, base_of, is_server, label
from priorauth.population.ingest.beside import Plain
from priorauth.population.ingest.deleted import Deletions
from priorauth.population.ingest.heads import Entry
from priorauth.population.ingest.people import STRANGER, UNREAD, Found, Person, Told, apart
from priorauth.population.ingest.plain.rows import whose
from priorauth.population.ingest.servers import Origin
from priorauth.population.ingest.shard import Index
from priorauth.population.ingest.shared import Shared
from priorauth.population.ingest.sources import Kind
from priorauth.population.ingest.unused import Tally
from priorauth.record.claims import NOT_ASKED
from priorauth.record.codes import compiled
from priorauth.record.ordering import in_order
from priorauth.record.quantities import scales
from priorauth.record.read import read_member, read_record
from priorauth.record.readers.labs import CLEARANCE
from priorauth.values.units import Units

_ANY: Final[msgspec.json.Decoder[Any]] = bundle.decoder()
MANY: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(list[_ANY.type])  # type: ignore[name-defined]
_ENTRY: Final = msgspec.json.Decoder(Entry)
_APART: Final = (Patient, Observation)
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

    def resource(self, number: int) -> bytes | msgspec.Raw:
        """Return a resource by its number, without its fullUrl around it."""
        return _ENTRY.decode(self.data[number]).resource if self.places["entry"][number] else self.data[number]


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
    deleted: int = 0


class Kept(NamedTuple):
    """What is plain of a member, what its visits refer to, and what gives all texts with those of some rows."""

    plain: Plain
    names: frozenset[bytes]
    together: Callable[[npt.NDArray[np.bool_]], Texts]


class Beside(NamedTuple):
    """What was read of a member beside what is plain, from which texts, and which plain ones are among them."""

    read: Read
    texts: Texts
    back: npt.NDArray[np.bool_]


@dataclass(slots=True)
class Reader:
    """Reads members; ``day`` is the day for those who ask for nothing.

    ``kinds`` and ``origins`` say of each source what it is and where it comes from. What no fact uses is counted.
    """

    vocabulary: Vocabulary
    units: Units
    shared: Shared
    day: int
    kinds: tuple[Kind, ...]
    origins: tuple[Origin, ...]
    deletions: Deletions
    unused: Tally = field(init=False)
    _by_file: bool = field(init=False)

    def __post_init__(self) -> None:
        """Begin a count; see whether files are known to be of several servers."""
        self.unused = Tally(compiled(self.vocabulary))
        self._by_file = len({origin.server for origin in self.origins} - {NO_SERVER}) > 1

    def members(self, texts: Texts) -> list[Read]:
        """Read who is under one patient id, from all of its resources in the order of the input: one member, or none.

        Several where two servers have patients of that id.
        """
        read = Read()
        found = decoded(texts, read)
        unread = [fault.resource for fault in read.faults if fault.resource.partition("/")[0] in heads.READ]
        gone = self._deleted(found, texts) if self.deletions else frozenset[int]()
        read.deleted = len(gone)
        patients = [(number, one) for number, _, one in found if type(one) is Patient]
        if all(number in gone for number, _ in patients):
            said = "its Patient was deleted" if patients else "its Patient is not in the export"
            read.faults.append(Fault(None, said, patients[0][1].id if patients else _whose(texts)))
            return [read]
        read.patient = patients[0][1].id
        if gone:  # a Patient that was deleted still says whose the rest is, where another has the same id
            found = [one for one in found if one[0] not in gone or type(one[2]) is Patient]
        people = apart(found, self._labels(found, texts), lambda number: self._told(texts, number), texts.resource)
        lost = any(name.startswith("Patient/") for name in unread)
        if refused := people.refused or (UNREAD if lost else ""):
            read.faults.extend(Fault(number, refused, _name(one)) for number, _, one in found)
            read.faults.append(Fault(None, f"left out: {refused}", read.patient))
            return [read]
        read.faults.extend(Fault(number, STRANGER, _name(one)) for number, _, one in people.strangers)
        reads = [read, *(Read() for _ in people.persons[1:])]
        for one, person in zip(reads, people.persons, strict=True):
            one.patient = person.name or read.patient
            person.patients = [each for each in person.patients if each[0] not in gone]
            if person.patients:
                self._counted(self._record(person, texts, one))
                for seat in one.seats:
                    seat.rows.update(_unreadable(unread, seat.as_of))
            else:
                one.faults.append(Fault(None, "its Patient was deleted", one.patient))
        return reads

    def beside(self, texts: Texts, kept: Kept) -> Beside | None:
        """Read a member without what is plain; None where it cannot be left out.

        It can where it is the member's beyond doubt, each once, and nothing that is read looks at it. Where something
        looks at visits, or at results of which others are made, these are read with all the rest, and so are results
        that stand twice.
        """
        places = texts.places
        if self.deletions or self._by_file or places["server"].any() or places["entry"].any():
            return None
        read, names = Read(), kept.names
        found, plain = decoded(texts, read), kept.plain
        want = plain.wanted([one for _, _, one in found], urns=self.shared.urns)
        back = plain.chosen(want)
        if any(want):
            names = frozenset() if want.visits else names
            texts, plain, read = kept.together(back), plain.without(want), Read()
            found = decoded(texts, read)
        patients = [one for _, _, one in found if type(one) is Patient]
        unread = [fault.resource for fault in read.faults if fault.resource.partition("/")[0] in heads.READ]
        if len(patients) != 1 or not plain.once or any(name.startswith("Patient/") for name in unread):
            return None
        patient = patients[0]
        if (len(plain.rows) and plain.who != whose(patient.id).who) or any(plain.looks(one) for _, _, one in found):
            return None
        read.patient = patient.id
        (person,) = apart(
            found, [NO_SERVER] * len(found), lambda number: self._told(texts, number), texts.resource
        ).persons
        record = self._record(person, texts, read, names)
        if record is None or any(plain.said(seat.rows) for seat in read.seats):
            return None
        self._counted(record)
        cleared = [*plain.clearances(record, patient, scales(self.vocabulary, self.units))]
        for seat in read.seats:
            if cleared:  # beside what may be said of it in words
                seat.rows[CLEARANCE] = in_order([*seat.rows.get(CLEARANCE, ()), *cleared])
            seat.rows.update(_unreadable(unread, seat.as_of))
        return Beside(read, texts, back)

    def _counted(self, record: bundle.Record | None) -> None:
        if record is not None:
            self.unused.count(record.observations())

    def _labels(self, found: list[Found], texts: Texts) -> list[int]:
        """Return the labels of the servers that resources name, or where files are of several servers, if known."""
        labels: list[int] = texts.places["server"].tolist()
        if self._by_file:
            sources = texts.places["source"].tolist()
            labels = [each or self.origins[source].server for each, source in zip(labels, sources, strict=True)]
        return labels if len(found) == len(labels) else [labels[number] for number, _, _ in found]

    def _told(self, texts: Texts, number: int) -> Told:
        place = texts.places[number]
        return Told(int(place["server"]), self.origins[int(place["source"])])

    def _deleted(self, found: list[Found], texts: Texts) -> frozenset[int]:
        """Return the numbers of those that were deleted since."""
        named = [one for one in found if isinstance(one[2], Resource)]
        gone: set[int] = set()
        for turn in self.deletions.of([(one.kind, _id(url, one)) for _, url, one in named]):
            number, url, one = named[turn]
            known = self._told(texts, number)
            servers = {each for each in (known.label, label(base_of(url)), known.origin.server) if is_server(each)}
            source = int(texts.places["source"][number])
            if self.deletions.counts(one.kind, _id(url, one), servers, source, texts.resource(number)):
                gone.add(number)
        return frozenset(gone)

    def _record(self, person: Person, texts: Texts, read: Read, names: Iterable[bytes] = ()) -> bundle.Record | None:
        every = sorted([*person.patients, *person.others], key=itemgetter(0))
        if len(person.servers) > 1 or any(url and base_of(url) for _, url, _ in every):
            every = self._with_urls(every, person, texts)
        clinical = [each for each in every if type(each[2]) not in _APART]
        held = {(one.kind, one.id) for _, _, one in clinical if isinstance(one, Resource)}
        servers = person.labels | {self._told(texts, number).origin.server for number, _, _ in person.patients}
        more = [
            (len(texts.data), url, one)
            for url, one in self.shared.of(
                [texts.data[number] for number, _, _ in clinical], servers - {NO_SERVER}, names
            )
            if (one.kind, one.id) not in held
        ]
        try:
            record = bundle.gathered([*every, *more], read.patient, later=True)
            patient = record.all(Patient)[0]
            _also_named(record, [*every, *more])
            if len(person.servers) > 1:
                for number, url, _ in person.patients:  # of each server, and one person
                    record.references.also(url or f"{self._told(texts, number).origin.base}/{_name(patient)}", patient)
            self._seats(record, patient, clinical, read)
        except InputRefused as refused:
            read.faults.append(Fault(None, f"left out: {'; '.join(map(str, refused.faults))}", read.patient))
            return None
        read.warnings = tuple(sorted(set(record.warnings)))
        return record

    def _with_urls(self, every: list[Found], person: Person, texts: Texts) -> list[Found]:
        """Give each resource a fullUrl where some have one or servers differ: one id of two servers is two things."""
        known = [self._told(texts, number) for number, _, _ in every]
        several = len(person.servers) > 1
        common = "" if several else next(base for _, url, _ in every if (base := base_of(url)))
        own = next(each.label or each.origin.server for each, one in zip(known, every, strict=True) if _is_patient(one))
        made: list[Found] = []
        for (number, url, one), each in zip(every, known, strict=True):
            if several and type(one) is Patient and (each.label or each.origin.server) != own:
                continue  # the same person on the other server
            base = common
            if several and not url:
                head = heads.decoded(heads.HEAD, texts.resource(number))
                base = (base_of(head.whose) if isinstance(head, heads.Head) else "") or each.origin.base
            made.append((number, url or (f"{base}/{_name(one)}" if base and one.id else ""), one))
        return made

    def _seats(self, record: bundle.Record, patient: Patient, clinical: list[Found], read: Read) -> None:
        """Read the requests of a member, or the member without one; raises InputRefused."""
        if any(claim.use == "preauthorization" and claim.status not in NOT_ASKED for claim in record.all(Claim)):
            try:
                case = read_record(record, self.vocabulary, self.units)
                for turn, request in enumerate(case.requests, 1):
                    name = read.patient if turn == 1 else f"{read.patient}{FURTHER}{turn}"
                    read.seats.append(Seat(name, request.requested_on, dict(request.rows)))
            except InputRefused as refused:
                claim = next(number for number, _, one in clinical if isinstance(one, Claim))
                said = "; ".join(fault.within for fault in refused.faults)
                read.faults.append(Fault(claim, f"the request is refused, the member is kept: {said}", "Claim"))
        if not read.seats:
            rows = read_member(record, patient, self.day, self.vocabulary, self.units)
            read.seats.append(Seat(read.patient, self.day, rows))


def _unreadable(names: list[str], day: int) -> dict[str, tuple[Row, ...]]:
    """Return the rows of resources that could not be decoded: what they say is not known."""
    rows = tuple([Answer(UNREADABLE, Source.RECORD, name, "yes", day, day) for name in sorted(names)])
    return {UNREADABLE: rows} if rows else {}


UNREADABLE: Final = "unreadable_resource"


def decoded(texts: Texts, read: Read) -> list[Found]:
    """Decode, together where that works; give each with its number and its fullUrl, those of Bundles last."""
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


def _also_named(record: bundle.Record, every: list[Found]) -> None:
    """Let each ``urn:`` mean the version that counts: every Bundle of a person gives them names of its own."""
    named = [(url, one) for _, url, one in every if url.startswith("urn:")]
    kept = {(kind, one.id): one for kind in {type(one) for _, one in named} for one in record.all(kind)}
    for url, one in named:
        if (found := kept.get((type(one), one.id))) is not None:
            record.references.also(url, found)


def _is_patient(one: Found) -> bool:
    return type(one[2]) is Patient


def _name(one: Any) -> str:  # noqa: ANN401  # any decoded resource
    return f"{type(one).__name__}/{one.id[:64]}"


def _id(url: str, one: Resource) -> str:
    """Return the id of a resource, else the end of its fullUrl."""
    return one.id or url.rpartition(":")[2].rpartition("/")[2]


def _named(data: bytes | msgspec.Raw) -> str:
    """Return the name of a resource whose elements could not all be decoded."""
    head = heads.decoded(heads.HEAD, data)
    return f"{head.resourceType}/{head.id[:64]}" if isinstance(head, heads.Head) else ""


def _whose(texts: Texts) -> str:
    """Return the id of a patient who is only referred to."""
    entries = set(texts.entries)
    for number, data in enumerate(texts.data):
        head = heads.decoded(heads.HEAD, _ENTRY.decode(data).resource if number in entries else data)
        if isinstance(head, heads.Head):
            return head.whose.partition("/_history/")[0].rstrip("/").rpartition("/")[2][:64]
    return ""
