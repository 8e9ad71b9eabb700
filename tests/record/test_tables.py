from pathlib import Path
from typing import Any

import pytest

from priorauth.record import tables
from priorauth.values import strict_yaml
from tests.record.building import VOCABULARY


def test_every_route_is_a_value_of_the_vocabulary() -> None:
    assert set(tables.ROUTES.values()) <= set(VOCABULARY["infusion_route"].values)


def test_every_insulin_with_a_role_is_an_insulin_of_the_vocabulary_and_each_has_one() -> None:
    assert set(tables.INSULIN_ROLES) == set(VOCABULARY["insulin_treatment"].codes["rxnorm"])


def test_every_insulin_pump_is_a_product_of_the_vocabulary() -> None:
    assert set(tables.INSULIN_PUMPS) <= set(VOCABULARY["product_code"].values)


def test_insulin_antibodies_are_antibodies() -> None:
    assert set(VOCABULARY["beta_cell_autoantibody"].codes["loinc"]) >= tables.INSULIN_ANTIBODIES


def test_no_meal_is_before_and_after_at_once() -> None:
    assert (tables.MEAL_BEFORE | tables.MEAL_FASTING).isdisjoint(tables.MEAL_AFTER)


def test_documents_known_by_words_are_documents() -> None:
    assert all(VOCABULARY[fact].document for fact in tables.PHRASES)


def test_each_kind_of_certification_is_first_or_continues_or_looks_again() -> None:
    kinds = set(tables.CERTIFICATION.values())
    assert kinds == {"initial"} | tables.CONTINUES | tables.REVIEWED_ANEW
    assert tables.WITHDRAWN not in tables.CERTIFICATION


KEPT: Any = strict_yaml.read_file(Path(__file__).parent.parent / "data" / "reader_codes.yaml")
MAPPINGS = {"insulin_roles", "insulin_atc_roles", "routes", "certification"}


def kept(name: str) -> object:
    """Give a table as it is kept by hand: a mapping, a code, or a set of codes."""
    listed = KEPT[name]
    if name in MAPPINGS:
        return {str(code): str(meant) for code, meant in listed.items()}
    if name == "times_a_day":
        return {code: tuple(map(int, str(often).split())) for code, often in listed.items()}
    if name == "sex_codes":
        return {sex: set(str(codes).split()) for sex, codes in listed.items()}
    codes = str(listed).split()
    if name in ("fasted", "fasting_not_said"):
        return {tuple(code.split("|")) for code in codes}
    return codes[0] if isinstance(getattr(tables, name.upper()), str) else set(codes)


@pytest.mark.parametrize("name", KEPT)
def test_every_code_of_a_table_is_the_one_that_its_source_names(name: str) -> None:
    found = getattr(tables, name.upper())
    if name == "sound_specimen":
        found = found - {""}  # no status is no fault
    assert (found if isinstance(found, str | dict) else set(found)) == kept(name)


def test_every_table_of_codes_is_kept_by_hand() -> None:
    words = {"INSULIN_WORDS", "NOT_INSULIN_WORDS", "INSULIN_PUMP_WORDS", "PHRASES", "INGREDIENT_NAMES"}
    systems = {"SEX_URLS", "FASTING_SYSTEMS", "CERTIFICATION_URL", "CLINICAL_NOTE", "INITIAL", "MEALS_A_DAY"}
    found = {name for name in vars(tables) if name.isupper()}
    assert found - words - systems == {name.upper() for name in KEPT}
    assert (tables.INITIAL, tables.MEALS_A_DAY, tables.CLINICAL_NOTE) == ("I", 3, "clinical-note")
