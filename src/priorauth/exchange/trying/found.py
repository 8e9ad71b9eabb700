"""What a check finds, and which checks there are: each with its name, what it expects, and a small function."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct, convert

from priorauth.exchange.trying.session import NotApplicable, Session
from priorauth.values.strict_yaml import plain, read_file

Stand = Literal["passed", "failed", "not applicable"]
Check = Callable[[Session], str | None]
"""Returns what was found where that is not what is expected, None where it is; raises NotApplicable."""
CHECKS: Final[dict[str, Check]] = {}
UNREADABLE: Final = "what came cannot be read"
_FILE: Final = Path(__file__).with_name("data") / "checks.yaml"


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands beside a check: what it expects, and in which versions alone it is asked."""

    expects: str
    versions: tuple[str, ...] = ("2.0", "2.2")


class Result(NamedTuple):
    """What a check found."""

    name: str
    stand: Stand
    expected: str
    found: str
    seconds: float

    def json(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return self._asdict()


def check(name: str) -> Callable[[Check], Check]:
    """Register a function as the check of a name."""

    def kept(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return kept


@cache
def texts() -> dict[str, Text]:
    """Return what stands beside each check, in the order in which they are done."""
    return convert(plain(read_file(_FILE)), dict[str, Text])


def tried(name: str, session: Session) -> Result:
    """Do one check."""
    said, begun = texts()[name], session.tick()
    if session.version not in said.versions:
        return Result(name, "not applicable", said.expects, f"not of version {session.version}", 0.0)
    try:
        found = CHECKS[name](session)
    except NotApplicable as why:
        return Result(name, "not applicable", said.expects, str(why), session.tick() - begun)
    except Exception as fault:  # noqa: BLE001 - whatever a server answers, the next check is done
        found = f"{UNREADABLE}: {type(fault).__name__}"
    return Result(name, "failed" if found else "passed", said.expects, found or "", session.tick() - begun)
