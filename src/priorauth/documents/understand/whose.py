"""Whose a page is: the name, the birth date and the number in its head."""

from __future__ import annotations

import re
from typing import Final

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Patient
from priorauth.documents.understand import days
from priorauth.documents.understand.sentences import digits

_HEAD_LINES: Final = 16
_WORD: Final = r"[A-ZÁÉÍÓÚÑÜÖÄÅØ][A-Za-z'’\-\u00c0-\u024f]+"
_LAST_FIRST: Final = re.compile(rf"\b({_WORD}(?: {_WORD})?), ({_WORD}(?: [A-Z]\.?| {_WORD})?)(?![\w,])")
_FIRST_LAST: Final = re.compile(rf"\b({_WORD}|[A-Z]\.)(?: ([A-Z]\.|{_WORD}))? ({_WORD})\b")
_BIRTH: Final = re.compile(
    r"\b(?:D\.?[O0]\.?B\.?|date of birth|birth ?date|born|b\.|F\. ?nac\.?|fecha de nac\w*)\s*[:#)]?\s*(?:on )?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"\b(?:MRN|FIN|ID ?#|Member ID|Chart ?#?|Acct ?#?|Record (?:no|number)|Patient ID)\s*[:#]?\s*#?\s*([A-Z]?\d[\d-]{3,})",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:\b(?:patient(?: name)?|paciente|student|participant|user|resident|pt(?: name)?|name|re|regarding|subject|member(?: name)?|customer|client|beneficiary|last, first"
    r"|this is to (?:state|certify) that)\b\s*[:.]?\s+)(?=[A-Z])",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(r"re\b|regarding|subject", re.IGNORECASE)
"""What a letter is about need not be a person."""
_BIRTH_NEAR: Final = re.compile(
    r"\b(?:dob|d\.o\.b|birth|born)\b|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\b(?:19|20)\d\d\b", re.IGNORECASE
)
_NOT_NAMES: Final = (
    "patient name date dob mrn provider clinic hospital center centre medical health associates endocrinology endocrine medicine"
    " family report final progress notes note document type service visit letter department laboratory lab program diabetes"
    " fax page from insulin pump type blood glucose doctor md do np pa rn aprn dr primary result results office member plan id sex"
    " male female age dos date seen author attending encounter telephone medication summary discharge certificate group status"
    " auth verified clinical care home consult supply order prescription form section account address phone request continuous"
    " monitoring daily time course prior authorization request continued use appeal letter necessity unit utilization management director"
    " reviewer claims equipment replacement surgery evaluation pre-operative assessment not yet signed final corrected specimen fasting hematology oncology palliative new draft hartford new st the and of to"
)
"""Words of letterheads that are no names."""
_NO_NAMES: Final = frozenset(_NOT_NAMES.split())


def patient(page: Page) -> Patient:
    """Return whom the head of a page names, as far as it does."""
    text = digits("\n".join(page.text.split("\n")[:_HEAD_LINES]))
    number = _NUMBER.search(text)
    born, at = _born(text)
    return Patient(name=_name(text, at), birth_date=born, number=None if number is None else number[1])


def differs(one: Patient, other: Patient) -> str | None:
    """Return in what two patients differ; None where nothing shows that they do."""
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        if not (one.name and other.name and _alike(one.name, other.name)) or not _near(
            one.birth_date, other.birth_date
        ):
            return "birth date"
        return None
    if one.name and other.name and not _alike(one.name, other.name):
        return None if one.birth_date and one.birth_date == other.birth_date else "name"
    return None


def _near(one: str, other: str) -> bool:
    """Whether two dates or words differ in one letter at most, as a scan may have them."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _alike(one: str, other: str) -> bool:
    """Whether two names may be of one person: the last name is the same, a first name or its initial too."""
    first, second = _parts(one), _parts(other)
    if not first or not second:
        return True
    if not _close(first[-1], second[-1]):
        return False
    return any(a[0] == b[0] if min(len(a), len(b)) == 1 else _close(a, b) for a in first[:-1] for b in second[:-1]) or (
        len(first) == 1 or len(second) == 1
    )


def _close(one: str, other: str) -> bool:
    """Whether two words are the same, a letter that a scan mistook or lost forgiven."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 5:  # noqa: PLR2004 - short names differ by a letter
        return False
    if len(one) == len(other):
        return _near(one, other)
    short, long = sorted((one, other), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[^a-z]+", name.lower().replace("-", "")) if part]


def _born(text: str) -> tuple[str | None, int | None]:
    """Return the birth date of a head, and where it stands: labelled, else a day of long ago beside the name."""
    first = days.is_day_first(text)
    for label in _BIRTH.finditer(text):
        rest = text[label.end() : label.end() + 24].split("\n")[0]
        found = [day for day in days.found(rest, None, day_first=first) if day.start <= 2]  # noqa: PLR2004 - at once
        if found and found[0].first == found[0].last:
            return found[0].said, label.start()
    lines, begun = text.split("\n"), 0
    dated = [day for day in days.found(text, None, day_first=first) if day.first == day.last]
    newest = max((day.last for day in dated), default=0)
    for line in lines[:8]:
        for day in dated:
            old = day.first < newest - 365 * 2 or re.search(r"\($", text[begun : day.start].rstrip()) is not None
            here = begun <= day.start < begun + len(line)
            if here and old and (named := _name_before(text, day.start, begun)) is not None:
                return day.said, named
        begun += len(line) + 1
    return None, None


def _name_before(text: str, at: int, begun: int) -> int | None:
    """Return where a name ends just before a day; None where none does."""
    before = re.sub(
        r"\s+(?:F|M|female|male|\d{1,3} ?(?:y/?o|yo|F|M|y))\s*$",
        "",
        text[begun:at].rstrip(" \t(,"),
        flags=re.IGNORECASE,
    )
    for shape in (_LAST_FIRST, _FIRST_LAST):
        for match in shape.finditer(before):
            if match.end() >= len(before) - 1 and _is_name(match.group()):
                return begun + match.end()
    return None


def _name(text: str, born: int | None) -> str | None:
    """Return the name of the patient in a head: labelled, else on the line of the birth date."""
    for label in _NAMED.finditer(text):
        rest = text[label.end() : label.end() + 50].split("\n")[0]
        if _ABOUT.match(label.group()) and not _BIRTH_NEAR.search(text[label.end() : label.end() + 90]):
            continue
        if (named := _first_name(re.split(r"\s{3,}|\(|\d", rest)[0])) is not None:
            return named
    if born is not None:
        begins = text.rfind("\n", 0, born) + 1
        ends = text.find("\n", born)
        line = text[begins : ends if ends >= 0 else len(text)]
        for piece in (*re.split(r"\s{2,}|\(|\d", line), text[:begins].rstrip().split("\n")[-1]):
            if (named := _first_name(piece)) is not None:
                return named
    return None


def _first_name(piece: str) -> str | None:
    """Return the first name within a piece of a line, first name first, in plain case."""
    for match in _LAST_FIRST.finditer(piece):
        if _is_name(match.group()):
            return _cased(f"{match[2]} {match[1]}")
    capital = re.match(rf"\s*([A-Z][A-Z'-]+) ({_WORD})\s*$", piece)
    if capital and not capital[2].isupper() and _is_name(capital.group()):
        return _cased(f"{capital[2]} {capital[1]}")
    for match in _FIRST_LAST.finditer(piece):
        if _is_name(match.group()):
            return _cased(match.group())
    return None


def _is_name(words: str) -> bool:
    return not any(part.lower().strip(".,'") in _NO_NAMES for part in re.split(r"[\s,-]+", words))


def _cased(name: str) -> str:
    return " ".join(
        "-".join(part.capitalize() if part.isupper() and len(part) > 1 else part for part in word.split("-"))
        for word in name.split()
    )
