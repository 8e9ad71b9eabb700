"""What texts mean is what the reader makes of them; whatever could be looked at together with others is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import priorauth.record
from priorauth.facts import vocabulary
from priorauth.population.ingest.plain.meanings import JOINED, OF_METER, REFUSED, VOID, Meanings, results
from priorauth.record.codes import compiled
from priorauth.record.quantities import scales
from priorauth.values import units
from tests.population.ingest.plain.records import VISIT, VISIT_BESIDE

KNOWN = vocabulary.load()


@pytest.fixture
def meanings() -> Meanings:
    return Meanings(compiled(KNOWN), scales(KNOWN, units.load()))


def coded(code: str) -> bytes:
    return f'{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}'.encode()


def test_no_reader_names_a_fact_of_which_results_stand_for_themselves() -> None:
    texts = [path.read_text() for path in Path(priorauth.record.__file__).parent.rglob("*.py")]
    alone = [fact for fact in results(KNOWN) if fact not in JOINED]
    assert "hba1c" in alone
    assert not [fact for fact in alone for text in texts if f'"{fact}"' in text]


def test_what_is_made_of_joined_results_is_made_of_nothing_else() -> None:
    texts = {path.name: path.read_text() for path in Path(priorauth.record.__file__).parent.rglob("*.py")}
    assert {name for name, text in texts.items() for fact in JOINED if f'"{fact}"' in text} == {"labs.py"}


@pytest.mark.parametrize("code", ["41653-7", "4548-4", "29463-7"])
def test_a_code_of_one_fact_is_plain_and_leads_to_it(code: str, meanings: Meanings) -> None:
    meant = meanings.of("code", coded(code))[0]
    fact = compiled(KNOWN).look("http://loinc.org", code).facts
    assert meant == OF_METER or fact == (results(KNOWN)[meanings.fact(meant)],)


@pytest.mark.parametrize("code", ["1986-9", "1558-6", "99504-3", "56540-8", "2093-3"])
def test_a_code_of_what_is_looked_at_together_with_others_is_refused(code: str, meanings: Meanings) -> None:
    assert meanings.of("code", coded(code))[0] == REFUSED


def test_a_value_means_what_its_fact_says(meanings: Meanings) -> None:
    code = meanings.of("code", coded("4548-4"))[0]
    text = b'{"value":8.1,"unit":"%"}'
    assert meanings.of("value", text, code)[0] == Fraction("8.1") / KNOWN["hba1c"].resolution
    assert meanings.of("value", text, OF_METER)[0] == REFUSED
    assert meanings.of("value", b'{"value":8.1,"unit":"%","comparator":"<"}', code)[0] == REFUSED


def test_ranges_and_interpretations_may_be_any_that_the_reader_can_decode(meanings: Meanings) -> None:
    assert meanings.of("range", b'[{"low":{"value":4},"text":"normal"}]')[0] == 1
    assert meanings.of("interpretation", b'[{"coding":[{"code":"H"}]}]')[0] == 1
    assert {meanings.of("range", text)[0] for text in (b"null", b"[4]", b'[{"low":4}]')} == {REFUSED}


def test_a_visit_is_over_on_or_out_and_else_refused(meanings: Meanings) -> None:
    found = {text: meanings.of("visit", text)[0] for text in (b'"finished"', b'"cancelled"', b'"unknown"', b"5")}
    assert list(found.values()) == [1, VOID, REFUSED, REFUSED]


def test_what_usual_visits_hold_is_plain_and_names_keep_their_numbers(meanings: Meanings) -> None:
    for element, text in [*VISIT.items(), *VISIT_BESIDE.items()]:
        name = {"serviceProvider": "provider", "status": "visit"}.get(element, element)
        if name in ("class", "type", "participant", "provider"):
            assert all(meanings.of(name, each.encode())[0] >= 0 for each in text)
    one = meanings.of("participant", b'[{"individual":{"reference":"Practitioner/d1"}}]')[0]
    assert meanings.names[one] == ("Practitioner/d1",)
    assert meanings.of("provider", b'{"reference":"Practitioner/d1"}')[0] == one
