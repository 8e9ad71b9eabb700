from collections import Counter
from pathlib import Path

from priorauth.glucose.definitions import definitions, rules


def test_every_metric_names_a_source_that_is_listed() -> None:
    table = definitions()
    assert {metric.source for metric in table.metrics.values()} <= set(table.sources)


def test_every_definition_has_an_id_of_its_own() -> None:
    table = definitions()
    hints = table.hints
    ids = [
        *(metric.id for metric in table.metrics.values()),
        table.profile.id,
        table.change.id,
        *(hint.id for hint in (hints.recurrent, hints.long, hints.night, hints.unanswered)),
    ]
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_what_a_summary_prints_is_defined() -> None:
    assert set(definitions().printed) <= set(definitions().metrics)


def test_the_thresholds_are_those_of_the_consensus() -> None:
    given = rules()
    assert (given.very_low, given.low, given.high, given.very_high) == (54, 70, 180, 250)


def test_more_than_120_whole_minutes_are_121() -> None:
    assert rules().extended_low == 121


def test_the_words_of_a_share_say_its_own_figures() -> None:
    for name, metric in definitions().metrics.items():
        figures = [part for part in name.split("_") if part.isdigit()]
        if name.startswith("time_"):
            assert all(figure in metric.says and figure in metric.id for figure in figures), name


def test_the_docs_explain_every_definition_in_the_words_of_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "glucose-definitions.md").read_text("utf-8")
    table = definitions()
    for name, metric in table.metrics.items():
        assert f"| `{name}` | {metric.id} | {metric.says}" in page, name
    hints = table.hints
    named = (table.profile, table.change, hints.recurrent, hints.long, hints.night, hints.unanswered)
    assert [each.id for each in named if each.id not in page] == []
    assert [name for name, source in table.sources.items() if f"**{name}**: {source}" not in page] == []
