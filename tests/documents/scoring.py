"""What of the proposals for a document is right, wrong or missing, and what must never be.

Never: a denial, a relative's history, a hypothesis, a goal, another patient or an empty box proposed as stated.
The gold is that of ``tests/data/documents``: facts with value, day, polarity and words, and what only looks like one.
Values are compared in the unit of the vocabulary after rounding to its resolution; a day within one that the text
leaves wider is right.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from priorauth.documents.pages import Page, Reading
from priorauth.documents.proposal import Proposal
from priorauth.facts import vocabulary
from priorauth.values import units

CORPUS: Final = Path(__file__).resolve().parent.parent / "data" / "documents" / "train"
DRAWN: Final = ("006", "009", "010", "012", "014", "017", "018", "023", "026", "027")
"""Ten of the thirty documents, held out before the first rule was written: Python's random.Random(17).sample of their
numbers. Scored unseen when the rules of the other twenty stood: precision 0.865, recall 0.664, one that must never be.
Six were opened then and learned from; 009, 010, 023, 027 (random.Random(18).sample of the ten) stayed closed, and were
scored unseen at the end: precision 0.857, recall 0.679, none that must never be. Then they were opened too: what the
bench says of the ten today is no longer of documents unseen.
"""
UNSEEN: Final = {name: CORPUS.parent / name for name in ("unseen-1", "unseen-2", "unseen-3", "unseen-4")}
"""Documents of people who knew the kinds and the gold, but none of the rules: 24 a set, written for this alone. Those
of `unseen-1` and `unseen-2` are wilder than those of `train`; those of `unseen-3` and of `unseen-4`, of two others
each, were meant to be of its difficulty. Each set was scored once, as text, before it was opened.

unseen-1, by the rules as the thirty had left them: the one's twelve precision 0.801, recall 0.525, none that must never
be; the other's 0.576, 0.276, five. Then it was opened and learned from.
unseen-2, by the rules as unseen-1 had left them: 0.787, 0.536, four; and 0.735, 0.467, nine. Then the one's twelve were
opened; the other's twelve, still closed, scored 0.744, 0.475, seven; then they were opened too.
unseen-3, by the rules as unseen-2 and a reading for what they took for granted had left them: 0.724, 0.486, two; and
0.833, 0.597, one, where a fault had to be mended first that one document ended in. The first writer had marked 26
denials as stated; with that put right, by the same rules, hers score 0.847, 0.569, two. Then both were opened.
unseen-4, of two others again, by the rules as unseen-3 had left them: 0.856, 0.567, two; and 0.911, 0.736, one. Then
both were opened.
What the bench says of any set today is of documents learned from.
"""
NEVER: Final = {"family history", "hypothetical", "goal", "another patient", "box not checked", "denied"}
_LENIENT: Final = (
    "birth_date sex clinical_notes_dated coverage_payer plan_type coverage_program coverage_state line_of_business"
    " coverage_in_force enrolled_on medicare_enrolled_on other_insurance request_kind request_channel"
    " request_received_on request_form_complete service_on expedite_requested product_code quantity_requested"
    " purchase_or_rental"
    " primary_diagnosis part_a_status care_setting diabetes insulin_treatment cancer glucose_self_test cgm_glucose"
    " premeal_glucose premeal_daily_range fasting_glucose hypoglycemia drug_given_by_pump pump_category"
    " prescriber_credential prescriber_treats_member prescriber_enrolled prescription_complete glucose_log_on_file"
    " ma_review_form_on_file pa1_form_on_file current_authorization infusion_drug infusion_route"
)
LENIENT: Final = frozenset(_LENIENT.split())
"""Facts that stand in every head, or that another fact says already: one that the gold does not list is neutral."""
_IMPLIES: Final[Mapping[str, frozenset[str]]] = {
    "type_1_diabetes": frozenset({"diabetes"}),
    "type_2_diabetes": frozenset({"diabetes"}),
    "diabetic_complication": frozenset({"diabetes"}),
    "insulin_injections": frozenset({"insulin_treatment"}),
    "total_daily_insulin": frozenset({"insulin_treatment"}),
    "insulin_pump_use": frozenset({"insulin_treatment"}),
    "severe_hypoglycemia": frozenset({"hypoglycemia"}),
    "nocturnal_hypoglycemia": frozenset({"hypoglycemia"}),
    "recurring_hypoglycemia": frozenset({"hypoglycemia"}),
    "cgm_days_worn_percent": frozenset({"cgm_use"}),
    "hepatocellular_carcinoma": frozenset({"cancer"}),
    "colorectal_cancer": frozenset({"cancer"}),
    "cancer_pain": frozenset({"cancer"}),
}
_QUANTITY: Final = re.compile(r"(<=|>=|<|>|~)?\s*\$?(\d[\d,]*(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d[\d,]*(?:\.\d+)?))?\s*(.*)")


@dataclass
class Scored:
    """One document's proposals against its gold."""

    name: str
    right: list[str] = field(default_factory=list)
    wrong: list[Mapping[str, Any]] = field(default_factory=list)
    missed: list[Mapping[str, Any]] = field(default_factory=list)
    never: list[Mapping[str, Any]] = field(default_factory=list)
    neutral: int = 0


