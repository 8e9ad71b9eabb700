"""A version of a policy as its page shows it: the outline, the readings and what rests on them, facts and rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from priorauth.policy.catalog import open_catalog, reading_of
from priorauth.server.problem import Problem
from priorauth.workbench.view import policy

EVERY = open_catalog().policies
MASSHEALTH = "masshealth/insulin-pumps"
TODAY = date(2026, 11, 24)


def every(line: policy.Line) -> Iterator[policy.Line]:
    yield line
    for part in line.parts:
        yield from every(part)


@pytest.mark.parametrize("name", EVERY)
def test_every_criterion_that_a_reading_is_used_by_stands_on_the_page(name: str) -> None:
    catalog = open_catalog()
    shown = policy.shown(catalog, policy.version_of(catalog, name, "", TODAY))
    ids = {line.id for part in shown.parts for root in part.lines for line in every(root) if line.id}
    for reading in shown.readings:
        routed = [says for part in shown.parts for says in part.says]
        for used in reading.used_by:
            assert used in ids or any(says.startswith(f"{used}:") for says in routed), (reading.name, used)
    assert len({fact.name for fact in shown.facts}) == len(shown.facts) > 0
    assert len({rule.id for rule in shown.rules}) == len(shown.rules) > 0


def test_a_reading_shows_its_value_today_and_that_of_the_file() -> None:
    catalog = open_catalog().with_readings({reading_of(MASSHEALTH, "hba1c_age"): "6 months"})
    shown = policy.shown(catalog, policy.version_of(catalog, MASSHEALTH, "", TODAY))
    (age,) = [one for one in shown.readings if one.name == "hba1c_age"]
    assert (age.title, age.value, age.standard) == ("HbA1c age", "6 months", "12 months")
    assert age.used_by == ("II.A.T.7",)


def test_the_version_of_a_day_is_shown_and_any_that_is_named() -> None:
    catalog, name = open_catalog(), "caresource/insulin-infusion-pump"
    for day, first, wanted in (
        (TODAY, "", "2026-05-01"),
        (date(2026, 4, 30), "", "2025-02-26"),
        (TODAY, "2025-02-26", "2025-02-26"),
        (date(1999, 1, 1), "", "2026-05-01"),
    ):
        assert policy.version_of(catalog, name, first, day).file.endswith(f"{wanted}.yaml")
    with pytest.raises(Problem):
        policy.version_of(catalog, name, "1999-01-01", TODAY)


def test_a_criterion_with_numbered_ones_below_it_is_not_folded() -> None:
    catalog = open_catalog()
    shown = policy.shown(catalog, policy.version_of(catalog, MASSHEALTH, "", TODAY))
    found = {line.id: line.numbered for part in shown.parts for root in part.lines for line in every(root)}
    assert (found["II.A.T.8"], found["II.A.T.8.a"]) == (True, False)


def test_a_text_that_was_not_read_is_named_over_the_older_one() -> None:
    catalog = open_catalog()
    for day, first in ((date(2026, 11, 28), ""), (TODAY, "2026-11-28")):
        shown = policy.shown(catalog, policy.version_of(catalog, MASSHEALTH, first, day))
        assert shown.first == "2016-01-01"
        assert shown.doubt.startswith("has a newer one over it from 28 Nov 2026 on, Guidelines for Medical Necessity")
