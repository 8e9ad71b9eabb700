"""The one handler of errors: whatever ends a command becomes lines on standard error and an exit code.

A refusal is one line per fault and code 2; a pipe that nobody reads is code 141; anything else is one line and code 1.
``PRIORAUTH_TRACEBACK=1`` shows the traceback of the last kind, for those who look for the fault. The library speaks of
arguments, the command line of options: an argument in a fault is printed as its option.
"""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path
from typing import Final

import click

import priorauth
from priorauth.cli import output
from priorauth.cli.command import usage_lines
from priorauth.errors import ARGUMENTS, Fault, PriorAuthError

FAILED: Final = 1
REFUSED: Final = 2
PIPE_CLOSED: Final = 141
"""What a shell gives for a program that a broken pipe has ended: 128 and the number of the signal."""
SWITCH: Final = "PRIORAUTH_TRACEBACK"
OPTIONS: Final = {"readings": "--reading", "logs": "--log", "master": "--spark"}
"""Arguments whose options are not named after them."""
_NAMED: Final = re.compile(rf"\b({'|'.join(ARGUMENTS)})=(?:'([^']*)'|True)?")
_HOME: Final = Path(priorauth.__file__).parent


def caught(fault: BaseException) -> int:
    """Say what ended a command and return the exit code; raises it again where the switch is set and it is a fault."""
    match fault:
        case click.exceptions.Exit():
            return fault.exit_code
        case PriorAuthError():
            return _refuse(*map(option_line, fault.faults))
        case click.UsageError():
            return _refuse(*usage_lines(fault))
        case BrokenPipeError():
            output.discard()
            return PIPE_CLOSED
    if os.environ.get(SWITCH):
        raise fault
    output.fault(f"priorauth: {said(fault)}")
    output.discard()
    return FAILED


def _refuse(*lines: str) -> int:
    for line in lines:
        output.fault(line)
    return REFUSED


def said(fault: BaseException) -> str:
    """Return a fault in words without quoting what was read: it may be of a patient."""
    match fault:
        case KeyboardInterrupt():
            return "interrupted"
        case MemoryError():
            return "there is not enough memory"
        case RecursionError():
            return f"something nests too deep ({_place(fault)})"
        case OSError() if fault.strerror:
            return f"{fault.filename or 'standard output'}: {fault.strerror}"
        case _:
            return f"a fault of the program: {type(fault).__name__} ({_place(fault)}); {SWITCH}=1 shows more"


def _place(fault: BaseException) -> str:
    """Return the name of the innermost line of ours."""
    for frame, line in reversed(list(traceback.walk_tb(fault.__traceback__))):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_HOME):
            return f"{path.relative_to(_HOME).as_posix()}:{line}"
    return "outside of priorauth"


def option(argument: str) -> str:
    """Return the option that gives an argument."""
    return OPTIONS.get(argument) or f"--{argument.replace('_', '-')}"


def option_line(fault: Fault) -> str:
    """Return a fault as one line in which every argument is an option: ``as_of='...'`` is ``--as-of ...``."""
    place = option(fault.argument) if fault.argument else fault.place
    return str(Fault(fault.file, place, _NAMED.sub(_as_option, fault.message)))


def _as_option(found: re.Match[str]) -> str:
    return option(found[1]) if found[2] is None else f"{option(found[1])} {found[2]}"
