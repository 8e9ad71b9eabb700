"""Two versions are equivalent, or a patient shows how they differ."""

from __future__ import annotations

from pathlib import Path

from priorauth.assurance.compare import Compared, compare, in_force
from priorauth.assurance.diff import diff, meanings
from priorauth.values import dates
from tests.assurance.planted import SOUND, catalog, laid


def compared(folder: Path, old: str, new: str) -> dict[str, Compared]:
    return {one.pathway: one for one in compare(laid(catalog(folder, d2020=old, d2024=new)))}


def test_the_same_text_twice_is_equivalent(tmp_path: Path) -> None:
    found = compared(tmp_path, SOUND, SOUND)
    assert found.keys() == {"first"}
    assert found["first"].relation == "equivalent"


def test_a_lower_threshold_is_looser_and_a_patient_shows_it(tmp_path: Path) -> None:
    found = compared(tmp_path, SOUND.replace("> 7.0 %", "> 6.5 %"), SOUND)["first"]
    assert found.relation == "looser"
    assert found.here is not None
    assert found.here.outcomes == ("approve", "clinical-review")
    assert found.here.hurdles[1] == ("A.1",)


def test_one_criterion_more_is_stricter(tmp_path: Path) -> None:
    more = SOUND.replace("        - {id: A.2", "        - diabetes\n        - {id: A.2")
    assert compared(tmp_path, more, SOUND)["first"].relation == "stricter"


def test_a_lower_threshold_with_a_criterion_more_is_incomparable(tmp_path: Path) -> None:
    other = SOUND.replace("> 7.0 %", "> 6.5 %").replace("        - {id: A.2", "        - diabetes\n        - {id: A.2")
    assert compared(tmp_path, other, SOUND)["first"].relation == "incomparable"


def test_a_window_of_365_days_is_not_one_of_12_months(tmp_path: Path) -> None:
    found = compared(tmp_path, SOUND, SOUND.replace("hba1c within 12 months", "hba1c within 366 days"))["first"]
    assert found.relation == "stricter"


def test_a_criterion_said_otherwise_with_the_same_meaning_is_the_same(tmp_path: Path) -> None:
    said = SOUND.replace(
        "{id: A.2, title: Motivated, when: motivated}", "{id: A.2, title: Motivated, any: [motivated]}"
    )
    known = catalog(tmp_path, d2020=SOUND, d2024=said)
    one, two = known.versions("payer-x/monitors")
    assert [(change.id, change.kind) for change in diff(one, two)] == [("A.2", "test changed")]
    assert meanings(laid(known))["A.2"]


def test_a_diff_names_what_was_added_removed_moved_and_read_otherwise(tmp_path: Path) -> None:
    new = SOUND.replace("A.2, title: Motivated", "A.9, title: Motivated")
    new = new.replace(
        "{id: X.1, title: Only for convenience,", "{id: X.1, reading: Also in part., title: Only for convenience,"
    )
    new = new.replace(
        "documents:\n  - {id: D.1, title: Notes, when: documented clinical_notes_dated within 12 months}\n",
        "documents:\n  - {id: D.0, title: Papers, all: [{id: D.1, title: Notes, "
        "when: documented clinical_notes_dated within 12 months}]}\n",
    )
    one, two = catalog(tmp_path, d2020=SOUND, d2024=new).versions("payer-x/monitors")
    changes = {(change.id, change.kind) for change in diff(one, two)}
    assert changes == {
        ("A.2", "removed"),
        ("A.9", "added"),
        ("D.0", "added"),
        ("D.1", "moved"),
        ("X.1", "reading changed"),
    }


def test_what_a_person_decides_is_a_hurdle_too(tmp_path: Path) -> None:
    handed = SOUND + "reserved:\n  - {id: R.1, title: A person, when: motivated}\n"
    found = compared(tmp_path, SOUND, handed)["first"]
    assert found.here is not None
    assert (found.here.outcomes, found.here.hurdles) == (("approve", "clinical-review"), ((), ("R.1",)))


def test_a_version_is_in_force_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    old, new = laid(catalog(tmp_path, d2020=SOUND, d2024=SOUND)).policies
    days = ("2019-12-31", "2020-01-01", "2023-12-31", "2024-01-01", "2040-01-01")
    assert [in_force(old, dates.day(day)) for day in days] == [False, True, True, False, False]
    assert [in_force(new, dates.day(day)) for day in days] == [False, False, False, True, True]
