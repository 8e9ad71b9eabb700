"""What the documents of a case say, as a run reads it: readings that stand, and what people said of what they propose.

Software reads a document (``priorauth``), or a program from outside does; of each reader the newest reading stands. A
person says that a proposal is right or that it is not, or marks words that nobody proposed; the newest word holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from priorauth.decide.determination import Determination
from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Findings, Proposal
from priorauth.documents.rows import Confirmed, Proposed, Role, Tied, encoded
from priorauth.language.english import labels
from priorauth.ledger import tables as t
from priorauth.ledger.acting import CLINIC, Work
from priorauth.ledger.columns import written
from priorauth.ledger.events import Json
from priorauth.values.dates import spoken

OWN: Final = "priorauth"
"""Who reads where no program from outside does."""
CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"
TIED: Final = "tied"
SEEN: Final = "seen"


class Place(NamedTuple):
    """Which proposal: of which document, of which of its readings, and its place in the facts, from 0."""

    document: int
    reading: int
    proposal: int


def findings_of(row: Mapping[str, Any]) -> Findings | None:
    """Return what a reading found; None where the document could not be read."""
    return None if row["findings"] is None else msgspec.convert(row["findings"], Findings)


def text_of(pages: bytes) -> Reading:
    """Return the text of a document as it is kept."""
    return msgspec.json.decode(pages, type=Reading)


def tied_of(row: Mapping[str, Any]) -> Proposal:
    """Return what a person read in a document herself."""
    return msgspec.convert(row["tied"], Proposal)


def tells(found: Findings) -> bool:
    """Whether a run reads what was found: something is proposed, or the document is set aside."""
    return bool(found.facts or found.set_aside)


def plain(said: Findings | Proposal) -> Json:
    """Return findings or a proposal as they are kept."""
    found: Json = msgspec.to_builtins(said)
    return found


def newest(words: Iterable[Json]) -> dict[Place, Json]:
    """Return the word that holds of each proposal of which somebody has said something."""
    found: dict[Place, Json] = {}
    for row in words:
        if row["word"] in (CONFIRMED, REJECTED):
            found[Place(row["document"], row["reading"], row["proposal"])] = row
    return found


def tied(words: Iterable[Json]) -> list[Json]:
    """Return the words by which people said themselves what a document says."""
    return [row for row in words if row["tied"] is not None]


def standing(readings: Iterable[Json]) -> list[Json]:
    """Return of each document and reader the newest reading, in the order of the documents."""
    found: dict[tuple[int, str], Json] = {}
    for row in readings:
        found[row["document"], row["by"]] = row
    return sorted(found.values(), key=lambda row: (row["document"], row["number"]))


def ours(readings: Sequence[Json]) -> Json | None:
    """Return the newest reading of our own reader among those of a document; None where it has not read it."""
    return next((row for row in reversed(readings) if row["by"] == OWN), None)


def proposed_of(work: Work) -> bytes | None:
    """Return what the documents of a case propose and what people said of it, as a run keeps it; None for nothing.

    It is the JSON of a list of :class:`priorauth.documents.rows.Proposed`; a document filed in error is not in it.
    """
    readings, words = work.rows(t.reading), work.rows(t.proposal_word)
    if not readings and not words:
        return None
    wrong = {row["document"] for row in work.rows(t.filed_in_error)}
    documents = {row["number"]: row for row in work.rows(t.document) if row["number"] not in wrong}
    names = {row["person"]: row["name"] for row in work.rows(t.person)} if words else {}
    found = list(proposed(documents, readings, words, names))
    return encoded(found) if found else None


def proposed(
    documents: Mapping[int, Json], readings: Sequence[Json], words: Sequence[Json], names: Mapping[str, str]
) -> Iterable[Proposed]:
    """Yield what each reading that stands proposes, and what people said of it; ``names`` of people by their id.

    A reading that another has taken the place of is there for what a person confirmed of it.
    """
    said = newest(words)
    stand = {(row["document"], row["number"]) for row in standing(readings)}
    by_document: dict[int, list[Json]] = {}
    for row in readings:
        by_document.setdefault(row["document"], []).append(row)
    for number, document in documents.items():
        own = [row for row in tied(words) if row["document"] == number]
        for row in by_document.get(number, ()):
            found = findings_of(row)
            if found is None or not (tells(found) or own):
                continue
            of = {place.proposal: one for place, one in said.items() if place[:2] == (number, row["number"])}
            confirmed = tuple(
                Confirmed(number=place, **_speaker(one, names))
                for place, one in sorted(of.items())
                if one["word"] == CONFIRMED
            )
            if (number, row["number"]) in stand:
                rejected = {place for place, one in of.items() if one["word"] == REJECTED}
            elif confirmed:
                rejected = set(range(len(found.facts))) - {one.number for one in confirmed}
            else:
                continue
            kept = msgspec.structs.replace(found, left=(), notes=())
            yield _one(document, kept, confirmed=confirmed, rejected=tuple(sorted(rejected)), tied=_tied(own, names))
            own = []
        if own:
            yield _one(document, Findings(), tied=_tied(own, names))


def _one(document: Json, findings: Findings, **said: Any) -> Proposed:  # noqa: ANN401 - what people said
    dated = document["dated"]
    return Proposed(
        document=f"document {document['number']}",
        title=document["name"],
        sha256=document["sha256"],
        dated=None if dated is None else dated.isoformat(),
        findings=findings,
        **said,
    )


def _tied(rows: Iterable[Json], names: Mapping[str, str]) -> tuple[Tied, ...]:
    return tuple(Tied(proposal=tied_of(row), **_speaker(row, names)) for row in rows)


def _speaker(row: Json, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "by": row["person"],
        "role": side(row["role"]),
        "name": names.get(row["person"], row["person"]),
        "at": written(row["at"]),
    }


class Waiting(NamedTuple):
    """A proposal of which nobody has said anything: its place, what it is, and the document that it stands in."""

    place: Place
    proposal: Proposal
    document: Json
    findings: Findings


def waiting(work: Work, facts: Collection[str]) -> Iterator[Waiting]:
    """Yield the proposals of some facts of which nobody has said anything, in the order of the documents."""
    readings = work.rows(t.reading) if facts else []
    if not readings:
        return
    said = newest(work.rows(t.proposal_word))
    wrong = {row["document"] for row in work.rows(t.filed_in_error)}
    documents = {row["number"]: row for row in work.rows(t.document)}
    for row in standing(readings):
        found = None if row["document"] in wrong else findings_of(row)
        for number, one in enumerate(() if found is None else found.facts):
            place = Place(row["document"], row["number"], number)
            if found is not None and one.fact in facts and place not in said:
                yield Waiting(place, one, documents[row["document"]], found)


def to_confirm(work: Work, made: Iterable[Determination]) -> Json:
    """Return how many facts that are asked some document proposes, as a column of the case; nothing where it is so."""
    facts = {question.fact for one in made for question in one.questions}
    count = len({one.proposal.fact for one in waiting(work, facts)})
    return {} if count == (work.case.get("to_confirm") or 0) else {"to_confirm": count}


def says(one: Waiting) -> str:
    """Return what a document says, to ask whether it is right: ``your letter of 12 Nov 2026 says tests: 5 a day``."""
    kind = (one.findings.kind or one.document["name"]).replace("-", " ")
    day = one.findings.dated or one.proposal.date
    value = "no" if one.proposal.polarity == "denied" else one.proposal.value.replace(" /d", " a day")
    named = labels().one(one.proposal.fact)
    return spoken(f"your {kind} {f'of {day} ' if day else ''}says {named}: {value}")


def asked(work: Work, facts: Collection[str]) -> list[Json]:
    """Return the proposals of facts that are asked, as the question names them: place, fact, and what is said of it."""
    return [{**one.place._asdict(), "fact": one.proposal.fact, "says": says(one)} for one in waiting(work, facts)]


def outside(proposed: Iterable[Json]) -> list[Json]:
    """Return the proposals of a question as they may leave the house: where they stand, and nothing that they say."""
    return [{key: value for key, value in one.items() if key != "says"} for one in proposed]


def side(role: str) -> Role:
    """Return on whose side somebody speaks of a document: the practice's, or the plan's."""
    return "clinic" if role in CLINIC else "nurse"
