"""The numbers of the synthetic population: each with a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.synthetic import numbers as synthesize_numbers


def test_every_number_has_a_source() -> None:
    numbers = synthesize_numbers.load()
    assert all(numbers.sources[name] for name in numbers.values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {b: {value: 1}}", "a.b: expected the keys value and source"),
        ("a: {b: {value: much, source: x}}", "a.b: expected numbers"),
        ("a: 3", "a: expected named numbers"),
    ],
)
def test_a_number_without_value_or_source_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "numbers.yaml"
    path.write_text(text)
    with pytest.raises(PolicyFaults, match=said):
        synthesize_numbers.load(path)
