"""The outline of a form: each fact once, in the payer's order, and closed only where its answers change nothing."""

from __future__ import annotations

import pytest

from priorauth.engines.python.outcome import Decision
from priorauth.export.asked import is_asked
from priorauth.export.conditions import listed
from priorauth.export.forms import Form, every, possible
from priorauth.export.outline import Part, outline
from priorauth.export.questionnaire import Asked, static, walked
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Period, Row, Source
from priorauth.language.contents import facts_of
from priorauth.policy.roots import SPOKEN, roots
from priorauth.policy.tree import Criterion, Leaf
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.answering import complete, decided
from tests.draw import AS_OF, Draw
from tests.export.filling import BASE, CATALOG, opened

FORMS = [one for one in every(CATALOG) if one.pathway]
VOCABULARY = CATALOG.vocabulary


def named(form: Form) -> str:
    return f"{form.name}.{form.version}"


def of(form: Form) -> Part:
    return outline(form, VOCABULARY, CATALOG.common)


def test_every_pathway_of_every_version_has_a_form() -> None:
    assert len(FORMS) == sum(len(policy.pathways) for policy in CATALOG.all()) == 44
    assert len({named(form) for form in FORMS}) == 44


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_a_form_asks_for_each_fact_once_and_for_no_judgment_and_nothing_that_the_payer_knows(form: Form) -> None:
    facts = list(of(form).facts())
    assert len(facts) == len(set(facts)) > 0
    assert all(is_asked(name, VOCABULARY) for name in facts)
    assert all(VOCABULARY[name].kind != "judgment" and VOCABULARY[name].asked_of != "payer" for name in facts)


def test_the_groups_are_the_payers_own_paragraphs_in_their_order() -> None:
    form = next(one for one in FORMS if one.name == "masshealth.insulin-pumps.initial-trial")
    ids = [part.id for part in of(form).walk() if part.id and part.id.startswith("II.A.T") and "8." not in part.id]
    assert ids == [f"II.A.T.{number}" for number in range(1, 10)]


def test_what_a_pathway_leaves_out_is_not_asked() -> None:
    """An infection speaks against an implanted pump alone, so that the form for an external one has no word of it."""
    external, implanted = ({*of(one).facts()} for one in FORMS if one.name.startswith("uhc-medicare-advantage."))
    assert "active_infection" not in external
    assert "active_infection" in implanted


def test_an_alternative_is_opened_by_the_drug_that_it_is_for() -> None:
    form = next(one for one in FORMS if one.name.endswith(".external-pump"))
    (pain,) = (part for part in of(form).walk() if part.id == "EX.PAIN")
    assert pain.clauses == (frozenset({("infusion_drug", "morphine")}),)


def test_a_word_that_settles_closes_what_would_show_the_same() -> None:
    form = next(one for one in FORMS if one.name.endswith(".external-pump"))
    (surgery,) = (part for part in of(form).walk() if part.below == ["refuses_surgery"])
    assert surgery.clauses == (frozenset({("tumor_unresectable", "no"), ("tumor_unresectable", "")}),)


@pytest.mark.parametrize("seed", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in (2, 3))])
@pytest.mark.parametrize("form", FORMS, ids=named)
@pytest.mark.shall("DTR 2.2.0/spec-17")
def test_what_a_form_closes_cannot_change_the_outcome(form: Form, seed: int) -> None:
    closed = 0
    form_items = static(form, CATALOG, Asked(BASE))["item"]
    choices = {
        one["linkId"]: [each["valueCoding"]["code"] for each in one["answerOption"]]
        for one in walked(form_items)
        if one["linkId"].startswith("form.choice")
    }
    facts = list(of(form).facts())
    draw = Draw(form.policy, VOCABULARY, seed)
    for number in range(60 if seed == 3 else 24 if seed == 2 else 6):
        another = number % 6 == 0
        case = everything(form, draw, facts, another=another)
        said = {name: given(case.of(name)) for name in facts} | choices
        open_ = opened(form_items, {link: values for link, values in said.items() if values})
        shut = {name for name in facts if name not in open_ and f"form.{name}" not in open_}
        closed += len(shut)
        left = Case(case.as_of, {name: rows for name, rows in case.rows.items() if name not in shut})
        seen, whole = decided(form.policy, left), decided(form.policy, case)
        assert seen.outcome == whole.outcome, sorted(shut)
        assert another or verdict(seen) == verdict(whole), sorted(shut)
    assert closed


