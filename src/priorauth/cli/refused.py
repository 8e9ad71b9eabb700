"""What the command line itself refuses, as the one kind of error that its last handler prints."""

from __future__ import annotations

from priorauth.errors import Fault, InputRefused


def refused(*lines: str) -> InputRefused:
    """Return the refusal that prints these lines."""
    return InputRefused(*(Fault(None, None, line) for line in lines))
