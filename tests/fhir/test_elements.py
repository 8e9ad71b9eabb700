import msgspec

from priorauth.fhir.elements import Extension, NamedConcept
from priorauth.fhir.structs import Patient


def test_the_words_of_a_concept_are_its_text_and_its_displays_in_lower_case() -> None:
    concept = msgspec.json.decode(b'{"text":"Morphine","coding":[{"display":"MORPHINE Sulfate"}]}', type=NamedConcept)
    assert concept.words == "morphine | morphine sulfate"


def test_extensions_nest() -> None:
    outer = msgspec.json.decode(b'{"url":"a","extension":[{"url":"b","valueCode":"c"}]}', type=Extension)
    assert outer.extension[0].value_code == "c"


def test_a_resource_knows_its_type() -> None:
    assert Patient(id="x").kind == "Patient"


def test_lists_are_not_shared_between_resources() -> None:
    one, two = Patient(), Patient()
    one.identifier.append(one.identifier)  # type: ignore[arg-type]  # anything will do
    assert two.identifier == []
