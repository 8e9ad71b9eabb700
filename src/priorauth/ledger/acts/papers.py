"""Acts on what documents say: software files what it read, people confirm or reject it, or mark words themselves.

Software proposes and settles nothing. What a person confirms counts as hers: a practice's word is an answer of the
practice, a word of the plan's people is evidence that somebody has seen. Each of them makes a run.
"""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from priorauth.documents import outside, valued
from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Findings, Proposal
from priorauth.documents.rows import settles
from priorauth.documents.valued import Speaking, Unread
from priorauth.facts.rows import Source
from priorauth.ledger import clocking, compose, documented, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import ruled
from priorauth.ledger.allowed import STAYS, confirms
from priorauth.ledger.documented import CONFIRMED, OWN, REJECTED, SEEN, TIED, Place
from priorauth.ledger.events import Json
from priorauth.ledger.work import CLINIC, CaseAct, Refusal, Work, handles
from priorauth.record.quantities import scales
from priorauth.values import units
from priorauth.values.dates import ANY_DAY

MOST_FACTS: Final = 2_000
"""How many facts one reading may propose."""
MOST_QUOTE: Final = 2_000
"""How long the words may be that a person marks."""


class ReadDocument(CaseAct, frozen=True, kw_only=True):
    """File what was read in a document: what it proposes (``findings``), or in one line why it cannot be read.

    ``reader`` is the version of what read it: each reads a document once, until one finds something in it. ``pages`` is
    the text that was read, with its places, as JSON (:class:`priorauth.documents.pages.Reading`); it is kept by
    content, once for all cases.
    """

    name: ClassVar[str] = "read-document"
    document: int
    reader: str
    findings: Findings | None = None
    refused: str | None = None
    pages: bytes | None = None


class ProposeFacts(CaseAct, frozen=True, kw_only=True):
    """Propose what a document says, as a program from outside or a person has read it; it settles nothing.

    ``proposals`` is JSON as ``priorauth documents read`` prints it: facts, each with value, quote and page. They are
    held against the text that our own reader found; what does not follow from it is refused, one by one. They take the
    place of what the same program (``reader``) proposed before.
    """

    name: ClassVar[str] = "propose-facts"
    document: int
    reader: str
    proposals: bytes


class ConfirmProposal(CaseAct, frozen=True, kw_only=True):
    """Say that a document says what was read in it: ``proposal`` is its place in the facts of a reading, from 0."""

    name: ClassVar[str] = "confirm-proposal"
    document: int
    proposal: int
    reading: int = 1


class RejectProposal(CaseAct, frozen=True, kw_only=True):
    """Say that a document does not say what was read in it; it is kept, and no run reads it."""

    name: ClassVar[str] = "reject-proposal"
    document: int
    proposal: int
    reading: int = 1


class TieWords(CaseAct, frozen=True, kw_only=True):
    """Mark words in a document, and say which fact they state: ``said``, with its quote, page, value and date."""

    name: ClassVar[str] = "tie-words"
    document: int
    said: Proposal


class SeePaper(CaseAct, frozen=True, kw_only=True):
    """Say that a document is the paper that a policy asks for (an order, a letter, a certificate), of a day.

    ``value`` where the fact has other values than a day or a yes.
    """

    name: ClassVar[str] = "see-paper"
    document: int
    fact: str
    date: str | None = None
    value: str | None = None


@handles(ReadDocument)
def _read(act: ReadDocument, work: Work) -> None:
    row = _document(work, act.document)
    if runs.is_data(row["kind"], row["media"]):
        raise Refusal("invalid", f"document {act.document} is data, and not read as a document")
    if (act.findings is None) == (act.refused is None):
        raise Refusal("invalid", "expected findings, or why it cannot be read")
    before = [one for one in work.rows(t.reading, document=act.document) if one["by"] == OWN]
    if any(one["facts"] or one["reader"] == act.reader for one in before):
        raise Refusal("invalid", f"document {act.document} is read")
    text = _pages(work, row["sha256"], act.pages)
    _reading(work, row, OWN, act.reader, findings=act.findings, refused=act.refused, pages=text)
    said: Json = {"refused": str(act.refused)[:300]}
    if act.findings is not None:
        said = {"facts": len(act.findings.facts)}
    work.event("document read", document=act.document, **said)
    _again(work, f"document {act.document} read", act.findings)


@handles(ProposeFacts)
def _propose(act: ProposeFacts, work: Work) -> None:
    row = _document(work, act.document)
    by = act.reader.strip()[:60]
    if not by or by == OWN:
        raise Refusal("invalid", "expected the name of what read it")
    ours = _ours(work, act.document)
    text = None if ours is None else _text(work, ours)
    if ours is None or text is None:
        raise Refusal("invalid", f"document {act.document}: no text was read in it yet that could be held against this")
    own = documented.findings_of(ours)
    if own is not None and own.set_aside is not None:
        raise Refusal("invalid", f"document {act.document}: {own.set_aside}")
    given = {"by": by, **compose.read(act.proposals, outside.FILE)}
    found = outside.checked(given, text, runs.vocabulary(work), units.load())
    _reading(work, row, by, by, findings=found.findings, pages=ours["pages"])
    work.more["refused"] = [str(one) for one in found.refused]
    facts, refused = len(found.findings.facts), len(found.refused)
    work.event("facts proposed", act.why, document=act.document, by=by, facts=facts, refused=refused)
    _again(work, f"facts of document {act.document} proposed", found.findings)


