"""What other programs propose of a document: a plan's language model, a vendor's reader, a person with a text editor.

Their proposals come as JSON and are held against the document by the same rules as our own reader's: the words must
stand on the page, the fact, its value and its day must follow from them. What does not is refused, each by its index
with the reason; the rest stands. What the document is, whose and of which day, our own reader says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct, field

from priorauth.documents import understood
from priorauth.documents.follows import Claim, Document, quoted
from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Certainty, Findings, Patient, Polarity, Proposal
from priorauth.documents.understand import rules
from priorauth.errors import Fault, InputRefused
from priorauth.facts.vocabulary import Vocabulary
from priorauth.values import dates, strict_json
from priorauth.values.units import Units

MOST_BYTES: Final = 4_000_000
MOST: Final = 2_000
"""So many proposals come at once at most."""
MOST_QUOTE: Final = 1_000
MOST_PLACES: Final = 50
"""A quote that stands more often on its page is too short to say anything."""
OUTSIDE: Final = "outside: "
"""Before the name of a program, as the rule of a proposal."""
FILE: Final = "the proposals"
_NAME: Final = re.compile(r"[\w][\w .,:;/()+#-]{0,99}")

_Short = Annotated[str, Meta(min_length=1, max_length=100)]
_Date = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$",
        description="A day, a month or a year as ISO; first and last with / between them",
    ),
]


class Given(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proposal as another program writes it: what ``priorauth documents read`` prints of a fact."""

    fact: Annotated[str, Meta(min_length=1, max_length=100, description="A name of the vocabulary, no judgment")]
    value: Annotated[
        str, Meta(min_length=1, max_length=100, description="As the document has it, unit and comparator with it")
    ]
    quote: Annotated[
        str,
        Meta(min_length=1, max_length=MOST_QUOTE, description="Words of the page; runs of white space count as one"),
    ]
    page: Annotated[int, Meta(ge=1, le=100_000, description="Counted from 1")]
    date: _Date | None = None
    since: _Date | None = field(name="from", default=None)
    until: _Date | None = None
    polarity: Polarity = "stated"
    certainty: Certainty = "sure"
    by: Annotated[str, Meta(max_length=120, description="The program, where it is another than that of the file")] = ""
    stated_by: Annotated[str, Meta(max_length=100, description="Not used: our reader says it")] | None = None
    box: list[float] | None = None
    """Not used: the place is that of the words."""


class File(Struct, frozen=True, kw_only=True):
    """A file of proposals; what else ``priorauth documents read`` prints may stand in it, and is not used."""

    facts: Annotated[list[Given], Meta(max_length=MOST)]
    by: Annotated[str, Meta(max_length=120, description="The name of the program, and its version")] = ""
    sha256: (
        Annotated[str, Meta(description="Of the document that they are of; those of another are refused whole")] | None
    ) = None


class Refusal(Struct, frozen=True, kw_only=True):
    """A proposal that does not stand: its index among those that came, from 0, and why, in one line."""

    index: int
    reason: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"facts[{self.index}] refused: {self.reason}"


class Checked(Struct, frozen=True, kw_only=True):
    """What stands of proposals, and what was refused of them."""

    findings: Findings
    refused: tuple[Refusal, ...] = ()


class _Top(Struct, frozen=True, kw_only=True):
    """A file whose proposals are looked at one by one."""

    facts: list[Any]
    by: Any = ""
    sha256: str | None = None


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of proposals."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(File)}


def checked(  # noqa: PLR0913 - what is proposed, of what, by which tables, for whom, by whom
    data: bytes | Mapping[str, Any],
    reading: Reading,
    vocabulary: Vocabulary,
    units: Units,
    member: Patient | None = None,
    *,
    name: str = "",
) -> Checked:
    """Return what stands of the proposals that another program makes of a reading.

    ``member``: whose documents are looked for; of somebody else's nothing stands. ``name``: of the program, where it is
    known from elsewhere: what the proposals call themselves then goes for nothing. Raises InputRefused where the whole
    is no file of proposals.
    """
    top = _top(data)
    if len(top.facts) > MOST:
        raise InputRefused(Fault(FILE, "facts", f"expected at most {MOST:,} proposals, found {len(top.facts):,}"))
    if top.sha256 is not None and reading.sha256 and top.sha256 != reading.sha256:
        raise InputRefused(Fault(FILE, "sha256", "the proposals are of another document"))
    document = Document(reading, rules.load(), units)
    said = understood.described(document.own, document.about)
    aside = understood.of_another(document.own, member)
    stands: dict[tuple[Any, ...], Proposal] = {}
    refused: list[Refusal] = []
    for index, one in enumerate(top.facts):
        found = aside or _one(one, document, vocabulary, (name, top.by))
        if isinstance(found, str):
            refused.append(Refusal(index=index, reason=found))
        else:
            stands.setdefault((found.fact, found.value, found.date, found.polarity, found.page, found.start), found)
    if aside is not None:
        said = Findings(patient=document.own.patient, set_aside=aside, notes=(aside,))
    facts = tuple(sorted(stands.values(), key=lambda one: (one.page, one.start, one.fact, one.value)))
    return Checked(findings=msgspec.structs.replace(said, facts=facts), refused=tuple(refused))