def verdict(found: Decision) -> tuple[object, ...]:
    """Give how the pathway, each exclusion, paper and hand-off stand."""
    required = () if found.required is None else (found.required.counted,)
    return required, *(one.counted for one in (*found.excluded, *found.documents, *found.reserved))


def everything(form: Form, draw: Draw, facts: list[str], *, another: bool) -> Case:
    """Draw a case in which all that the payer, the request and its clinicians say favours the request, mostly.

    ``another``: the form says that another kind of request is made than it is for.
    """
    settled = possible(form.pathway)
    case = Case(
        AS_OF,
        {
            name: (Answer(name, Source.RECORD, name, draw.pick(sorted(values)), AS_OF, AS_OF),)
            for name, values in settled.items()
            if name != "request_kind"
        },
    )
    wished = wishes(form)
    others = [name for name in sorted(draw.days) if name in VOCABULARY and name not in facts and name not in settled]
    for name in others:
        if not draw.chance(0.04):
            case = Case(
                AS_OF, {**case.rows, name: rows_of(draw, name, good=wished.get(name, True) is draw.chance(0.97))}
            )
    share = draw.pick((0.6, 0.85, 0.95, 1.0))
    for name in facts:
        if name == "request_kind":
            kinds = untaken(form) if another else sorted(settled[name])
            rows: tuple[Row, ...] = (Answer(name, Source.ANSWER, name, draw.pick(kinds), AS_OF, AS_OF),)
        elif draw.chance(0.05) and VOCABULARY[name].kind != "attribute":
            continue
        else:
            rows = rows_of(draw, name, good=wished.get(name, True) is draw.chance(share))
        case = Case(AS_OF, {**case.rows, name: rows})
    return Case(
        AS_OF,
        {
            **case.rows,
            "coverage_in_force": (
                Period("coverage_in_force", Source.RECORD, "c", FIRST_DAY, FIRST_DAY, LAST_DAY, LAST_DAY),
            ),
        },
    )


def untaken(form: Form) -> list[str]:
    """Give the kinds of request that no pathway of the policy takes: for others there is another form."""
    taken = {kind for one in form.policy.pathways for kind in possible(one).get("request_kind", ())}
    return [one for one in VOCABULARY["request_kind"].values if one not in taken]


def rows_of(draw: Draw, name: str, *, good: bool) -> tuple[Row, ...]:
    """Answer a fact: an attribute by a value that a rule names, or by one that none names."""
    if name == "quantity_requested":
        return (Answer(name, Source.RECORD, name, "1", AS_OF, AS_OF, None, 1, 1),)
    if listed(VOCABULARY[name]):
        kept = [one for one in VOCABULARY[name].values if (one in draw.named.get(name, ())) is good]
        return (Answer(name, Source.ANSWER, name, draw.pick(kept or VOCABULARY[name].values), AS_OF, AS_OF),)
    return tuple(complete(draw, name, "good" if good else "bad", AS_OF))


def wishes(form: Form) -> dict[str, bool]:
    """Say of each fact whether a yes to it favours the request, by the first place where it stands."""
    found: dict[str, bool] = {}
    for root in roots(form.policy, CATALOG.common):
        if root.role in ("criterion", "alternative", "document", "authorization", "pathway"):
            _wishes(root.criterion, found, good=True)
        elif root.role not in SPOKEN:
            _wishes(root.criterion, found, good=False)
    return found


def _wishes(criterion: Criterion, found: dict[str, bool], *, good: bool) -> None:
    if isinstance(criterion.test, Leaf):
        for name in facts_of(criterion.test.form):
            found.setdefault(name, good)
    else:
        for part in criterion.test.parts:
            _wishes(part, found, good=good is not (criterion.test.kind == "none of"))


def given(rows: tuple[Row, ...]) -> list[object]:
    """Give the answers that conditions of a form can read: words and values; of other facts, that there are some."""
    words = {"yes": True, "no": False}
    return [words.get(row.text, row.text) if isinstance(row, Answer) else "given" for row in rows]