def _ours(work: Work, document: int) -> Json | None:
    """Return the newest reading of our own reader; None where it has not read the document."""
    return documented.ours(work.rows(t.reading, document=document))


def _text(work: Work, row: Json) -> Reading | None:
    """Return the text that a reading rests on; None where it could not be read."""
    if row["pages"] is None:
        return None
    return documented.text_of(work.rows(t.pages, sha256=row["sha256"], reader=row["pages"])[0]["pages"])


def _pages(work: Work, sha256: str, pages: bytes | None) -> str | None:
    """Keep the text of a document once; return the reader under whose name it stands."""
    if pages is None:
        return None
    try:
        text = msgspec.json.decode(pages, type=Reading)
    except (msgspec.MsgspecError, RecursionError):
        raise Refusal("invalid", "pages: expected a reading of a document as JSON") from None
    reader = text.reader[:200]
    if text.sha256 != sha256 or not reader:
        raise Refusal("invalid", "pages: expected a reading of this document")
    if not work.rows(t.pages, sha256=sha256, reader=reader):
        work.write(t.pages, sha256=sha256, reader=reader, at=work.now, pages=msgspec.json.encode(text))
    return reader


def _reading(  # noqa: PLR0913 - a reading has these columns
    work: Work,
    document: Json,
    by: str,
    reader: str,
    *,
    findings: Findings | None,
    refused: str | None = None,
    pages: str | None,
) -> None:
    if findings is not None and len(findings.facts) + len(findings.left) > MOST_FACTS:
        raise Refusal("invalid", f"expected at most {MOST_FACTS:,} facts of a document")
    number = work.next_number(t.reading, document=document["number"])
    work.write(
        t.reading,
        case_no=work.case_no,
        document=document["number"],
        number=number,
        at=work.now,
        by=by,
        reader=reader[:200],
        sha256=document["sha256"],
        pages=pages,
        findings=None if findings is None else documented.plain(findings),
        facts=0 if findings is None else len(findings.facts),
        refused=None if refused is None else refused[:500],
    )
    work.more |= {"document": document["number"], "reading": number}


def _again(work: Work, cause: str, findings: Findings | None) -> None:
    """Run the case with a reading that says something; one that does not changes nothing of it."""
    if findings is None or not documented.tells(findings):
        work.state = STAYS
        return
    ruled.settled(work, runs.make(work, cause))


@handles(ConfirmProposal)
def _confirm(act: ConfirmProposal, work: Work) -> None:
    said = _proposed(work, Place(act.document, act.reading, act.proposal))
    _may(work, said)
    _own(work, act.document)
    _word(work, act, CONFIRMED, reading=act.reading, proposal=act.proposal)
    work.event("proposal confirmed", act.why, document=act.document, page=said.page, fact=said.fact)
    _counted(work, f"{said.fact} of document {act.document} confirmed")


@handles(RejectProposal)
def _reject(act: RejectProposal, work: Work) -> None:
    said = _proposed(work, Place(act.document, act.reading, act.proposal))
    _own(work, act.document)
    before = documented.newest(work.rows(t.proposal_word)).get(Place(act.document, act.reading, act.proposal))
    if before is not None and before["word"] == CONFIRMED and not _same_side(work, before):
        raise Refusal("invalid", f"{said.fact} is confirmed by the other side: what she says of it stands")
    _word(work, act, REJECTED, reading=act.reading, proposal=act.proposal)
    work.event("proposal rejected", act.why, document=act.document, page=said.page, fact=said.fact)
    _counted(work, f"{said.fact} of document {act.document} rejected")


@handles(TieWords)
def _tie(act: TieWords, work: Work) -> None:
    _document(work, act.document)
    said = act.said
    _known(work, said)
    if not said.quote.strip() or not said.value.strip():
        raise Refusal("invalid", "expected the words that are marked, and the value that they state")
    _may(work, said)
    _own(work, act.document)
    _stands(work, act.document, said)
    _word(work, act, TIED, tied=said)
    work.event("words tied", act.why, document=act.document, page=said.page, fact=said.fact)
    _counted(work, f"words of document {act.document} tied to {said.fact}")


@handles(SeePaper)
def _see(act: SeePaper, work: Work) -> None:
    _document(work, act.document)
    fact = runs.vocabulary(work).facts.get(act.fact)
    if fact is None or not fact.document:
        raise Refusal("invalid", f"no paper that a policy asks for is named {act.fact[:60]}")
    value = act.value or ("yes" if fact.values != ("date",) else act.date)
    if value is None:
        raise Refusal("invalid", f"{act.fact}: expected the day that the paper bears")
    said = Proposal(fact=act.fact, value=value, quote="", page=1, date=act.date)
    _known(work, said)
    _may(work, said)
    _word(work, act, SEEN, tied=said)
    work.event("paper seen", act.why, document=act.document, fact=act.fact)
    _counted(work, f"document {act.document} seen as {act.fact}")


