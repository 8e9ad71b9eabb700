"""What a person says of a document, as acts of the ledger; and the words that she ties to a fact, read from a form."""

from __future__ import annotations

import re
from typing import Final

from priorauth.documents.pages import Page, Reading, box_of, words_in
from priorauth.documents.proposal import Proposal
from priorauth.documents.rows import settles
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language.english import labels
from priorauth.ledger.acts.papers import ConfirmProposal, RejectProposal, SeePaper, TieWords
from priorauth.values import dates, units
from priorauth.workbench import drawing
from priorauth.workbench.forms import Form
from priorauth.workbench.view.stated import DATED, PARTIAL, Stated

YES_NO: Final = ("attestation", "condition")
_NUMBER: Final = re.compile(r"(?P<sign>[<>]=?)?\s*(?P<number>\d{1,9}(?:\.\d{1,6})?)\s*(?P<unit>\S.{0,39})?")
_PLACE: Final = re.compile(r"\d{1,9}")


def confirm(case: str, one: Stated, key: str | None) -> ConfirmProposal:
    """Return the act that says that what a document states is right."""
    reading, proposal = _named(one)
    return ConfirmProposal(case=case, document=one.document, key=key, reading=reading, proposal=proposal)


def reject(case: str, one: Stated, why: str, key: str | None) -> RejectProposal:
    """Return the act that says that it is not."""
    reading, proposal = _named(one)
    said = why or None
    return RejectProposal(case=case, document=one.document, why=said, key=key, reading=reading, proposal=proposal)


def _named(one: Stated) -> tuple[int, int]:
    """Return how the ledger names what is stated: the reading of the document, and the place in it."""
    return one.reading or 0, one.number or 0


def tie(case: str, document: int, said: Proposal, key: str | None) -> TieWords:
    """Return the act that ties words to a fact."""
    return TieWords(case=case, document=document, said=said, key=key)


def see(case: str, document: int, fact: str, date: str, key: str | None) -> SeePaper:
    """Return the act that says that a document is the paper of a fact, of a day."""
    return SeePaper(case=case, document=document, fact=fact, date=date, key=key)


def proposal(form: Form, reading: Reading | None, vocabulary: Vocabulary) -> Proposal | None:
    """Return what a person says that words state; None where something is wrong, which then stands in the form."""
    span = _span(form, reading)
    name = form.said("fact")
    fact = vocabulary.facts.get(name)
    if fact is None or not settles(fact):
        form.wrong["fact"] = "Choose the fact that the words state."
        fact = None
    if span is None:
        form.wrong["words"] = "Choose the words again: the document has changed, or its text is not read yet."
    value = None if fact is None else _value(form, fact)
    date = _date(form, fact)
    if form.wrong or fact is None or span is None or value is None:
        return None
    page, first, last = span
    return Proposal(
        fact=fact.name,
        value=value,
        quote=page.text[first:last],
        page=page.number,
        start=first,
        date=date,
        polarity="denied" if value in ("no", "none") else "stated",
        box=box_of(words_in(page, first, last)),
        by="a person",
    )


def _span(form: Form, reading: Reading | None) -> tuple[Page, int, int] | None:
    """Return the page and the stretch of its text that a form names; None where there is none such."""
    said = [form.said(name) for name in ("page", "first", "last")]
    if reading is None or not all(_PLACE.fullmatch(one) for one in said):
        return None
    number, first, last = map(int, said)
    page = drawing.page_of(reading, number)
    if page is None or not first < last <= len(page.text) or not page.text[first:last].strip():
        return None
    return page, first, last


def _value(form: Form, fact: Fact) -> str | None:
    """Return what is said of a fact as a document would write it; None where it cannot be, which the form says."""
    said = " ".join(form.text("value", most=200).split())
    low = said.lower()
    if low in ("no", "none"):
        return "no" if fact.kind in YES_NO else "none"
    if fact.kind in YES_NO or fact.values == ("yes",):
        found = "yes" if low in ("", "yes") else None
        wanted = "Write yes or no."
    elif fact.numeric and not (fact.kind == "event" and low in ("", "yes")):
        found, wanted = _number(fact, said), f"Write the number{_unit(fact)}, as the document has it."
    elif fact.kind == "event":
        found, wanted = ("yes" if low in ("", "yes") else None), "Leave this empty: it happened on the day below."
    elif fact.values == ("date",):
        found, wanted = _day(said or form.said("date")), "Write the day as in 2026-11-27."
    elif fact.values in (("number",), ("integer",)):
        found = said if _NUMBER.fullmatch(said) else None
        wanted = "Write a number."
    else:
        found = next((one for one in fact.values if low in (one, labels().value(one).lower())), None)
        wanted = f"Write one of: {', '.join(labels().value(one) for one in fact.values[:12])}."
    if found is None:
        form.wrong.setdefault("value", wanted)
    return found


def _unit(fact: Fact) -> str:
    unit = labels().units.get(fact.unit or "", fact.unit or "")
    return f" ({unit})" if unit and unit != "1" else ""


def _number(fact: Fact, said: str) -> str | None:
    """Return a number with its unit; None where it is none of the fact's, or cannot be true."""
    found = _NUMBER.fullmatch(said)
    if found is None:
        return None
    unit = (found["unit"] or fact.unit or "").strip()
    known = units.load()
    spelled = next((code for code, word in labels().units.items() if word == unit), unit)
    conversion = known.conversion(fact.name, spelled)
    if conversion is None:
        return None
    low, high = known.plausible(fact.name)
    exact = conversion.apply(units.number(found["number"]))
    if (low is not None and exact < low) or (high is not None and exact > high):
        return None
    return f"{found['sign'] or ''}{found['number']} {spelled}".rstrip()


def _date(form: Form, fact: Fact | None) -> str | None:
    """Return the day, month or year of what is stated; what is wrong or missing stands in the form."""
    said = form.said("date").strip()
    if not said:
        if fact is not None and fact.kind in DATED:
            form.wrong["date"] = "Write the day of it, or the month or year where the document says no more."
        return None
    found = _day(said)
    if found is None:
        form.wrong["date"] = "Write the day as in 2026-11-27, a month as in 2026-11, or a year."
    return found


def _day(said: str) -> str | None:
    """Return a date, whole or partial, as ISO; None of what is none."""
    if not PARTIAL.fullmatch(said):
        return None
    try:
        dates.read(said)
    except ValueError:
        return None
    return said
