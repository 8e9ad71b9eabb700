import msgspec

from priorauth.fhir.structs import Coverage, Encounter, ObservationHead


def test_the_element_called_class_is_read_in_both_its_shapes() -> None:
    coverage = msgspec.json.decode(b'{"resourceType":"Coverage","class":[{"value":"gold"}]}', type=Coverage)
    encounter = msgspec.json.decode(b'{"resourceType":"Encounter","class":{"code":"AMB"}}', type=Encounter)
    assert [one.value for one in coverage.class_] == ["gold"]
    assert encounter.class_ is not None
    assert encounter.class_.code == "AMB"


def test_elements_that_are_not_used_are_skipped_whatever_they_hold() -> None:
    read = msgspec.json.decode(b'{"resourceType":"Encounter","id":"x","priority":[[[7]]]}', type=Encounter)
    assert read.id == "x"


def test_the_head_of_an_observation_is_an_observation() -> None:
    assert ObservationHead(id="o").kind == "Observation"
