import pytest

from priorauth.facts import vocabulary
from priorauth.glucose.definitions import definitions
from priorauth.glucose.page.choice import Choice, Unit

MMOL = Choice(unit="mmol/L")


@pytest.mark.parametrize(
    ("glucose", "mmol"),
    [(54, "3.0"), (63, "3.5"), (70, "3.9"), (140, "7.8"), (154, "8.5"), (180, "10.0"), (250, "13.9")],
)
def test_every_limit_in_mmol_is_the_published_one(glucose: int, mmol: str) -> None:
    assert (Choice().amount(glucose), MMOL.amount(glucose)) == (f"{glucose}", mmol)


@pytest.mark.parametrize(("unit", "low", "high"), [("mg/dL", "69", "181"), ("mmol/L", "3.8", "10.1")])
def test_the_value_next_to_a_limit_is_the_published_end_of_the_next_zone(unit: Unit, low: str, high: str) -> None:
    choice = Choice(unit=unit)
    assert (choice.beside(70, above=False), choice.beside(180, above=True)) == (low, high)


def test_the_factor_is_that_of_the_vocabulary() -> None:
    assert str(definitions().mg_dl_per_mmol_l) == str(vocabulary.load().derivations["glucose_mg_dl_per_mmol_l"])


def test_nothing_chosen_is_adults_in_mg_dl() -> None:
    assert (Choice().goals, Choice().said(99.6)) == (definitions().goals["adult"], "100 mg/dL")
