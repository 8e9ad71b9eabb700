"""Official forms, whose texts are not ours: what is known of each, and whether the one installed may be used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

import priorauth
from priorauth.letters.days import plain
from priorauth.letters.kinds import Form
from priorauth.values import strict_yaml

PATH: Final = Path(priorauth.__file__).parent / "policies" / "forms.yaml"
UNKNOWN: Final = "unknown"


class Known(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a form. ``insertions`` is what may be written into its brackets."""

    title: str
    called: str
    omb: str
    edition: str
    expires: str
    verified: Literal["yes", "no"]
    note: str
    insertions: tuple[str, ...]


@cache
def forms() -> Mapping[str, Known]:
    """Return every form by its number; raises PolicyFaults where the file cannot be read."""
    return msgspec.convert(strict_yaml.read_file(PATH), dict[str, Known])


def refused(wanted: str, installed: Form | None, on: dt.date) -> str | None:
    """Return why a form may not be used on a day; None where it may."""
    known = forms()[wanted]
    if installed is None:
        return f"the text of {wanted} ({known.called}) is not installed: install the form in force with its last day"
    if installed.name != wanted:
        return f"expected {wanted}, found {installed.name}"
    if not installed.edition or not installed.sha256:
        return f"{wanted}: expected the edition and the sha256 of the text that is installed"
    if known.expires != UNKNOWN and installed.expires > dt.date.fromisoformat(known.expires):
        return f"{wanted}: the edition known here ends on {known.expires}, the installed one says {installed.expires}"
    if on > installed.expires:
        return f"{wanted}: the installed edition could be used until {plain(installed.expires)}: install the next one"
    return None
