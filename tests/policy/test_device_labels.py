"""Tables of labels: what a row may hold, which uses it allows from a day on, and the faults of a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary
from priorauth.policy.catalog import open_catalog
from priorauth.policy.device_labels import EVERY, NONE, Ages, Labels, Use, load, uses
from priorauth.values.dates import day

VOCABULARY = vocabulary.load()
ROW = "{from: 2020-01-01, ages: 6 years, source: a page, confidence: H}"


def table(place: Path, *rows: str, device: str = "dexcom-g6", fact: str = "glucose_monitor_model") -> Path:
    file = place / "device-labels.yaml"
    lines = [f"      - {row}" for row in rows]
    file.write_text("\n".join(["labels:", f"  {fact}:", f"    {device}:", *lines]) + "\n", encoding="utf-8")
    return file


def read(place: Path, *rows: str) -> Labels:
    return load(table(place, *rows), VOCABULARY)


def allowed(place: Path, since: str, *rows: str, condition: str = EVERY) -> list[Use]:
    return list(uses(read(place, *rows).of["glucose_monitor_model"], day(since), condition))


def faults(file: Path, over: Labels = NONE) -> list[str]:
    with pytest.raises(PolicyFaults) as refused:
        load(file, VOCABULARY, over)
    return [str(fault).rpartition("device-labels.yaml:")[2] for fault in refused.value.faults]


def test_a_label_that_holds_on_the_first_day_is_not_asked_for_its_day_and_a_later_one_is(tmp_path: Path) -> None:
    assert allowed(tmp_path, "2020-01-01", ROW) == [Use(EVERY, Ages(6, None), False, None, None)]
    (later,) = allowed(tmp_path, "2019-12-31", ROW)
    assert later.first == day("2020-01-01")


def test_a_label_holds_until_the_next_unless_that_allows_all_that_it_did(tmp_path: Path) -> None:
    wider = ROW.replace("2020", "2022").replace("6 years", "2 years")
    assert [(one.ages.youngest, one.until) for one in allowed(tmp_path, "2021-01-01", ROW, wider)] == [
        (6, None),
        (2, None),
    ]
    narrower = ROW.replace("2020", "2022").replace("6 years", "14..75 years")
    assert [(one.ages, one.until) for one in allowed(tmp_path, "2021-01-01", ROW, narrower)] == [
        (Ages(6, None), day("2021-12-31")),
        (Ages(14, 75), None),
    ]


def test_labels_that_follow_one_another_and_allow_the_same_are_one_use(tmp_path: Path) -> None:
    assert len(allowed(tmp_path, "2000-01-01", ROW, ROW.replace("2020", "2022"))) == 1


def test_a_label_that_is_over_on_the_first_day_allows_nothing(tmp_path: Path) -> None:
    narrower = ROW.replace("2020", "2022").replace("6 years", "14 years")
    assert [one.ages.youngest for one in allowed(tmp_path, "2022-01-01", ROW, narrower)] == [14]


def test_an_adjunctive_label_does_not_allow_what_one_before_it_did(tmp_path: Path) -> None:
    found = allowed(
        tmp_path, "2021-01-01", ROW, ROW.replace("2020", "2022").replace("source", "adjunctive: yes, source")
    )
    assert [(one.adjunctive, one.until is None) for one in found] == [(False, False), (True, True)]


def test_only_what_is_for_a_condition_or_for_any_is_kept_where_one_is_asked_for(tmp_path: Path) -> None:
    row = ROW.replace("6 years", "{type_1_diabetes: 2 years, type_2_diabetes: 18 years}")
    assert [(one.condition, one.ages.youngest) for one in allowed(tmp_path, "2021-01-01", row)] == [
        ("type_1_diabetes", 2),
        ("type_2_diabetes", 18),
    ]
    (one,) = allowed(tmp_path, "2021-01-01", row, condition="type_2_diabetes")
    assert (one.condition, one.ages.youngest) == (EVERY, 18)


def test_labels_before_a_day_are_those_that_begin_before_it(tmp_path: Path) -> None:
    labels = read(tmp_path, ROW, ROW.replace("2020", "2022"))
    assert labels.before(None) is labels
    assert [one.first for one in labels.before(day("2022-01-01")).of["glucose_monitor_model"]] == [day("2020-01-01")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "{from: 2020-01-01, age: 6 years, source: a, confidence: H}",
            "a label has no key 'age'; expected from, ages",
        ),
        (ROW.replace("6 years", "6"), "4: dexcom-g6: expected ages in years, like 2 years or 14..75 years; found 6"),
        (ROW.replace("6 years", "6 months"), "4: dexcom-g6: expected ages in years"),
        (ROW.replace("6 years", "75..14 years"), "4: dexcom-g6: expected the younger age first, found 75..14 years"),
        (ROW.replace("6 years", "{type_1_diabetis: 6 years}"), "did you mean 'type_1_diabetes'?"),
        (ROW.replace("2020-01-01", "2020-13-01"), "4: dexcom-g6: from: "),
        (ROW.replace("confidence: H", "confidence: X"), "4: dexcom-g6: expected confidence, one of H, M, L"),
        (ROW.replace("source", "adjunctive: maybe, source"), "4: dexcom-g6: expected adjunctive, one of yes, no"),
        (ROW.replace("source: a page, ", ""), "4: dexcom-g6: expected `source:` of a label"),
        ("a label", "4: dexcom-g6: expected a label with from, ages"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    assert any(said in fault for fault in faults(table(tmp_path, row)))


def test_two_labels_of_one_device_and_day_are_refused(tmp_path: Path) -> None:
    (found,) = faults(table(tmp_path, ROW, ROW))
    assert found == "5: dexcom-g6 has a label of 2020-01-01 already, in line 4"


def test_devices_and_attributes_that_the_vocabulary_has_not_are_refused_with_the_nearest(tmp_path: Path) -> None:
    (found,) = faults(table(tmp_path, ROW, device="dexcom-g66"))
    assert found == "3: glucose_monitor_model has no value 'dexcom-g66'; did you mean 'dexcom-g6'?"
    (found,) = faults(table(tmp_path, ROW, fact="glucose_monitor_modell"))
    assert found.endswith("did you mean 'glucose_monitor_model'?")
    assert "no value 'other'" in faults(table(tmp_path, ROW, device="other"))[0]


def test_a_device_that_another_table_has_is_refused(tmp_path: Path) -> None:
    (found,) = faults(table(tmp_path, ROW), read(tmp_path, ROW))
    assert found == "3: the labels of dexcom-g6 stand in the shipped table, or in that of another folder"


@pytest.mark.parametrize(
    "text", ["labels: []\n", "table: {}\n", "labels: {glucose_monitor_model: {dexcom-g6: 2 years}}\n"]
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "device-labels.yaml"
    file.write_text(text, encoding="utf-8")
    assert faults(file)


def test_the_hash_is_that_of_all_tables_together(tmp_path: Path) -> None:
    one = read(tmp_path, ROW)
    assert one.sha256 not in (NONE.sha256, read(tmp_path, ROW, ROW.replace("2020", "2021")).sha256)


def test_every_shipped_label_has_its_source_and_every_device_of_the_vocabulary_a_label() -> None:
    shipped = open_catalog().labels
    assert all(label.source.startswith("https://") for labels in shipped.of.values() for label in labels)
    for fact, labels in shipped.of.items():
        assert {*(label.device for label in labels), "other"} == set(VOCABULARY[fact].values)