def _counted(work: Work, cause: str) -> None:
    """Run the case with a word; where the clinic said it, it has answered."""
    if work.who.role in CLINIC:
        clocking.came(work)
    ruled.settled(work, runs.make(work, cause))


def _document(work: Work, number: int) -> Json:
    """Return the row of a document that may be read; refuses one that is not there, or was filed in error."""
    found = work.rows(t.document, number=number)
    if not found:
        raise Refusal("not-found", f"no document {number}")
    if work.rows(t.filed_in_error, document=number):
        raise Refusal("invalid", f"document {number} was filed in error")
    return found[0]


def _proposed(work: Work, place: Place) -> Proposal:
    """Return a proposal that stands; refuses one that is not there, or whose reading another has taken the place of."""
    _document(work, place.document)
    readings = work.rows(t.reading, document=place.document)
    row = next((one for one in readings if one["number"] == place.reading), None)
    found = None if row is None else documented.findings_of(row)
    if row is None or found is None or not 0 <= place.proposal < len(found.facts):
        said = f"document {place.document} has no proposal {place.proposal} of its reading {place.reading}"
        raise Refusal("not-found", said)
    if row not in documented.standing(readings):
        raise Refusal("invalid", f"document {place.document} was read anew: see what is proposed now")
    return found.facts[place.proposal]


def _known(work: Work, said: Proposal) -> None:
    """Refuse what no document can say: a fact that there is none of, a judgment, a place that is none."""
    fact = runs.vocabulary(work).facts.get(said.fact)
    if fact is None:
        raise Refusal("invalid", f"no fact is named {said.fact[:60]}")
    if fact.kind == "judgment":
        raise Refusal("invalid", f"{said.fact} is judged by a clinician, not read from a document")
    if said.page < 1 or said.start < 0 or max(len(said.quote), len(said.value)) > MOST_QUOTE:
        raise Refusal("invalid", f"{said.fact}: expected a page from 1 on, and at most {MOST_QUOTE:,} letters")


def _stands(work: Work, document: int, said: Proposal) -> None:
    """Refuse words that do not stand on their page; of a document whose text was not read nobody can tell."""
    ours = _ours(work, document)
    text = None if ours is None else _text(work, ours)
    if text is None:
        return
    page = next((one for one in text.pages if one.number == said.page), None)
    if page is None or " ".join(said.quote.split()) not in " ".join(page.text.split()):
        raise Refusal("invalid", f"the words that are marked do not stand on page {said.page}")


def _may(work: Work, said: Proposal) -> None:
    """Refuse a word that would settle nothing: on a fact that is not for this side, or of a value that is none."""
    catalog = runs.catalog(work.settings)
    fact = catalog.vocabulary.facts.get(said.fact)
    if fact is None or fact.kind == "judgment":
        raise Refusal("invalid", f"{said.fact[:60]} is judged by a clinician, not confirmed")
    if not settles(fact):
        raise Refusal("invalid", f"{fact.name} is what the request says, and no document settles it")
    side, whose = documented.side(work.who.role), confirms(work.settings, fact.name)
    if whose not in ("both", side):
        raise Refusal("no-right", f"{fact.name} is for the {whose} to confirm")
    try:
        valued.rows(said, Speaking(scales(catalog.vocabulary, catalog.units), Source.DOCUMENT, "", ANY_DAY))
    except Unread as fault:
        raise Refusal("invalid", f"{fact.name}: {fault}; mark the words, with the value that they state") from None


def _own(work: Work, document: int) -> None:
    """Refuse a clinic's word on a document that came from somebody else than its own practice."""
    if work.who.role not in CLINIC:
        return
    by = _document(work, document)["filed_by"]
    if by is None:
        return
    people = work.rows(t.person, person=by)
    if people and people[0]["organisation"] == work.who.organisation:
        return
    filed = [one for one in work.rows(t.event) if one["what"] == "filed" and one["behalf"] == work.who.organisation]
    if not any(one["data"]["say"].get("document") == document for one in filed):
        raise Refusal("no-right", "a clinic says this of what came from its own practice")


def _same_side(work: Work, row: Json) -> bool:
    return documented.side(row["role"]) == documented.side(work.who.role)


def _word(  # noqa: PLR0913 - a word has these columns
    work: Work,
    act: ConfirmProposal | RejectProposal | TieWords | SeePaper,
    word: str,
    *,
    reading: int | None = None,
    proposal: int | None = None,
    tied: Proposal | None = None,
) -> None:
    if work.who.person is None:
        raise Refusal("no-right", "expected a named person")
    work.write(
        t.proposal_word,
        case_no=work.case_no,
        number=work.next_number(t.proposal_word),
        at=work.now,
        document=act.document,
        reading=reading,
        proposal=proposal,
        word=word,
        tied=None if tied is None else documented.plain(tied),
        why=act.why,
        person=work.who.person,
        role=work.who.role,
        run=work.case["runs"],
    )