def names(folder: Path = CORPUS) -> list[str]:
    return [path.name.removesuffix(".gold.json") for path in sorted(folder.glob("*.gold.json"))]


def gold(name: str, folder: Path = CORPUS) -> dict[str, Any]:
    return json.loads((folder / f"{name}.gold.json").read_text("utf-8"))  # type: ignore[no-any-return]


def text(name: str, folder: Path = CORPUS) -> str:
    return (folder / f"{name}.txt").read_text("utf-8")


def reading(said: str) -> Reading:
    """Return a reading of a text, a form feed between its pages."""
    pages = tuple(Page(number=number, text=page) for number, page in enumerate(said.split("\f"), 1))
    return Reading(sha256="0" * 64, kind="text", reader="test", pages=pages)


def rows(facts: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as rows."""
    keys = ("fact", "value", "date", "polarity", "certainty", "quote", "page")
    return [{key: getattr(one, key) for key in keys} for one in facts]


def score(name: str, wanted: Mapping[str, Any], said: str, proposed: Iterable[Mapping[str, Any]]) -> Scored:
    """Return what of the proposals is right."""
    made, flat = Scored(name), _squeezed(said)
    seen: set[tuple[str, ...]] = set()
    taken: set[int] = set()
    traps = [(one["quote"], one["fact"], one.get("value"), one["why"]) for one in wanted["not_facts"]]
    traps += [(one["quote"], one["fact"], None, "denied") for one in wanted["facts"] if one["polarity"] == "denied"]
    order = sorted(range(len(wanted["facts"])), key=lambda at: bool(wanted["facts"][at].get("optional")))
    for one in proposed:
        key = tuple(str(one[part]) for part in ("fact", "value", "date", "polarity"))
        if key in seen:
            continue
        seen.add(key)
        match = again = None
        for at in order:
            fact = wanted["facts"][at]
            if (fact["fact"], fact["polarity"]) == (one["fact"], one["polarity"]) and _same(one, fact, wanted):
                if at not in taken:
                    match = at
                    break
                again = at
        caught = _trap(one, traps, flat)
        false = (match is not None or again is not None) and caught in NEVER and not _shows(one, flat, wanted)
        if match is not None and not false:
            taken.add(match)
            if wanted["facts"][match].get("optional"):
                made.neutral += 1
            else:
                made.right.append(one["fact"])
        elif again is not None and not false:
            made.neutral += 1
        elif caught in NEVER:
            made.never.append({**one, "why": caught})
            made.wrong.append(one)
        elif caught is None and one["fact"] in LENIENT:
            made.neutral += 1
        else:
            made.wrong.append(one)
    made.missed = [one for at, one in enumerate(wanted["facts"]) if at not in taken and not one.get("optional")]
    return made


def _same(one: Mapping[str, Any], fact: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return _same_value(one["fact"], one["polarity"], one["value"], fact["value"]) and _same_day(
        one["date"], fact, wanted
    )


def _trap(one: Mapping[str, Any], traps: list[tuple[str, str, Any, str]], flat: str) -> str | None:
    """Return why a stated proposal must not be made, the worst reason first; None where nothing is against it."""
    if one["polarity"] != "stated":
        return None
    where, worst = _places(one["quote"], flat), None
    for quote, fact, value, why in traps:
        wide = fact in _IMPLIES.get(one["fact"], ()) if why == "denied" else one["fact"] in _IMPLIES.get(fact, ())
        if one["fact"] != fact and not wide:
            continue
        if value is not None and one["fact"] == fact and not _same_value(fact, "stated", one["value"], value):
            continue
        if any(_overlap(a, b) for a in where for b in _places(quote, flat)):
            if why in NEVER:
                return why
            worst = worst or why
    return worst


def _shows(one: Mapping[str, Any], flat: str, wanted: Mapping[str, Any]) -> bool:
    stated = [
        place
        for fact in wanted["facts"]
        if fact["fact"] == one["fact"] and fact["polarity"] == "stated"
        for place in _places(fact["quote"], flat)
    ]
    return any(_overlap(a, b) for a in _places(one["quote"], flat) for b in stated)


# ---- values and days


def _value(fact: str, said: object) -> tuple[str, str, float, float, bool]:
    """Return a value as a word, or as sign, lower and upper number in the fact's unit, and whether it counts events."""
    words = str(said if said is not None else "").strip()
    low = {"true": "yes", "": "yes", "none": "no", "false": "no"}.get(words.lower(), words.lower())
    if low in ("yes", "no") or re.fullmatch(r"\d{4}-\d{2}(-\d{2})?|[a-z]\d{4}", low):
        return low, "", 0.0, 0.0, False
    match = _QUANTITY.fullmatch(words)
    if match is None:
        return low, "", 0.0, 0.0, False
    unit = match[4].strip()
    table, known = units.load(), vocabulary.load()[fact]
    conversion = table.conversion(fact, unit) if unit and unit != "x" else None
    numbers = []
    for part in (match[2], match[3] or match[2]):
        exact = units.number(part.replace(",", ""))
        exact = conversion.apply(exact) if conversion is not None else exact
        numbers.append(float(units.multiples(exact, known.resolution) * known.resolution))
    return "", (match[1] or "").replace("~", ""), numbers[0], numbers[1], unit == "x"


def _same_value(fact: str, polarity: str, proposed: object, wanted: object) -> bool:
    if polarity == "denied":
        return True
    one, other = _value(fact, proposed), _value(fact, wanted)
    event = vocabulary.load()[fact].kind == "event"
    if one[0] or other[0]:
        if event and "yes" in (one[0], other[0]):
            return "no" not in (one[0], other[0])
        return one[0] == other[0]
    if event and one[4] != other[4]:
        return False
    near = float(vocabulary.load()[fact].resolution) * 1.001 if _unit(proposed) != _unit(wanted) else 1e-6
    low = abs(one[2] - other[2]) <= near
    if other[2] != other[3]:
        return low and (abs(one[3] - other[3]) <= near or (one[2] == one[3] and one[1] in ("", ">=", ">")))
    if other[1] in (">", ">="):
        return low and one[2] == one[3] and one[1] in ("", ">", ">=")
    return one[1] == other[1] and low and abs(one[3] - other[3]) <= near


def _unit(said: object) -> str:
    match = _QUANTITY.fullmatch(str(said).strip())
    return "" if match is None else match[4].strip().lower()


def _days(said: str | None) -> tuple[dt.date, dt.date] | None:
    if not said:
        return None
    first, _, last = said.partition("/")
    ends = []
    for part in (first, last or first):
        year, month, day = ([int(one) for one in part[:10].split("-")] + [0, 0])[:3]
        ends.append(
            (
                dt.date(year, month or 1, day or 1),
                dt.date(year, month or 12, day or calendar.monthrange(year, month or 12)[1]),
            )
        )
    return ends[0][0], ends[1][1]


def _same_day(proposed: str | None, fact: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    one, other = _days(proposed), _days(fact["date"])
    own = {wanted["dated"], wanted["signed_on"]} - {None}
    if (vocabulary.load()[fact["fact"]].kind not in ("event", "measurement") or fact["polarity"] == "denied") and (
        fact["date"] in own or fact["date"] is None
    ):
        since = fact.get("from")
        if one is None or any(one == _days(day) for day in own) or (since and one == _days(since)):
            return True
    if one is None or other is None:
        return one is None and other is None
    return other[0] <= one[0] and one[1] <= other[1]


# ---- words


def _squeezed(said: str) -> str:
    return " ".join(said.split()).lower()


def _places(quote: str, flat: str) -> list[tuple[int, int]]:
    words = _squeezed(quote)
    return [(hit.start(), hit.end()) for hit in re.finditer(re.escape(words), flat)] if words else []


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > 0 and common >= 0.5 * min(one[1] - one[0], other[1] - other[0])


def converts(fact: str, said: str) -> bool:
    """Whether a value has a unit of its fact, and lies within its bounds."""
    match = _QUANTITY.fullmatch(said)
    table = units.load()
    conversion = None if match is None else table.conversion(fact, match[4].strip())
    if match is None or conversion is None:
        return False
    low, high = table.plausible(fact)
    exact = [conversion.apply(units.number(part.replace(",", ""))) for part in (match[2], match[3] or match[2])]
    return all((low is None or one >= low) and (high is None or one <= high) for one in exact)
