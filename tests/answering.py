"""Answers questions, completely and in one way, and says what is asked next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from msgspec import structs

from priorauth.decide import asking
from priorauth.decide.decided import Ask, Question
from priorauth.decide.evidence import Rows
from priorauth.decide.questions import questions
from priorauth.engines.python import missing
from priorauth.engines.python.outcome import Decision, decide
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy, leaves
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.draw import ANCHORS, Draw

CATALOG = open_catalog()
UNSETTLED = "not settled by any of the answers drawn"
TRIES, MORE = 20, 600


def decided(policy: Policy, case: Case) -> Decision:
    """Decide a case under a shipped policy."""
    return decide(policy, case, CATALOG.vocabulary, CATALOG.common)


def asked(found: Decision) -> tuple[Question, ...]:
    """Give what is asked, where something is."""
    return asked_as_tree(found)[0]


def asked_as_tree(found: Decision) -> tuple[tuple[Question, ...], Ask | None]:
    """Give what is asked, flat and as a tree, where something is."""
    return questions(found, Rows(found.view)) if found.outcome == "request-information" else ((), None)


def papers(policy: Policy) -> set[str]:
    """Name the facts that an answer may leave asked.

    A paper that fails is missing, so after the answer that it is not there it is asked. Of a result that has to be of
    the draw of another one, the answers here are about other draws. Of a newest result that counts only while a regimen
    lasts, or that is compared with one before an approval, an answer of older days may leave the day open. Of an event
    that counts by its level alone, an answer gives the days and no level.
    """
    forms = [leaf.form for root in policy.roots() for leaf in leaves(root)]
    checked = {fact for root in policy.documents for leaf in leaves(root) for fact in contents.facts_of(leaf.form)}
    drawn = {form.partner.fact for form in forms if isinstance(form, f.AnyRow) and form.partner}
    newest = {
        form.fact
        for form in forms
        if isinstance(form, f.NoWorse)
        or (isinstance(form, f.Latest) and any(isinstance(one, f.While) for one in form.windows))
    }
    levels = [form for form in forms if isinstance(form, f.Count) and form.test is not None]
    by_level = {form.fact for form in levels} - {form.fact for form in forms if form not in levels}
    return newest | by_level | checked | drawn | {form.fact for form in forms if isinstance(form, f.Documented)}


def paths(tree: str | Ask, pick: int) -> set[str]:
    """Give the facts of one path of a tree: of alternatives the one that stands at a place, else the last."""
    if isinstance(tree, str):
        return {tree}
    if tree.any:
        return paths(tree.any[min(pick, len(tree.any) - 1)], pick)
    return {fact for part in tree.all for fact in paths(part, pick)}


def followed(policy: Policy, draw: Draw, case: Case, pick: int) -> list[str]:
    """Answer one path of what is asked, by lot until it settles; give the outcome, none where nothing is asked.

    A fact that is asked alone first opens a further path, and so does a day from which windows count, which may lie so
    that what is on file is outside of them; nothing on it is asked again.
    """
    known: set[str] = set()
    documents = papers(policy)
    while (tree := asked_as_tree(found := decided(policy, case))[1]) is not None and not left_to_others(found):
        names = paths(tree, pick)
        assert not names & known - documents, (names & known, tree)
        known |= names
        well = (answered(draw, case, names, "good") for _ in range(TRIES))
        answers = chain(well, (mixed(draw, case, names) for _ in range(MORE)))
        settled = next((one for one in answers if left_to_others(decided(policy, one))), None)
        if settled is None and not asking.wanted(found).alone and names.isdisjoint(ANCHORS.values()):
            return [UNSETTLED]
        case = settled or mixed(draw, case, names)
    return [decided(policy, case).outcome] if known else []


def left_to_others(found: Decision) -> bool:
    """Say whether a decision is made, or waits for a clinician's judgment, the payer or time alone."""
    if found.outcome != "request-information":
        return True
    return all(
        CATALOG.vocabulary[name].asked_of == "payer" for name in missing.asked(found.open_leaves, CATALOG.vocabulary)
    )


WAYS = ("good", "bad", "better")


