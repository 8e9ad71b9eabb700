"""What is not met for lack of time alone is not yet to be decided: nothing else may be in the way, nothing is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from priorauth import determine
from priorauth.decide.assess import why
from priorauth.decide.decided import Assessed
from priorauth.decide.determination import Determination
from priorauth.engines.python import missing
from priorauth.engines.python.outcome import decide
from priorauth.engines.python.tree import in_time
from priorauth.values import dates
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.asking import case, finding
from tests.casebook.kept import case_of
from tests.population.small import VOCABULARY, policy, step

TESTS = Path(__file__).parent.parent
TEXT = "it has not run long enough yet: {} is the first day on which it can hold"
LINE = "insulin_injections >= 3 /d throughout 6 months"
ADJUSTING = "frequent_dose_self_adjustment throughout 6 months"
SHORT = "insulin_injections: [{value: 4 /d, from: 2026-06-20, source: answer}, {value: 2 /d, until: 2026-06-19}]"
ADJUSTED = """frequent_dose_self_adjustment: [{from: 2026-08-31, source: answer}, {value: no, until: 2026-08-30}]"""


def walk(criteria: tuple[Assessed, ...]) -> Iterator[Assessed]:
    for one in criteria:
        yield one
        yield from walk(one.parts)


def test_ten_weeks_after_the_diagnosis_six_months_of_self_adjustment_are_not_yet_there() -> None:
    bundle = json.loads((TESTS / "edge" / "anthem-ten-weeks-after-diagnosis.json").read_bytes())["bundle"]
    (found,) = determine(bundle)
    assert (found.outcome, found.decide_after, found.questions, found.ask) == ("not-yet", "2016-08-19", (), None)
    assert [(reason.criterion, reason.text) for reason in found.reasons] == [("1.c", TEXT.format("2016-08-19"))]
    (short,) = (one for one in walk(found.criteria) if one.id == "1.c")
    assert (short.status, short.why, short.decisive) == ("not-met", TEXT.format("2016-08-19"), True)
    (before,) = determine(bundle, as_of="2016-08-18")
    (filled,) = determine(bundle, as_of="2016-08-19")
    assert (before.outcome, before.decide_after) == ("not-yet", "2016-08-19")
    assert next(one for one in walk(filled.criteria) if one.id == "1.c").status == "met"


def changed(items: dict[str, Any], *, born: str | None = None) -> Determination:
    """Decide the request of who has had injections for six months less a day, with other answers."""
    bundle = case_of("own/masshealth-injections-known-short")["bundle"]
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient" and born:
            resource["birthDate"] = born
        if resource["resourceType"] == "QuestionnaireResponse":
            kept = [item for item in resource["item"] if item["linkId"] not in items]
            resource["item"] = kept + [{"linkId": k, "answer": [v]} for k, v in items.items() if v]
    return determine(bundle)[0]


def test_what_is_missing_beside_it_is_not_asked_before_its_time() -> None:
    found = changed({"motivated": None})
    assert (found.outcome, found.decide_after, found.questions) == ("not-yet", "2026-11-21", ())
    assert [reason.criterion for reason in found.reasons] == ["II.A.T.4"]


def test_where_another_criterion_is_missed_a_person_decides_and_is_told_of_all_that_is_missed() -> None:
    found = changed({"motivated": {"valueBoolean": False}})
    assert (found.outcome, found.decide_after) == ("clinical-review", None)
    assert [reason.criterion for reason in found.reasons] == ["II.A.T.2", "II.A.T.4"]


def test_what_bars_a_request_comes_before_what_time_brings_and_both_are_said() -> None:
    found = changed({"unable_to_monitor_glucose": {"valueBoolean": True}})
    assert (found.outcome, found.decide_after, found.questions) == ("clinical-review", None, ())
    assert TEXT.format("2026-11-21") in [reason.text for reason in found.reasons]
    assert len(found.reasons) == 2


def test_a_child_who_only_lacks_time_is_not_told_of_epsdt() -> None:
    young = changed({}, born="2012-05-05")
    assert (young.outcome, [reason.criterion for reason in young.reasons]) == ("not-yet", ["II.A.T.4"])


@pytest.mark.parametrize(
    ("tree", "given", "after"),
    [
        (f"{{all: [{LINE}, {ADJUSTING}]}}", f"{{{SHORT}, {ADJUSTED}}}", "2027-03-01"),
        (f"{{any: [{LINE}, motivated]}}", f"{{{SHORT}, motivated: no}}", "2026-12-19"),
        (
            f"{{any: [{LINE}, {{all: [{ADJUSTING}, motivated]}}]}}",
            f"{{{SHORT}, {ADJUSTED}, motivated: no}}",
            "2026-12-19",
        ),
        (
            f"{{at least: 2, of: [{LINE}, motivated, {ADJUSTING}]}}",
            f"{{{SHORT}, {ADJUSTED}, motivated: no}}",
            "2027-03-01",
        ),
        (f"{{any: [{{when: motivated, only when: {LINE}}}]}}", f"{{{SHORT}, motivated: yes}}", "2026-12-19"),
        (f"{{all: [{LINE}, motivated]}}", SHORT, "2026-12-19"),
    ],
)
def test_it_can_hold_once_all_that_is_in_the_way_has_run_long_enough(tree: str, given: str, after: str) -> None:
    found = decide(policy(step(tree, "one")), case(given), VOCABULARY)
    assert found.decide_after is not None
    assert (found.outcome, dates.iso(found.decide_after)) == ("not-yet", after)
    assert (found.signs["waiting"], found.signs["failed"]) == (True, False)


@pytest.mark.parametrize(
    ("tree", "given"),
    [
        (f"{{all: [{LINE}, motivated]}}", f"{{{SHORT}, motivated: no}}"),
        (f"{{all: [{LINE}, {{none of: [motivated]}}]}}", f"{{{SHORT}, motivated: yes}}"),
        (f"{{none of: [{{none of: [{LINE}]}}]}}", SHORT),
        (f"{{ways: [{LINE}, motivated]}}", f"{{{SHORT}, motivated: no}}"),
    ],
)
def test_what_time_does_not_open_has_failed(tree: str, given: str) -> None:
    found = decide(policy(step(tree, "one")), case(given), VOCABULARY)
    assert (found.outcome, found.decide_after) == ("clinical-review", None)
    assert (found.signs["waiting"], found.signs["failed"], found.short_of_time) == (False, True, ())


def test_what_nothing_waits_for_is_the_same_in_time_and_is_not_made_anew() -> None:
    line = finding("motivated", "motivated: no")
    assert in_time(line) is line
    tree = finding(f"{{all: [{LINE}, {{any: [motivated, {ADJUSTING}]}}]}}", f"{{{SHORT}, motivated: yes}}")
    then = in_time(tree)
    assert (tree.counted, then.counted, then.parts[1].counted) == (NOT_MET, UNKNOWN, MET)
    assert [one.finding.result and one.finding.result.wait for one in missing.short_of_time(tree, then)] == [
        dates.day("2026-12-19")
    ]
    assert why(tree.parts[0]) == TEXT.format("2026-12-19")
    assert why(tree) is None
