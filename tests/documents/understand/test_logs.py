"""Lists of low readings."""

from __future__ import annotations

import pytest

from tests.documents.notes import proposed

LOW = "hypoglycemia"
NIGHT = "nocturnal_hypoglycemia"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Readings under 70\n   2026-09-24  03:31   54\n   2026-09-30  17:12   66\n   2026-10-01  08:00   96",
            [(LOW, "54 mg/dL", "2026-09-24"), (LOW, "66 mg/dL", "2026-09-30"), (NIGHT, "yes", "2026-09-24")],
        ),
        (
            "Lows in meter: 9/3 6:40p  61; 9/11 2:55a  47.",
            [(LOW, "47 mg/dL", "2026-09-11"), (LOW, "61 mg/dL", "2026-09-03"), (NIGHT, "yes", "2026-09-11")],
        ),
        (
            "Lows: 61 (9/6, pre-lunch), 55 (9/15, 0220)",
            [(LOW, "55 mg/dL", "2026-09-15"), (LOW, "61 mg/dL", "2026-09-06"), (NIGHT, "yes", "2026-09-15")],
        ),
        (
            "LOW EVENTS below 70: 2\n   Sat 09/19  03:35    49    lasted 40 min\n   Sun 09/20  16:05    63",
            [(LOW, "49 mg/dL", "2026-09-19"), (LOW, "63 mg/dL", "2026-09-20"), (NIGHT, "yes", "2026-09-19")],
        ),
        ("Weights\n   9/1/2026   61\n   9/8/2026   62", []),
        ("Low readings\n   10/08/2026   41   tag: nephew\n   10/09/2026   44   control solution", []),
    ],
)
def test_a_list_of_lows_is_read_by_its_days(text: str, wanted: list[tuple[str, str, str]]) -> None:
    found = [row[:3] for row in proposed(text) if row[0] in (LOW, NIGHT)]
    assert found == wanted
