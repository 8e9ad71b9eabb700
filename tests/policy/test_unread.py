"""A text that is known and was not read hands every request to a person, in every engine, from its first day on."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.engines.python.outcome import decide
from priorauth.engines.solver.outcome import world
from priorauth.errors import PolicyFaults
from priorauth.policy.catalog import Catalog, open_catalog
from priorauth.values.dates import day
from tests import asking
from tests.policy.files import NOTICE, SMALL, folder
from tests.policy.files import unread as notice
from tests.population.held import decided


def on(catalog: Catalog, iso: str) -> str | None:
    """Give the title of the text that was not read in force on a day, if one is."""
    found = catalog.in_force("payer-x/pumps", dict.fromkeys(("request", "service", "receipt"), day(iso)))
    assert found is not None
    return found.unread.title if found.unread else None


def test_it_is_in_force_from_its_first_day_on_and_not_a_day_sooner(tmp_path: Path) -> None:
    notice(tmp_path)
    catalog = open_catalog(tmp_path)
    assert (on(catalog, "2026-05-31"), on(catalog, "2026-06-01")) == (None, "Pumps anew")


def test_a_version_that_begins_later_and_was_read_decides_again(tmp_path: Path) -> None:
    notice(tmp_path)
    folder(tmp_path, SMALL.replace("2020-01-01", "2026-09-01"), first="2026-09-01")
    catalog = open_catalog(tmp_path)
    assert (on(catalog, "2026-08-31"), on(catalog, "2026-09-01")) == ("Pumps anew", None)


def test_it_is_no_version_of_its_own_and_is_found_by_its_day(tmp_path: Path) -> None:
    notice(tmp_path)
    catalog = open_catalog(tmp_path)
    assert [one.unread for one in catalog.versions("payer-x/pumps")] == [None]
    assert {
        first: (one.version, one.unread and one.unread.version) for first, one in catalog.at("payer-x/pumps").items()
    } == {"2020-01-01": ("one", None), "2026-06-01": ("one", "two")}


def test_python_duckdb_and_the_solver_all_leave_every_request_to_a_person(tmp_path: Path) -> None:
    notice(tmp_path)
    catalog = open_catalog(tmp_path)
    older, newer = catalog.at("payer-x/pumps").values()
    given = ("hba1c: [{on: 2026-10-01, value: 8.0 %}]", "hba1c: [{on: 2026-10-01, value: 6.0 %}]", "{}")
    cases = [asking.case(text) for text in given]
    by_older = [decide(older, case, catalog.vocabulary).outcome for case in cases]
    assert by_older == ["approve", "clinical-review", "request-information"]
    made = [decide(newer, case, catalog.vocabulary) for case in cases]
    assert [(one.outcome, one.older, one.decide_after) for one in made] == [
        ("clinical-review", said, None) for said in by_older
    ]
    rows = decided(newer, cases, catalog.vocabulary)
    assert [(row["outcome"], row["questions"], row["decide_after"]) for row in rows] == [
        ("clinical-review", "", None)
    ] * 3
    asked = world((newer,), catalog.vocabulary, ())
    outcomes = asked.one.verdict().outcomes
    assert [name for name, held in outcomes.items() if asked.ask(held) is not None] == ["clinical-review"]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (NOTICE.replace("says: A newer text was not read.\n", ""), "2026-06-01", r":1: expected `says:`"),
        (NOTICE + "pathways: []\n", "2026-06-01", r":7: a text that was not read has no key 'pathways'"),
        (NOTICE, "2026-06-02", r":4: expected a first day of 2026-06-02, as the file's name says"),
        (NOTICE.replace("payer-x/", "payer-y/"), "2026-06-01", r":1: expected `policy: payer-x/pumps`"),
        (NOTICE.replace("payer-x/pumps", "Pumps"), "2026-06-01", r":1: expected a policy id"),
        (NOTICE.replace("2026-06-01", "2019-06-01"), "2019-06-01", r":1: expected a version that begins before it"),
        (NOTICE.replace("2026-06-01", "soon"), "2026-06-01", r":4: from: "),
    ],
)
def test_what_is_wrong_with_it_is_refused_with_its_line(tmp_path: Path, text: str, name: str, said: str) -> None:
    notice(tmp_path, text, name)
    with pytest.raises(PolicyFaults, match=rf"{name}\.unread\.yaml{said}"):
        open_catalog(tmp_path)
