"""The rows of a run, read back from what the ledger keeps: the same rows, whatever their shapes."""

from __future__ import annotations

import msgspec
import pytest

from priorauth.decide.determine import decided
from priorauth.facts.case import Case
from priorauth.workbench.pictures.rows import cases
from tests.pages import EXAMPLES
from tests.workbench.pictures import seen


def kept(*found: Case) -> bytes:
    return msgspec.json.encode([{fact: list(of) for fact, of in sorted(one.rows.items())} for one in found])


@pytest.mark.parametrize("name", ["ask", "approve", "conflict", "medicare", "review"])
def test_the_rows_of_an_example_come_back(name: str) -> None:
    found = decided((EXAMPLES / f"{name}.json").read_bytes())
    read = cases(kept(*(one.case for one in found)), [one.determination for one in found])
    assert [(one.as_of, dict(one.rows)) for one in read] == [(one.case.as_of, dict(one.case.rows)) for one in found]


def test_the_rows_of_every_shape_come_back() -> None:
    shapes = set()
    for policy in seen.policies():
        made, case = seen.drawn(policy, 3)
        (read,) = cases(kept(case), [made])
        assert dict(read.rows) == dict(case.rows)
        shapes |= {type(row).__name__ for of in read.rows.values() for row in of}
    assert shapes == {"Measurement", "Event", "Period", "Answer", "Whole"}


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'[{"a": [{"b": 1}]}]', b'[{"hba1c": [{"fact": 1}]}]'])
def test_what_is_no_record_of_rows_is_refused(data: bytes) -> None:
    made, _ = seen.drawn(seen.policies()[0], 3)
    with pytest.raises(ValueError, match="expected the rows of"):
        cases(data, [made])
