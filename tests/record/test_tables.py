from priorauth.record import tables
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


def test_kinds_of_request_are_values_of_the_vocabulary() -> None:
    assert set(tables.CERTIFICATION.values()) <= set(VOCABULARY["request_kind"].values)