def complete(draw: Draw, name: str, way: str, as_of: int) -> list[Row]:
    """Answer a fact completely and in one way: every day, every result, whole; `better` was once and is no more."""
    good = way != "bad"
    fact = draw.vocabulary[name]
    known = sorted(draw.values.get(name, {0})) or [0]
    number = known[-1] if good else max(known[0], 0)
    source, ref = Source.ANSWER, f"{name}-answered"
    whole = Whole(name, source, f"{ref}-whole", FIRST_DAY, LAST_DAY)
    match fact.kind:
        case "measurement":
            value = number if fact.numeric else None
            first = 300 if way == "better" else 0
            days = (*range(as_of - first, as_of - 900, -1), *range(as_of - 900, as_of - 3000, -5))
            return [*(Measurement(name, source, ref, day, day, None, value, value) for day in days), whole]
        case "event":
            first = 120 if way == "better" else 0
            if name in ANCHORS.values():
                day = as_of - draw.pick((2, 30, 92, 119, 250, 600, 1200))
                return [*([Event(name, source, ref, day, day)] if good else []), whole]
            rows: list[Row] = [Event(name, source, f"{ref}-{n}", as_of - n, as_of - n) for n in range(first, 3000, 5)]
            return [*(rows if good else []), whole]
        case "regimen":
            return [Period(name, source, ref, low=number, high=number)]
        case "condition":
            truth = 1 if good else 0
            # What is counted from a beginning is told only by one with days before it.
            begun = way == "better" and name in ANCHORS.values()
            first = as_of - draw.pick((2, 30, 92, 119, 250, 600, 1200)) if begun else FIRST_DAY + 1
            return [Period(name, source, ref, first, first, low=truth, high=truth), whole]
        case _ if fact.values == ("date",):
            day = as_of - {"good": 10, "bad": 800, "better": 15_000 if name == "birth_date" else 40}[way]
            return [Answer(name, source, ref, dates.iso(day), as_of, as_of, None, day, day)]
        case _ if fact.values in (("number",), ("integer",)):
            return [Answer(name, source, ref, str(number), as_of, as_of, None, number, number)]
        case _ if fact.values:
            settled = [value for value in fact.values if value not in fact.pending]
            named = [value for value in settled if value in draw.named.get(name, ())] or settled
            text = draw.pick(settled) if way == "better" else draw.pick(named) if good else settled[-1]
            return [Answer(name, source, ref, text, as_of, as_of)]
        case _:
            return [Answer(name, source, ref, "yes" if good else "no", as_of, as_of)]


def of_role(draw: Draw, row: Row) -> Row:
    """Let a statement be of whom the policy wants to state it."""
    roles = draw.roles.get(row.fact) if isinstance(row, Answer) else None
    return structs.replace(row, author=" ".join(sorted(set(roles)))) if isinstance(row, Answer) and roles else row


def answered(draw: Draw, case: Case, names: set[str], way: str) -> Case:
    rows = {name: tuple(of_role(draw, one) for one in complete(draw, name, way, case.as_of)) for name in sorted(names)}
    for fact, partner in draw.partners.items():
        if partner in names and way != "bad":
            rows[partner] += tuple(beside(case, fact, partner, draw.values.get(partner, {0})))
    return Case(case.as_of, {**case.rows, **rows})


def beside(case: Case, fact: str, partner: str, known: set[int]) -> Iterator[Row]:
    """Give low results of the draws of another one."""
    for row in case.of(fact):
        if isinstance(row, Measurement):
            yield structs.replace(row, fact=partner, ref=f"{partner}-beside", low=min(known), high=min(known))


def mixed(draw: Draw, case: Case, names: set[str]) -> Case:
    """Answer the other facts, each in a way of its own, now mostly well, now mostly badly."""
    share = draw.pick((0.1, 0.25, 0.5, 0.75, 1.0))
    for name in sorted(names):
        way = draw.pick(("good", "better")) if draw.chance(share) else "bad"
        case = answered(draw, case, {name}, way)
    return case


def matters(policy: Policy, draw: Draw, ground: Case, fact: str) -> bool:
    before = signature(decided(policy, ground))
    return any(signature(decided(policy, answered(draw, ground, {fact}, way))) != before for way in WAYS)


def signature(found: Decision) -> tuple[object, ...]:
    return found.outcome, tuple((one.criterion, one.finding.criterion.line) for one in found.open_leaves)
