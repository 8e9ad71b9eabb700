from priorauth.fhir.elements import Coding, Concept
from priorauth.record.chart import codings, has_code
from tests.record.building import rows

ONE = Concept(coding=(Coding("a", "1"), Coding("b", "2")))


def test_codes_are_those_of_every_concept_there_is() -> None:
    assert [coding.code for coding in codings(ONE, None, Concept(coding=(Coding("c", "3"),)))] == ["1", "2", "3"]


def test_a_required_code_counts_in_whatever_system() -> None:
    assert has_code([None, ONE], {"2"})
    assert not has_code([ONE], {"a"})
    assert not has_code([], {"1"})


def test_only_female_and_male_are_a_sex_for_the_record() -> None:
    assert [row.text for row in rows("sex", Patient={"gender": "male"})] == ["male"]
    assert rows("sex", Patient={"gender": "unknown"}) == ()
