"""What makes the reader want plain resources back: a request the visits, a weight the results joined with it."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from priorauth.facts import vocabulary
from priorauth.fhir import bundle
from priorauth.population.ingest.beside import Plain, Want, several
from priorauth.population.ingest.plain.meanings import results
from priorauth.population.ingest.plain.rows import PLAIN, RESULT, TEST, VISIT
from tests.exports import hba1c

KNOWN = vocabulary.load()
FACTS = results(KNOWN)
DAY = 739_891  # 2026-10-02


def plain(*rows: tuple[int, str, str]) -> Plain:
    made = np.zeros(len(rows), PLAIN)
    for number, (kind, name, fact) in enumerate(rows):
        made[number]["kind"], made[number]["id"], made[number]["day"] = kind, name.encode(), DAY
        made[number]["fact"] = FACTS.index(fact) if fact else 0
    (found,) = several(KNOWN, made, [0, len(made)])
    return found


def resource(kind: str, **elements: Any) -> Any:  # a decoded resource
    return bundle.decoder().decode(msgspec.json.encode({**elements, "resourceType": kind}))


def observation(code: str, **more: Any) -> Any:  # a decoded observation
    coded = {"coding": [{"system": "http://loinc.org", "code": code}]}
    return resource("Observation", **{**hba1c("x"), "code": coded, **more})


MIXED = ((TEST, "t", ""), (RESULT, "a", "hba1c"), (RESULT, "w", "body_weight"), (VISIT, "v", ""))
EVENT = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E10.641"}]}
STATE = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9"}]}
AT = {"reference": "Encounter/v"}


@pytest.mark.parametrize(
    ("found", "back"),
    [
        ([], ""),
        ([resource("Claim", id="c")], "v"),
        ([resource("Condition", id="k", code=EVENT, encounter=AT)], "v"),
        ([resource("Condition", id="k", code=EVENT)], ""),
        ([resource("Condition", id="k", code=STATE, encounter=AT)], ""),
        ([observation("2160-0")], "w"),
        ([observation("4548-4")], ""),
        ([observation("29463-7"), resource("Claim", id="c")], "wv"),
    ],
)
def test_some_come_back_for_what_looks_at_them(found: list[Any], back: str) -> None:
    one = plain(*MIXED)
    assert "".join(name.decode() for name in one.rows["id"][one.chosen(one.wanted(found, urns=False))]) == back


def test_visits_come_back_where_something_is_known_by_a_urn() -> None:
    assert plain(*MIXED).wanted([], urns=True) == Want(visits=True, joined=False)


def test_results_that_stand_twice_come_back_and_tests_do_not() -> None:
    one = plain(*MIXED, MIXED[1], (TEST, "t", ""))
    want = one.wanted([], urns=False)
    assert want == Want(visits=False, joined=False, twice=frozenset((b"a", b"t")))
    left = one.without(want)
    assert one.rows["id"][one.chosen(want)].tolist() == [b"a", b"a"]
    assert left.observations == [b"t", b"w", b"t"]
    assert not left.once


def test_a_result_of_which_others_are_made_comes_back_with_all_of_them_where_it_stands_twice() -> None:
    one = plain(*MIXED, (RESULT, "x", "serum_creatinine"), (RESULT, "x", "serum_creatinine"))
    want = one.wanted([], urns=False)
    assert want.joined
    assert one.rows["id"][one.chosen(want)].tolist() == [b"w", b"x", b"x"]
    assert one.without(want).once


def test_all_visits_come_back_where_one_stands_twice() -> None:
    assert plain(*MIXED, MIXED[3]).wanted([], urns=False) == Want(visits=True, joined=False)


@pytest.mark.parametrize(
    ("one", "looks"),
    [
        (resource("Encounter", id="v"), True),
        (resource("Encounter", id="a"), False),
        (resource("Encounter"), True),
        (resource("DiagnosticReport", id="d"), True),
        (observation("4548-4", id="a"), True),
        (observation("4548-4", id="b"), False),
        (observation("4548-4", id="b", status="preliminary"), True),
        (observation("4548-4", id="b", status="preliminary", effectiveDateTime="2026-10-03"), False),
        (observation("4548-4", id="b", status="preliminary", effectiveDateTime=""), True),
        (observation("9318-7", id="b", status="preliminary"), False),
        (observation("41653-7", id="b"), True),
        (resource("Condition", id="a", code=STATE), False),
    ],
)
def test_what_may_have_to_do_with_plain_ones_is_seen(one: Any, looks: bool) -> None:  # noqa: FBT001  # a resource
    assert plain(*MIXED).looks(one) is looks


def test_an_id_of_two_is_not_once_and_one_of_two_types_is() -> None:
    assert not plain((TEST, "a", ""), (RESULT, "a", "hba1c")).once
    assert plain((TEST, "a", ""), (VISIT, "a", "")).once


def test_several_members_are_each_what_they_are_alone() -> None:
    rows = np.concatenate([plain(*MIXED).rows, plain((VISIT, "x", "")).rows, plain(*MIXED[1:3]).rows])
    rows["who"] = [1, 1, 1, 1, 2, 3, 4]
    one, two, three = several(KNOWN, rows, [0, 4, 5, 7])
    assert (one.who, two.who, three.who) == (1, 2, None)
    assert (one.tests, two.tests, three.joined) == (True, False, True)
    assert (one.visits, two.visits, three.visits) == ([b"v"], [b"x"], [])
    assert [row[1] for row in three.measured] == [b"w"]


def test_what_is_left_without_what_is_wanted_is_all_the_rest() -> None:
    left = plain(*MIXED).without(Want(visits=True, joined=True))
    assert (left.observations, left.visits, left.measured, left.joined) == ([b"t", b"a"], [], [], False)