def _top(data: bytes | Mapping[str, Any]) -> _Top:
    try:
        if isinstance(data, bytes):
            if len(data) > MOST_BYTES:
                raise InputRefused(Fault(FILE, None, f"expected at most {MOST_BYTES:,} bytes, found {len(data):,}"))
            strict_json.check(data)
            return msgspec.json.decode(data, type=_Top)
        return msgspec.convert(data, _Top)
    except strict_json.JsonFault as fault:
        raise InputRefused(Fault(FILE, None, f"{fault}")) from None
    except msgspec.ValidationError as fault:
        raise InputRefused(Fault(FILE, None, _line(fault))) from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise InputRefused(Fault(FILE, None, "expected JSON in UTF-8")) from None
    except RecursionError:
        raise InputRefused(Fault(FILE, None, "expected JSON that nests less deep")) from None


def _one(one: object, document: Document, vocabulary: Vocabulary, by: tuple[str, object]) -> Proposal | str:
    """Return a proposal that stands; else why it does not."""
    try:
        given = msgspec.convert(one, Given)
    except msgspec.ValidationError as fault:
        return _line(fault)
    except RecursionError:
        return "expected an object that nests less deep"
    program = str(by[0] or given.by or by[1]).removeprefix(OUTSIDE).strip()
    reason = next(_faults(given, document, vocabulary, program), None)
    if reason is not None:
        return reason
    places = quoted(document.pages[given.page], given.quote)
    if not places:
        return f"quote: it does not stand on page {given.page}"
    if len(places) > MOST_PLACES:
        return f"quote: it stands {len(places)} times on page {given.page}: quote more"
    claim = Claim(given.fact, given.value, given.polarity, given.date, given.since, given.until)
    reasons: list[str] = []
    for words in places:
        found = document.follows(claim, words)
        if isinstance(found, Proposal):
            hedged = "hedged" in (given.certainty, found.certainty)
            return document.placed(
                msgspec.structs.replace(
                    found,
                    quote=document.pages[given.page].text[words.start : words.end],
                    start=words.start,
                    date=given.date,
                    since=given.since,
                    until=given.until,
                    certainty="hedged" if hedged else "sure",
                    by=f"{OUTSIDE}{program}",
                )
            )
        reasons.append(found)
    return next((reason for reason in reasons if not reason.startswith("quote:")), reasons[0])


def _faults(given: Given, document: Document, vocabulary: Vocabulary, program: str) -> Iterator[str]:
    """Yield what is wrong with a proposal before its words are looked at."""
    if not _NAME.fullmatch(program):
        yield "by: expected the name of the program: letters, figures and plain marks, at most 100"
    if given.fact not in vocabulary:
        yield f"fact: no {given.fact[:60]!r} in the vocabulary"
    elif vocabulary[given.fact].kind == "judgment":
        yield f"fact: {given.fact} is a judgment of the payer, and is never read from a document"
    elif given.fact not in document.rules.facts:
        yield f"fact: nothing says how {given.fact} is written in a document"
    for key, said in (("date", given.date), ("from", given.since), ("until", given.until)):
        try:
            ends = [dates.read(part) for part in (said or "").split("/") if part]
        except ValueError:
            yield f"{key}: expected a date that exists"
            continue
        if ends and (ends[0].first > ends[-1].last or not all(end.believed for end in ends)):
            yield f"{key}: expected a date that can be, the first before the last"
    if given.page not in document.pages:
        yield f"page: expected one of 1 to {max(document.pages, default=0)}"
    elif all(page.number != given.page for page in document.own.pages):
        yield f"page: page {given.page} is of another patient"


def _line(fault: msgspec.ValidationError) -> str:
    """Return what is wrong with a shape, without what stood there."""
    said, _, place = f"{fault}".partition(" - at `$")
    where = place.rstrip("`").lstrip(".")
    said = re.sub(r"^(Invalid enum value) .*", r"\1", said)
    return " ".join(f"{where}: {said[:1].lower()}{said[1:]}".split()).removeprefix(": ")
