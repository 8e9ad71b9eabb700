"""The one handler of errors: whatever ends a command becomes lines on standard error and an exit code.

A refusal is one line per fault and code 2; a pipe that nobody reads is code 141; anything else is one line and code 1.
``PRIORAUTH_TRACEBACK=1`` shows the traceback of the last kind, for those who look for the fault.
"""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Final

import click

import priorauth
from priorauth.cli import output
from priorauth.cli.command import usage_lines
from priorauth.cli.options import option_line
from priorauth.errors import PriorAuthError

FAILED: Final = 1
REFUSED: Final = 2
PIPE_CLOSED: Final = 141
"""What a shell gives for a program that a broken pipe has ended: 128 and the number of the signal."""
SWITCH: Final = "PRIORAUTH_TRACEBACK"
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
