"""The types of parameters: what each takes, what it says of anything else, what completes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from priorauth.cli import parameters
from priorauth.cli.parameters import Day, FactValue, Location, OneOf, Pair, PolicyId, Version, Whole
from priorauth.errors import InputRefused
from priorauth.values.dates import iso
from tests.policy.files import folder

HUSKY = "husky/ambulatory-infusion-pumps"
PARAMETER = click.Option(["--x"])


def completed(kind: click.ParamType[Any], incomplete: str, *folders: Path) -> list[str]:
    context = click.Context(click.Command("x"))
    context.params["policies"] = folders
    return [item.value for item in kind.shell_complete(context, PARAMETER, incomplete)]


def fault(kind: click.ParamType[Any], value: str) -> str:
    with pytest.raises(click.BadParameter) as refused:
        kind.convert(value, None, None)
    return refused.value.message


def test_a_location_is_a_path_or_a_place_in_a_store() -> None:
    assert Location().convert("tables/one", None, None) == Path("tables/one")
    found = Location().convert("s3://bucket/tables?region=a", None, None)
    assert (str(found), found.address) == ("s3://bucket/tables", "s3://bucket/tables?region=a")


def test_a_day_is_a_number() -> None:
    assert iso(Day().convert("2026-11-20", None, None)) == "2026-11-20"
    assert Day().convert(739_000, None, None) == 739_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-13-40", "expected a date that exists, found '2026-13-40'"),
        ("2026-11", "expected a full date (YYYY-MM-DD), found '2026-11'"),
        ("soon", "expected a FHIR date (YYYY, YYYY-MM, YYYY-MM-DD or a date with time), found 'soon'"),
    ],
)
def test_what_is_no_day_is_said(text: str, said: str) -> None:
    assert fault(Day(), text) == said


def test_a_pair_is_a_name_and_a_value_without_blanks_around() -> None:
    assert Pair().convert("b = 2 months", None, None) == ("b", "2 months")
    assert Pair().convert("b=x=y", None, None) == ("b", "x=y")
    assert Pair().convert(("b", "1"), None, None) == ("b", "1")
    for text in ("a", "a=", "=1", " = ", ""):
        assert fault(Pair(), text) == f"expected NAME=VALUE, found {text!r}"


def test_a_whole_number_may_have_a_least() -> None:
    assert (Whole().convert("-3", None, None), Whole(1).convert("1", None, None)) == (-3, 1)
    assert fault(Whole(), "1.5") == "expected a whole number, found '1.5'"
    assert fault(Whole(1), "0") == "expected at least 1, found 0"


def test_a_word_is_one_of_a_few() -> None:
    kind = OneOf("text", "json")
    assert kind.convert("json", None, None) == "json"
    assert fault(kind, "jso") == "expected one of text, json, found 'jso'"
    assert completed(kind, "j") == ["json"]
    assert kind.get_metavar(PARAMETER, click.Context(click.Command("x"))) == "text|json"


def test_a_value_of_a_fact_is_one_that_the_vocabulary_lists() -> None:
    kind = FactValue("request_kind", "KIND")
    assert kind.convert("initial", None, None) == "initial"
    assert fault(kind, "first").startswith("expected one of initial")
    assert completed(kind, "ini") == ["initial"]


def test_a_version_is_the_newest_or_that_of_a_day() -> None:
    kind = Version()
    newest = kind.convert(HUSKY, None, None)
    assert (newest.version, kind.convert(newest, None, None)) == ("December 2024", newest)
    assert kind.convert(f"{HUSKY}@2024-02-01", None, None).version == "December 2023"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("none", "no policy is named 'none'; expected one of anthem/cg-dme-01"),
        (f"{HUSKY}@2024-02-02", f"{HUSKY} has no version '2024-02-02'; expected one of 2024-02-01"),
    ],
)
def test_a_version_that_there_is_not_is_refused_with_those_there_are(text: str, said: str) -> None:
    with pytest.raises(InputRefused) as refused:
        Version().convert(text, None, None)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("kind", [PolicyId(), Version()])
def test_ids_and_days_of_policies_complete(kind: click.ParamType[Any], tmp_path: Path) -> None:
    assert completed(kind, "hus") == [HUSKY]
    assert completed(kind, f"{HUSKY}@") == [f"{HUSKY}@2024-02-01", f"{HUSKY}@2024-12-27"]
    assert completed(kind, "x/y@") == []
    folder(tmp_path)
    assert completed(kind, "payer-x") == []
    assert completed(kind, "payer-x", tmp_path) == ["payer-x/pumps"]


def test_the_newest_versions_are_one_a_policy() -> None:
    found = parameters.newest(parameters.opened(()))
    assert len({policy.id for policy in found}) == len(found) > 4
    assert "December 2024" in {policy.version for policy in found}
