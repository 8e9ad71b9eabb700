"""Papers around a few sentences."""

from __future__ import annotations

from typing import Final

from priorauth.documents.pages import Reading
from priorauth.documents.understood import understood
from tests.documents import scoring

HEAD: Final = (
    "HARBOR CLINIC   Progress note\nPatient: Jane Roe   DOB 3/4/1980\n"
    "Date of service: 10/06/2026   Provider: Ann Lee, MD\n\n"
)


def note(text: str) -> Reading:
    return scoring.reading(HEAD + text)


def proposed(text: str) -> list[tuple[str, str, str | None, str]]:
    """Return what a note proposes besides the visit: fact, value, day and polarity."""
    rows = [(one.fact, one.value, one.date, one.polarity) for one in understood(note(text)).facts]
    return sorted(
        (row for row in rows if row[0] != "prescriber_visit"), key=lambda row: (row[0], row[1], row[2] or "", row[3])
    )
