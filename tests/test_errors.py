"""What is refused is an error of one class, its faults are data, and ``str()`` gives what the command line prints."""

from __future__ import annotations

import pickle

import pytest

from priorauth.errors import Fault, InputRefused, LogRefused, PolicyFaults, PopulationError, PriorAuthError

KINDS = (InputRefused, PolicyFaults, LogRefused, PopulationError)


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault("case.json", None, "expected a Patient"), "case.json: expected a Patient"),
        (Fault("case.json", "Claim/1", "expected an item"), "case.json: Claim/1: expected an item"),
        (Fault.at_line("payer.yaml", 3, "expected a list"), "payer.yaml:3: expected a list"),
        (Fault.at_row("log.csv", 7, "a second patient"), "log.csv, row 7: a second patient"),
        (Fault.at_row("log.csv", None, "empty"), "log.csv: empty"),
        (Fault.of_argument("as_of", "expected a day"), "as_of: expected a day"),
        (Fault.of_argument("columns", "expected pairs", "log.csv"), "log.csv: columns: expected pairs"),
        (Fault(None, None, "no policy is named 'x'"), "no policy is named 'x'"),
    ],
)
def test_a_fault_is_printed_as_one_line_that_names_file_and_place(fault: Fault, line: str) -> None:
    assert str(fault) == line


def test_a_fault_says_what_is_wrong_within_its_file_too() -> None:
    assert Fault("case.json", "Claim/1", "expected an item").within == "Claim/1: expected an item"
    assert Fault("case.json", None, "expected a Patient").within == "expected a Patient"


def test_only_a_fault_of_an_argument_names_one() -> None:
    assert Fault.of_argument("as_of", "expected a day").argument == "as_of"
    assert Fault.at_row("log.csv", 7, "a second patient").argument is None
    assert Fault("case.json", None, "expected a Patient").argument is None


def test_a_fault_cannot_be_changed() -> None:
    fault = Fault("case.json", None, "expected a Patient")
    with pytest.raises(AttributeError):
        fault.message = "expected nothing"  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_its_faults_as_data_and_prints_one_below_another(kind: type[PriorAuthError]) -> None:
    faults = (Fault.at_line("a.yaml", 1, "first"), Fault.at_line("a.yaml", 2, "second"))
    refused = kind(*faults)
    assert isinstance(refused, PriorAuthError)
    assert refused.faults == faults
    assert str(refused) == "a.yaml:1: first\na.yaml:2: second"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_back_whole_from_another_process(kind: type[PriorAuthError]) -> None:
    refused = kind(Fault("a", "Claim/1", "first"), Fault("b", None, "second"))
    again = pickle.loads(pickle.dumps(refused))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert again.faults == refused.faults


def test_a_policy_fault_can_be_raised_with_its_line() -> None:
    assert PolicyFaults.at_line("payer.yaml", 3, "expected a list").faults == (
        Fault("payer.yaml", "line 3", "expected a list"),
    )


def test_nothing_is_raised_where_there_is_no_fault() -> None:
    InputRefused.raise_if([])
    with pytest.raises(InputRefused, match="expected a Patient"):
        InputRefused.raise_if([Fault("case.json", None, "expected a Patient")])
