"""A leaf as a call of the shared CQL library, and silence over it."""

from __future__ import annotations

import pytest

from tests.engines.cql.written import written


def test_silence_is_laid_over_what_goes_undocumented() -> None:
    assert written("judged end_stage_complication") == (
        'PA.Silence(PA.Yes("end_stage_complication"), "end_stage_complication".silent'
        ' and not "end_stage_renal_disease".hinted, false)'
    )


@pytest.mark.parametrize(
    ("line", "holds"),
    [("no severe_hypoglycemia within 6 months", None), ("judged only_for_convenience", "false")],
)
def test_silence_denies_only_what_the_vocabulary_says(line: str, holds: str | None) -> None:
    said = written(line)
    assert said.startswith("PA.Silence(") is (holds is not None)
    assert holds is None or said.endswith(f", {holds})")


def test_what_a_clinician_refused_is_never_silent() -> None:
    assert written("refused only_for_convenience") == 'PA.Refused("only_for_convenience")'
