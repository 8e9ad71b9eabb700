import pytest

from priorauth.record.refused import RefusedInput, refuse_if


def test_a_refusal_keeps_one_line_for_each_fault() -> None:
    fault = RefusedInput("first", "second")
    assert fault.faults == ("first", "second")
    assert str(fault) == "first\nsecond"


def test_nothing_is_refused_without_a_fault() -> None:
    refuse_if([])
    with pytest.raises(RefusedInput, match="it is wrong"):
        refuse_if(["it is wrong"])
