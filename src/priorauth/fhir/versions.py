"""Versions of one resource: which of two is the newer, by ``meta.versionId``, else by ``meta.lastUpdated``."""

from __future__ import annotations

import re
from typing import Any, Final

from priorauth.fhir.elements import Meta
from priorauth.values import dates


def newer(held: Any, other: Any, *, later: bool) -> bool | None:  # noqa: ANN401  # two resources, perhaps undecoded
    """Return whether ``other`` is the newer of two versions of one resource.

    None where they differ and nothing says which is the newer; then the one that came later is, where ``later``, unless
    both call themselves the same version.
    """
    one, two = _meta(held), _meta(other)
    order = _by_number(one.version_id, two.version_id) or _by_moment(one.last_updated, two.last_updated)
    if order:
        return order > 0
    if _content(held) == _content(other):
        return False
    return True if later and not (one.version_id and one.version_id == two.version_id) else None


def _meta(resource: Any) -> Meta:  # noqa: ANN401  # as above
    return getattr(resource, "head", resource).meta or Meta()


def _content(resource: Any) -> Any:  # noqa: ANN401  # as above
    raw = getattr(resource, "raw", None)
    return resource if raw is None else bytes(raw)


def _by_number(one: str, two: str) -> int:
    """Return 1 where the second version has the higher number, -1 where the lower, 0 where that cannot be told."""
    if not (one.isdecimal() and two.isdecimal() and len(one) < 20 and len(two) < 20):  # noqa: PLR2004  # 64 bits
        return 0
    return (int(two) > int(one)) - (int(two) < int(one))


def _by_moment(one: str, two: str) -> int:
    """Return 1 where the second was updated later, -1 where earlier, 0 where that cannot be told."""
    try:
        first, second = dates.read(one), dates.read(two)
    except ValueError:
        return 0
    if first.minute is not None and second.minute is not None:
        return _order((first.minute, *_second(one)), (second.minute, *_second(two)))
    if first.last < second.first:
        return 1
    if second.last < first.first:
        return -1
    if first.minute != second.minute or first.minute_of_day is None or second.minute_of_day is None:
        return 0
    return _order((first.minute_of_day, *_second(one)), (second.minute_of_day, *_second(two)))


def _order(one: tuple[int, str, str], two: tuple[int, str, str]) -> int:
    return (two > one) - (two < one)


_SECOND: Final = re.compile(r":\d\d:(\d\d)(?:\.(\d*?)0*)?(?![\d.])", re.ASCII)


def _second(text: str) -> tuple[str, str]:
    """Return the second of a moment and the digits of its fraction, which stand in the order of their numbers."""
    found = _SECOND.search(text)
    return ("", "") if found is None else (found[1], found[2] or "")
