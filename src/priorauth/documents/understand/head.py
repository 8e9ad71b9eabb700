"""What a document is, by its letterhead, its titles and its end: kind, role of the author, day, and who signed when."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from priorauth.documents.pages import Page
from priorauth.documents.understand import days
from priorauth.documents.understand.days import Day
from priorauth.documents.understand.rules import Rules
from priorauth.documents.understand.sentences import digits

_TOP: Final = 14
"""So many lines are the head of a page."""


_PROSE: Final = 6
"""So many plain words make a line running text."""
_FIRST: Final = 8
"""So many lines hold the day of a document that is signed."""
_SUPPLIER: Final = re.compile(
    r"\b(?:medical supply|auto-generated|response needed|information from customer|customer states|our records|prepared (?:on |\d)|prepared by|intake)\b",
    re.IGNORECASE,
)
"""A draft of an order that its supplier made for somebody to sign."""
_ORDER: Final = 5
"""So many lines of an order hold its own day."""


class Mark(NamedTuple):
    """A day of the head or the end, and the stretch of its page that says so."""

    day: Day
    page: int
    start: int
    end: int
    name: str | None = None
    credential: str | None = None


class Head(NamedTuple):
    """What is known of a document as a whole."""

    kind: str | None
    role: str | None
    dated: Mark | None
    signed: Mark | None
    day_first: bool
    admitted: int | None = None
    discharged: int | None = None
    collected: int | None = None
    """The day of the sample that a laboratory reports on."""

    @property
    def own(self) -> int | None:
        """The day of the document, the last of several; None where nothing says it."""
        return None if self.dated is None else self.dated.day.last


_BY_KIND: Final = {
    "payer-form": (
        r"today's date|date of (?:request|this request)|request date|date completed|date filled(?: in| out)?",
    ),
    "lab-report": (
        r"(?:date )?(?:amended|corrected)(?: date| on)?",
        r"(?:date )?(?:report|rept|rptd)(?:ed)?\.?(?: date| on)?|final(?:ized)?|issued",
        r"printed(?: on)?",
    ),
    "device-report": (r"(?:report )?(?:generated|created|printed|exported|date)|report date|printed(?: on)?",),
    "discharge-summary": (r"(?:date of )?disch(?:arge)?d?\.?(?: date| on)?|d/c(?: date)?|dc date|date out",),
    "prescription": (
        r"order date|date of order|date ordered|ordered(?: on)?|date written|rx date|date of prescription",
    ),
    "supplier-statement": (
        r"closed|date closed|date (?:of )?(?:evaluation|service|inspection|report|statement)|completed|prepared(?: on)?",
    ),
    "education-certificate": (r"(?:date )?(?:issued|awarded|printed)(?: on)?|date of (?:issue|completion)",),
}
_ANYWHERE: Final = ("prescription", "education-certificate")
"""Kinds whose day may stand anywhere on the page."""
_LABELS: Final = (
    r"office visit|clinic visit|video visit|date of service|service date|dos|d\.o\.s\.|date of visit|visit date|encounter date|appt\.? date(?:/time)?|seen(?: on)?|date seen"
    r"|visit|date/time of visit|date of encounter|encounter|started|appointment|exam date|date of exam(?:ination)?|service",
    r"date of (?:letter|report|order)|order date|letter date|dated|date(?=:|  )|arrival|arrived|admitted|date of admission|ordered(?: on)?|written(?: on)?|as of",
)
_NO_DAY: Final = re.compile(
    r"\b(?:d\.?o\.?b\.?|birth|born|due|next|expires|valid|edd|lmp|faxed|fax|printed|re-?printed)\b[^\n]{0,14}$"
    r"|\bbirth(?: ?date)?\b:?[^\S\n]*$|(?:^|\n)\W*(?:patient|pt|name|member|participant)\b[^\n\d]{3,50}\($",
    re.IGNORECASE,
)
_CREDENTIALS: Final = (
    r"(?:(?:M\.?D\.?|D\.?O\.?|N\.?P\.?|APRN|A\.P\.R\.N\.|ARNP|CRNP|DNP|[AFPWG]NP|AGNP|ACNP|CPNP|CNP|CNS|R?PA|P\.A\.|RN|R\.N\.|BSN"
    r"|LPN|LVN|MSN|CRNI|CCRN|OCN|CDCES|CDE|BC-ADM|RDN?|LDN?|PharmD|MBBS|MBChB|FACE|FACP|FAAP|FAAN|PhD|RPh|DPM|MPH|MS|BCACP|EMT|RRT)"
    r"(?:-(?:C|BC|CNP|CNS|NP|BCACP))?)(?![\w-])"
)
_WORD: Final = r"[A-Z][\w'’.-]*"
_NAME: Final = rf"(?:Dr\.? )?{_WORD}(?:,? {_WORD}){{0,6}}"
_SIGNED: Final = (
    re.compile(
        rf"\b(?i:(?:electronically|digitally|e-?)\s*)?(?i:signed|authenticated|attested|e-signed)(?i:\s+(?:electronically|digitally|elec\.?))?"
        rf"(?i:\s+and\s+\w+)?[\s,)/]*(?i:by\b)?\s*[:.]?\s*(?P<name>{_NAME})(?P<rest>[^\n]{{0,80}})"
    ),
    re.compile(
        rf"(?:/e?s/|\be?s/|(?i:firma(?: electr[oó]nica)?\s*:)|(?i:firmado(?: electr[oó]nicamente)?\s*(?:por)?\s*:))\s*(?P<name>{_NAME})(?P<rest>[^\n]{{0,80}})"
    ),
    re.compile(
        rf"(?i:\bsign(?:ature|ed| here)?)\s*[:.]?\s*(?:\([^)\n]*\)\s*)?(?P<name>{_NAME})(?P<rest>[^\n]{{0,60}}(?i:\bdate\b)[^\n]{{0,30}})"
    ),
    re.compile(rf"(?i:\bsign(?:ature|ed)?)\s*[:.]?\s{{2,}}(?P<name>{_NAME})(?P<rest>\s{{2,}}[^\n]{{0,40}})"),
    re.compile(
        rf"^[ \t]*(?:[A-Z][a-z]+:\s+)?(?P<name>{_NAME})[^\n(]{{0,40}}\(?\s*(?i:(?:electronically |digitally |e-)?(?:signed|authenticated|attested)"
        rf"(?: electronically)?|electronic(?:ally)? signature|e-?sig(?:nature)?)\s*:? ?(?:on )?(?P<rest>[^\n]{{0,30}})",
        re.MULTILINE,
    ),
    re.compile(
        rf"\((?i:electronic(?:ally)?|digital(?:ly)?|e-?)\s?(?i:signature|signed)\)\s*(?P<name>{_NAME})(?P<rest>[^\n]{{0,60}})"
    ),
    re.compile(
        rf"(?P<name>{_NAME})\s*\((?i:print(?:ed)?(?: name)?)\)[^\n]{{1,50}}\((?i:sign(?:ature|ed)?)\)(?P<rest>[^\n]{{0,40}})"
    ),
    re.compile(
        rf"^[ \t]*(?P<name>{_NAME})(?:\s*\([^)\n]*\))?\s*\n\s*(?i:(?:electronically )?signed) (?P<rest>[^\n]{{0,40}})",
        re.MULTILINE,
    ),
    re.compile(
        rf"^[ \t]*(?P<name>{_WORD}(?: {_WORD}){{1,4}},? {_CREDENTIALS}(?:\s*,\s*{_CREDENTIALS})*)\s*,?(?P<rest>\s+\d[^\n]{{0,60}})$",
        re.MULTILINE,
    ),
)
_UNSIGNED: Final = re.compile(
    r"\b(?:unsigned|not yet signed|not signed|awaiting (?:provider )?signature|pending (?:provider |physician )?(?:review|signature)"
    r"|draft - not|signature on file|signature pending|signature stamp|stamped)\b|_{5,}",
    re.IGNORECASE,
)
_NOT_SIGNED: Final = re.compile(
    r"\b(?:not|un|to be|must be|should be|awaiting|sent to be|until|when|if)\W*(?:yet )?$", re.IGNORECASE
)
_ELECTRONIC: Final = re.compile(r"e-?signed|electronically|digitally", re.IGNORECASE)
_NOBODY: Final = re.compile(
    r"^(?:by|on|date|and|the|this|in|at|electronically|from|for|if|or|below|above|yes|no)\b", re.IGNORECASE
)


def head(pages: Sequence[Page], rules: Rules, sent: int | None = None) -> Head:
    """Return what the pages of one patient say of the document as a whole. ``sent``: by when it was sent, where that shows."""
    texts = [(page.number, digits(page.text)) for page in pages]
    everything = "\n".join(text for _, text in texts)
    day_first = days.is_day_first(everything)
    kind, role = _kind(texts, rules)
    rough = _dated(kind, texts, None, day_first=day_first)
    own = None if rough is None else rough.day.last
    signed = next(_signatures(texts, own, day_first=day_first), None)
    dated = _dated(kind, texts, own, day_first=day_first, signed=signed is not None) or signed
    if role in ("prescriber", None) and signed is not None and (named := _role(signed.credential, rules)) is not None:
        role = named if kind not in ("letter-of-medical-necessity", "prescription") or named == "prescriber" else role
    if kind == "fax-packet" and len(texts) > 1:
        dated = _dated(kind, texts[1:], own, day_first=day_first, signed=True) or dated
    issued = _dated(kind, texts, own, day_first=day_first, only=True) if kind == "education-certificate" else None
    if kind in ("payer-form", "education-certificate") and signed is not None and issued is None:
        dated = signed
    ordered = _dated(kind, texts, own, day_first=day_first, only=True) if kind == "prescription" else None
    if (
        kind == "prescription"
        and signed is not None
        and ordered is None
        and (_dated("payer-form", texts, own, day_first=day_first) is None)
    ):
        top = [(number, "\n".join(text.split("\n")[:_ORDER])) for number, text in texts[:1]]
        dated = _dated(kind, top, own, day_first=day_first) or signed
    if kind == "prescription" and signed is None and _SUPPLIER.search(everything):
        role = "supplier"
    if sent is not None and dated is not None and dated.day.first > sent:
        dated = signed if signed is not None and signed.day.first <= sent else None
    if sent is not None and signed is not None and signed.day.first > sent:
        signed = None
    own = None if dated is None else dated.day.last
    admitted = _labelled(
        r"admitted|admission(?: date)?|date of admission|arrival|arrived|admit(?: date)?|adm(?:\. date)?|date in",
        everything,
        own,
        day_first=day_first,
    )
    discharged = _labelled(
        r"disch(?:arge)?d?\.?(?: date)?|date of discharge|d/c|date out", everything, own, day_first=day_first
    )
    if admitted is None and role == "hospital":
        admitted = own
    collected = None
    if kind == "lab-report":
        collected = _labelled(
            r"collected|collection date|drawn|date drawn|sample", everything, own, day_first=day_first
        )
    return Head(kind, role, dated, _full(signed, everything), day_first, admitted, discharged, collected)


def _full(signed: Mark | None, text: str) -> Mark | None:
    """Return a signature whose initial is made a first name, where the document has that name in full."""
    if signed is None or signed.name is None:
        return signed
    initial = re.fullmatch(r"([A-Z])\.? ([\w'’-]+)", signed.name)
    if initial is None:
        return signed
    known = re.search(rf"\b({initial[1]}[a-z]+)(?: [A-Z]\.)? {re.escape(initial[2])}\b(?:,? ({_CREDENTIALS}))?", text)
    if known is None:
        return signed
    return signed._replace(name=f"{known[1]} {initial[2]}", credential=signed.credential or known[2])


def _labelled(labels: str, text: str, own: int | None, *, day_first: bool) -> int | None:
    """Return the day that stands right behind a label."""
    for hit in re.finditer(rf"\b(?:{labels})\b\s*(?:on)?\s*:?\s*", text, re.IGNORECASE):
        day = next(iter(days.found(text[hit.end() : hit.end() + 24].split("\n")[0], own, day_first=day_first)), None)
        if day is not None and day.start <= 1 and day.first == day.last:
            return day.first
    return None


def _kind(texts: Sequence[tuple[int, str]], rules: Rules) -> tuple[str | None, str | None]:
    """Return the kind of document that most of its words speak for, the head before the rest."""
    marks: dict[str, float] = defaultdict(float)
    roles: dict[str, str] = {}
    for at, (_, text) in enumerate(texts):
        top = "\n".join(text.split("\n")[:_TOP])
        for kind, role, shown, weight in rules.kinds:
            roles[kind] = role
            in_head = {hit.group().lower() for hit in shown.finditer(top)}
            marks[kind] += weight * len(in_head) * (2.0 if not at else 0.5)
            if weight < 2:  # noqa: PLR2004 - a weak one counts anywhere
                marks[kind] += 0.5 * len({hit.group().lower() for hit in shown.finditer(text)} - in_head)
    best = max(marks, key=lambda kind: marks[kind], default=None)
    if best is None or marks[best] < 1:
        return None, None
    return best, roles[best]


def _role(credential: str | None, rules: Rules) -> str | None:
    """Return the role that a credential stands for; of several, that of a prescriber before that of a nurse."""
    found = [
        rules.credentials[folded]
        for part in re.split(r"[\s,]+", credential or "")
        if (folded := re.sub(r"[^a-z]", "", part.lower())) in rules.credentials
    ]
    order = ("prescriber", "educator", "nurse")
    return min(found, key=lambda role: order.index(role) if role in order else len(order), default=None)


def _dated(
    kind: str | None,
    texts: Sequence[tuple[int, str]],
    own: int | None,
    *,
    day_first: bool,
    only: bool = False,
    signed: bool = False,
) -> Mark | None:
    """Return the day of a document: labelled, else the first of its head that is none of birth.
    ``only``: by the labels of its kind alone; ``signed``: a day without a label counts in its first lines only.
    """
    plain = () if only else _LABELS[: 1 if kind == "payer-form" else None]
    for labels in (*_BY_KIND.get(kind or "", ()), *plain):
        label = re.compile(
            rf"(?:^\s*|(?<=\s\s)|(?<=[(,;–-] )|(?<=[(/]))(?:{labels})\s*(?:\([^)\n]*\))?(?:\s*[:.]\s*|\s+)(?=\S)",
            re.IGNORECASE | re.MULTILINE,
        )
        for number, text in texts:
            top = text if kind in _ANYWHERE else _stretch(text)
            for hit in label.finditer(top):
                rest = top[hit.end() : hit.end() + 34].split("\n")[0]
                first = next(iter(days.found(rest, own, day_first=day_first)), None)
                if (
                    first is not None
                    and first.start <= 1
                    and first.first == first.last
                    and not _NO_DAY.search(top[: hit.start()])
                ):
                    return Mark(first, number, hit.start(), hit.end() + first.end)
    for number, text in texts[: 0 if only or kind == "payer-form" else 2]:
        top = "\n".join(text.split("\n")[: _FIRST if signed else _TOP])
        found = [
            day
            for day in days.found(top, own, day_first=day_first)
            if day.how in ("iso", "slash", "dmy", "mdy", "dashes", "dots", "two")
            and not _NO_DAY.search(top[: day.start])
            and not _told(top, day)
        ]
        newest = max((day.last for day in found), default=0)
        for day in found:
            if day.first > newest - 300:
                line = top.find("\n", day.end)
                later = [one for one in found if day.end < one.start < (line if line >= 0 else len(top))]
                best = later[-1] if later and later[-1].first >= day.last else day
                end = best._replace(first=best.last, said=best.said.split("/")[-1])
                return Mark(end, number, day.start, day.end)
    return None


def _told(text: str, day: Day) -> bool:
    """Whether a day stands in running text: there it is that of what is told."""
    begins, ends = text.rfind("\n", 0, day.start) + 1, text.find("\n", day.end)
    line = text[begins : ends if ends >= 0 else len(text)]
    return len(re.findall(r"(?<![A-Za-z])[a-z]{3,}", line)) >= _PROSE


def _stretch(text: str) -> str:
    """Return the head of a page, with a few lines more than that in which words speak for a kind."""
    return "\n".join(text.split("\n")[: _TOP + 4])


def _signatures(texts: Sequence[tuple[int, str]], own: int | None, *, day_first: bool) -> Iterator[Mark]:
    """Yield the signatures of a document that are dated, those said to be electronic first."""
    for shape in _SIGNED:
        for number, text in texts:
            for hit in shape.finditer(text):
                line = text[text.rfind("\n", 0, hit.start()) + 1 : hit.end()]
                said = line[hit.start() - text.rfind("\n", 0, hit.start()) - 1 :]
                if _UNSIGNED.search(said if _ELECTRONIC.match(said) else line) or _NOT_SIGNED.search(
                    text[: hit.start()].rsplit("\n", 1)[-1]
                ):
                    continue
                name, letters = person(hit["name"])
                if name is None or _NOBODY.match(name) or (letters is None and " " not in name):
                    continue
                day = next(
                    (one for one in days.found(hit["rest"], own, day_first=day_first) if one.first == one.last), None
                )
                if day is None or (own is not None and not own - 400 <= day.first <= own + 120):
                    continue
                yield Mark(day, number, hit.start(), hit.end(), name, letters)


def person(words: str) -> tuple[str | None, str | None]:
    """Return a name first name first and in plain case, and the letters behind it."""
    parts = [part for part in re.split(r"(,)|\s+", words) if part and part.strip()]
    letters = [part.strip(".") for part in parts if re.fullmatch(_CREDENTIALS, part)]
    rest = [part for part in parts if not re.fullmatch(_CREDENTIALS, part)]
    while rest and rest[-1] == ",":
        rest.pop()
    named = [part for part in rest if part != ","]
    if "," in rest and rest.index(",") in (1, 2) and len(named) <= 3:  # noqa: PLR2004 - last name first
        at = rest.index(",")
        named = [part for part in (*rest[at + 1 :], *rest[:at]) if part != ","]
    if not named:
        return None, None
    return " ".join(_cased(part) for part in named), ", ".join(letters) or None


def _cased(word: str) -> str:
    return "-".join(part.capitalize() if part.isupper() and len(part) > 2 else part for part in word.split("-"))  # noqa: PLR2004


def is_visit(about: Head, pages: Mapping[int, Page]) -> bool:
    """Whether the day of a document is that of a visit: of a packet only where its words say so, its cover has a day."""
    if about.dated is None or about.kind != "fax-packet":
        return about.dated is not None
    words = pages[about.dated.page].text[about.dated.start : about.dated.end]
    return re.match(rf"(?:{_LABELS[0]})\b", words, re.IGNORECASE) is not None


def signer(mark: Mark) -> str | None:
    """Return the name of who signed, with the letters behind it."""
    if mark.name is None or mark.credential is None:
        return mark.name
    return f"{mark.name}, {mark.credential}"
