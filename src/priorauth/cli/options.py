"""The library speaks of arguments, the command line of options: a fault of the one as a line of the other."""

from __future__ import annotations

import re
from typing import Final

from priorauth.errors import ARGUMENTS, Fault

OPTIONS: Final = {"readings": "--reading", "logs": "--log", "master": "--spark"}
"""Arguments whose options are not named after them."""
_NAMED: Final = re.compile(rf"\b({'|'.join(ARGUMENTS)})=(?:'([^']*)'|True)?")


def option(argument: str) -> str:
    """Return the option that gives an argument."""
    return OPTIONS.get(argument) or f"--{argument.replace('_', '-')}"


def option_line(fault: Fault) -> str:
    """Return a fault as one line in which every argument is an option: ``as_of='...'`` is ``--as-of ...``."""
    place = option(fault.argument) if fault.argument else fault.place
    return str(Fault(fault.file, place, _NAMED.sub(_as_option, fault.message)))


def _as_option(found: re.Match[str]) -> str:
    return option(found[1]) if found[2] is None else f"{option(found[1])} {found[2]}"
