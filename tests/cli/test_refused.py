"""What the command line itself refuses is the library's kind of error."""

from priorauth.cli.refused import refused
from priorauth.errors import InputRefused


def test_a_refusal_keeps_its_lines() -> None:
    found = refused("a: one", "b: two")
    assert isinstance(found, InputRefused)
    assert [str(fault) for fault in found.faults] == ["a: one", "b: two"]
