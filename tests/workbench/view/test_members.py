"""What a change would do to a population: counts of members, and why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.ledger.acts import setup
from priorauth.population import tables
from tests import asking
from tests.ledger.house import done
from tests.workbench.analyst import ANALYST, TRY, analysed
from tests.workbench.house import Desk


@pytest.fixture
def desk(migrated: Path, tmp_path: Path) -> Iterator[Desk]:
    with analysed(migrated, tmp_path) as found:
        yield found


def test_without_a_population_in_the_settings_its_absence_is_said(desk: Desk) -> None:
    assert "name no population" in desk.get(f"{TRY}&members=1", ANALYST).text


def test_a_population_is_counted_and_nobody_is_named(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "members"
    folder.mkdir()
    given = "{hba1c: [{on: 2026-10-02, value: 7.5 %}], motivated: yes}"
    tables.write_cases(folder, [(f"Patient/{n}", asking.case(given)) for n in range(3)])
    more = {"population": str(folder)}
    done(desk.store, setup.SetUp(title="A plan", zone="America/New_York", settings=more))
    page = desk.get(f"{TRY}&members=1", ANALYST).text
    assert "<strong>3</strong> members: 0 gain an approval" in page
    assert "Patient/" not in page


def test_a_folder_that_is_no_population_is_said_to_be_none(desk: Desk, tmp_path: Path) -> None:
    more = {"population": str(tmp_path / "nothing")}
    done(desk.store, setup.SetUp(title="A plan", zone="America/New_York", settings=more))
    assert "The population cannot be read" in desk.get(f"{TRY}&members=1", ANALYST).text
