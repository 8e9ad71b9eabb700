"""The shipped vocabulary against a table of every code that is kept by hand (tests/data/codes.yaml)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from priorauth.fhir.elements import Coding
from priorauth.record.codes import SYSTEMS, compiled, matches, plain
from priorauth.values import strict_yaml
from priorauth.values.units import show
from tests.record.building import UNITS, VOCABULARY, observation, quantity, rows

KEPT: Any = strict_yaml.read_file(Path(__file__).parent.parent / "data" / "codes.yaml")
TABLES = compiled(VOCABULARY)
CODED = {name: fact for name, fact in VOCABULARY.facts.items() if fact.codes}


def uri(system: str) -> str:
    return SYSTEMS[system][0]


def look(system: str, code: str) -> Any:
    return TABLES.look(uri(system), code)


def words(text: Any) -> list[str]:
    return str(text).replace(",", " ").split()


# ---- facts


@pytest.mark.parametrize("system", KEPT["facts"])
def test_every_code_gives_the_facts_that_the_table_names_and_no_other(system: str) -> None:
    listed = KEPT["facts"][system]
    found = {code: sorted(look(system, code).facts) for code in listed}
    assert found == {code: sorted(words(facts)) for code, facts in listed.items()}


def uncovered(of: str, kept: Any) -> Iterator[str]:
    """Name each pattern of a list of the vocabulary that no code of the table matches."""
    for fact in VOCABULARY.facts.values():
        for system, patterns in getattr(fact, of).items():
            codes = kept(fact.name, system)
            yield from (f"{fact.name}: {system} {p}" for p in patterns if not any(stands(p, one) for one in codes))


def stands(pattern: str, code: str) -> bool:
    return bool(matches({"": (pattern,)}, "", plain(code)))


def test_every_code_of_a_fact_stands_in_the_table() -> None:
    def kept(fact: str, system: str) -> list[str]:
        return [code for code, facts in KEPT["facts"].get(system, {}).items() if fact in words(facts)]

    assert list(uncovered("codes", kept)) == []


def test_every_exception_stands_in_the_table() -> None:
    def kept(fact: str, system: str) -> list[str]:
        return [code for code, facts in KEPT["facts"].get(system, {}).items() if fact not in words(facts)]

    assert list(uncovered("without", kept)) == []


# ---- hints


@pytest.mark.parametrize("fact", KEPT["hints"])
def test_every_code_that_hints_at_a_fact_does_and_settles_nothing(fact: str) -> None:
    for system, codes in KEPT["hints"][fact].items():
        wrong = [code for code in words(codes) if fact not in look(system, code).hints or look(system, code).facts]
        assert wrong == [], system


def test_every_hint_code_stands_in_the_table() -> None:
    def kept(fact: str, system: str) -> list[str]:
        return words(KEPT["hints"].get(fact, {}).get(system, ""))

    assert list(uncovered("hint_codes", kept)) == []


@pytest.mark.parametrize("system", KEPT["no_hint"])
def test_codes_beside_those_that_hint_say_nothing(system: str) -> None:
    assert [code for code in words(KEPT["no_hint"][system]) if any(look(system, code)[:2])] == []


def test_every_exception_of_a_hint_stands_in_the_table() -> None:
    listed = {system: words(codes) for system, codes in KEPT["no_hint"].items()}

    def kept(fact: str, system: str) -> list[str]:
        return [code for code in listed[system] if fact not in look(system, code).hints]

    assert list(uncovered("hint_without", kept)) == []


# ---- what is requested together


def test_every_product_that_is_requested_together_stands_in_the_table() -> None:
    kept = {fact: sorted(words(codes)) for fact, codes in KEPT["requested_together"].items()}
    found = {fact.name: sorted(fact.together["hcpcs"]) for fact in VOCABULARY.facts.values() if fact.together}
    assert found == kept


def test_every_product_whose_approval_is_an_event_stands_in_the_table() -> None:
    kept = {fact: sorted(words(codes)) for fact, codes in KEPT["approved"].items()}
    found = {fact.name: sorted(fact.approved["hcpcs"]) for fact in VOCABULARY.facts.values() if fact.approved}
    assert found == kept


def test_every_product_of_which_a_request_is_a_row_stands_in_the_table_with_its_units() -> None:
    found = {
        fact.name: {code: str(count) for code, count in fact.requested.items()}
        for fact in VOCABULARY.facts.values()
        if fact.requested
    }
    assert found == KEPT["requested_units"]


# ---- values, fasting, filtration rate


@pytest.mark.parametrize("fact", KEPT["values"])
def test_every_code_of_a_value_gives_that_value(fact: str) -> None:
    for value, systems in KEPT["values"][fact].items():
        for system, codes in systems.items():
            found = {code: TABLES.value(fact, [Coding(uri(system), code)]) for code in words(codes)}
            assert found == dict.fromkeys(words(codes), value)


def test_every_code_of_a_value_stands_in_the_table() -> None:
    missing = []
    for fact in VOCABULARY.facts.values():
        for value, systems in fact.value_codes.items():
            for system, patterns in systems.items():
                known = KEPT["values"][fact.name].get(value, {}).get(system.removesuffix("_modifier"), "")
                missing += [f"{value} {one}" for one in patterns if not any(stands(one, c) for c in words(known))]
    assert missing == []


@pytest.mark.parametrize("fact", KEPT["of_no_value"])
def test_codes_beside_those_of_a_value_give_none(fact: str) -> None:
    for system, codes in KEPT["of_no_value"][fact].items():
        assert [code for code in words(codes) if TABLES.value(fact, [Coding(uri(system), code)])] == []


def test_plain_glucose_has_the_codes_of_the_table() -> None:
    assert sorted(VOCABULARY["fasting_glucose"].fasting_codes["loinc"]) == sorted(words(KEPT["fasting"]["loinc"]))
    assert [name for name, fact in VOCABULARY.facts.items() if fact.fasting_codes] == ["fasting_glucose"]


def test_the_filtration_rate_has_the_codes_of_the_table_and_hints_below_fifteen() -> None:
    assert [code for code in words(KEPT["egfr"]) if look("loinc", code).below != ("end_stage_renal_disease",)] == []
    below = VOCABULARY["end_stage_renal_disease"].hint_below
    assert sorted(str(code) for code in below["loinc"]) == sorted(words(KEPT["egfr"]))
    assert (below["value"], below["most"], below["unit"]) == ("15", "250", "mL/min/{1.73_m2}")
    assert [name for name, fact in VOCABULARY.facts.items() if fact.hint_below] == ["end_stage_renal_disease"]


def test_a_pregnancy_status_stands_for_a_pregnancy_with_two_values_alone() -> None:
    codes = {name: fact.code_values for name, fact in VOCABULARY.facts.items() if fact.code_values}
    assert codes == {"pregnancy": {"82810-3": {"snomed": ("77386006",), "loinc": ("LA15173-0",)}}}


# ---- results as rows


@pytest.mark.parametrize("code", KEPT["results"])
def test_a_result_of_each_code_gives_the_row_that_the_table_names(code: str) -> None:
    wanted = KEPT["results"][code]
    fact = words(KEPT["facts"]["loinc"][code])[0]
    (row,) = rows(fact, observation(f"loinc:{code}", quantity(float(wanted["value"]), str(wanted["unit"]))))
    assert row.fault is None
    assert show(row.low, VOCABULARY[fact].resolution) == show(row.high, VOCABULARY[fact].resolution) == wanted["gives"]


def test_every_code_of_a_measurement_has_a_result_in_the_table() -> None:
    measured = {
        code
        for code, facts in KEPT["facts"]["loinc"].items()
        if facts and VOCABULARY[words(facts)[0]].kind == "measurement"
    }
    assert measured == set(KEPT["results"])


# ---- numbers


def test_every_derivation_is_the_one_that_its_source_prints() -> None:
    assert dict(VOCABULARY.derivations) == {name: str(value) for name, value in KEPT["derivations"].items()}


def test_every_number_is_held_in_the_unit_and_the_step_of_the_table() -> None:
    found = {name: (fact.unit, fact.resolution) for name, fact in VOCABULARY.facts.items() if fact.unit is not None}
    kept = {name: str(text).split() for name, text in KEPT["held"].items()}
    assert found == {name: (unit, Fraction(step)) for name, (unit, step) in kept.items()}
    assert [name for name in found if UNITS.conversion(name, found[name][0] or "") is None] == []


# ---- silence, askers


def test_silence_says_no_of_the_facts_of_the_table_alone() -> None:
    assert {name for name, fact in VOCABULARY.facts.items() if fact.silent_no} == set(words(KEPT["silence"]))


@pytest.mark.parametrize("who", KEPT["asked_of"])
def test_questions_go_to_whom_the_table_names(who: str) -> None:
    assert {name for name, fact in VOCABULARY.facts.items() if fact.asked_of == who} == set(
        words(KEPT["asked_of"][who])
    )
