"""Days as pages write them, ``20 Nov 2026``; JSON and tables keep ISO dates."""

from __future__ import annotations

import re
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ISO: Final = re.compile(r"(?<![\w/-])(\d{4})-(0[1-9]|1[0-2])-(\d{2})(?![\w-])")


def spoken(text: str) -> str:
    """Write the days in a text as pages write them."""
    return ISO.sub(lambda found: f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}", text)
