"""One unknown patient: what holds of everybody holds of every patient that the solver finds."""

from __future__ import annotations

import z3

from priorauth.engines.solver.view import FALSE, TRUE, Bool, Patient, all_, any_, not_
from tests.assurance.one_line import AS_OF, grid


def patient(*lines: str) -> Patient:
    found = Patient(grid(*lines), ("E0784",))
    found.statement("product_code")
    return found


def possible(someone: Patient, *conditions: Bool) -> bool:
    solver = z3.Solver()
    solver.add(*someone.constraints())
    return bool(solver.check(*conditions) == z3.sat)


def test_connectives_of_constants_are_constants() -> None:
    unknown = z3.Bool("unknown")
    assert any_([]) is FALSE
    assert all_([]) is TRUE
    assert any_([unknown, TRUE]) is TRUE
    assert all_([unknown, FALSE]) is FALSE
    assert any_([FALSE, unknown]) is unknown
    assert not_(not_(TRUE)) is TRUE


def test_exactly_one_thing_is_said_of_a_fact() -> None:
    someone = patient("motivated")
    said = someone.statement("motivated")
    assert set(said.options) == {None, "yes", "no"}
    yes, no = (said.when(wanted.__eq__) for wanted in ("yes", "no"))
    assert possible(someone, yes)
    assert not possible(someone, yes, no)
    assert not possible(someone, not_(any_(said.bits)))


def test_who_has_type_1_diabetes_has_diabetes() -> None:
    someone = patient("type_1_diabetes", "diabetes")
    special, general = (someone.period(fact) for fact in ("type_1_diabetes", "diabetes"))
    has = [
        one.when(lambda script: script is not None and script.on(AS_OF, condition=True) == 1)
        for one in (special, general)
    ]
    assert not possible(someone, has[0], not_(has[1]))
    assert possible(someone, has[1], not_(has[0]))


def test_severe_episodes_are_no_more_than_all_episodes() -> None:
    someone = patient("count of severe_hypoglycemia within 6 months >= 2", "count of hypoglycemia within 6 months >= 2")
    severe, every = (
        z3.Sum([entry.count for entry in someone.dated(fact).entries])
        for fact in ("severe_hypoglycemia", "hypoglycemia")
    )
    assert possible(someone, severe == 2, every == 2)
    assert not possible(someone, severe == 2, every == 1)


def test_an_anchor_lies_on_one_day_or_is_unknown() -> None:
    someone = patient("any hba1c >= 8.0 % within 6 months before enrollment")
    days = list(someone.anchors(("enrollment",)))
    assert days
    known = [chosen for _, chosen in days]
    assert possible(someone, not_(any_(known)))
    assert all(possible(someone, chosen) for chosen in known)
    assert not any(possible(someone, one, two) for one in known for two in known if one is not two)


def test_what_two_roles_state_may_differ_and_what_one_states_is_what_is_stated_of_the_fact() -> None:
    lines = ("motivated", "motivated stated by physician", "motivated stated by educator")
    someone = patient(*lines)
    plain, physician, educator = (someone.statement("motivated", role) for role in (None, "physician", "educator"))
    yes, no, nothing = ("yes".__eq__, "no".__eq__, lambda said: said is None)
    assert possible(someone, physician.when(yes), educator.when(nothing))
    assert possible(someone, physician.when(yes), educator.when(yes), plain.when(yes))
    assert possible(someone, plain.when(yes), physician.when(nothing), educator.when(nothing))
    assert not possible(someone, physician.when(yes), plain.when(no))
    alone = patient(*lines[1:])
    one, two = (alone.statement("motivated", role) for role in ("physician", "educator"))
    assert possible(alone, one.when(yes), two.when(no))


def test_no_row_is_older_than_the_member_and_no_day_from_which_windows_count() -> None:
    someone = patient(
        "age >= 2 years", "any ketoacidosis before pump_start", "insulin_pump_use before medicare_enrollment"
    )
    born = someone.statement("birth_date")
    enrolled = someone.statement("medicare_enrolled_on")
    newest = max(one for one in born.options if isinstance(one, int))
    older = enrolled.when(lambda one: isinstance(one, int) and one < newest)
    assert not possible(someone, born.when(newest.__eq__), older)
    assert possible(someone, older)
