"""What a plan says of its exchange: read strictly, with the place of what is wrong."""

from __future__ import annotations

import pytest

from priorauth.errors import InputRefused
from priorauth.exchange.plan import HOOKS, VERSIONS, Partner, plan_of


def test_where_nothing_is_said_both_versions_and_five_hooks_are_served_and_no_number_is_given_unasked() -> None:
    found = plan_of({})
    assert (found.versions, found.hooks, found.unsolicited) == (VERSIONS, HOOKS, False)
    assert "encounter-discharge" not in found.hooks


def test_what_is_said_is_read() -> None:
    said = {"payer": {"name": "A Plan"}, "partners": {"ehr": {"organisation": "clinic", "versions": ["2.0"]}}}
    found = plan_of({"exchange": said})
    assert found.payer.name == "A Plan"
    assert found.partners == {"ehr": Partner(organisation="clinic", versions=("2.0",))}


def test_numbers_and_switches_may_be_written_as_words_as_a_tenants_file_has_them() -> None:
    found = plan_of({"exchange": {"most_bytes": "1000", "unsolicited": True}})
    assert (found.most_bytes, found.unsolicited) == (1000, True)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"payr": {}}, "payr"),
        ({"payer": {"nam": "A Plan"}}, "payer"),
        ({"versions": ["3.0"]}, r"versions"),
        ({"partners": {"ehr": {"jwk": {}}}}, "partners"),
        ({"hooks": ["patient-view"]}, "hooks"),
        ({"forms": "paper"}, "forms"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(said: dict[str, object], wrong: str) -> None:
    with pytest.raises(InputRefused, match=wrong):
        plan_of({"exchange": said})
