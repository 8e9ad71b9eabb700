"""Prior authorization for infusion pumps, decided from the patient's record: met, not met or unknown, never denied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TYPE_CHECKING = False  # as typing has it, which costs more to import than this package
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from priorauth.decide.determination import Determination
    from priorauth.documents.reading import Opened
    from priorauth.documents.rows import Proposed
    from priorauth.errors import (
        Fault,
        InputRefused,
        LedgerRefused,
        LogRefused,
        PolicyFaults,
        PopulationError,
        PriorAuthError,
    )
    from priorauth.glucose.read import GlucoseLog
    from priorauth.policy.catalog import Catalog
    from priorauth.version import __version__

__all__ = [
    "Catalog",
    "Determination",
    "Fault",
    "GlucoseLog",
    "InputRefused",
    "LedgerRefused",
    "LogRefused",
    "PolicyFaults",
    "PopulationError",
    "PriorAuthError",
    "__version__",
    "determine",
    "read_documents",
    "read_glucose",
]

_ERRORS = ("Fault", "InputRefused", "LedgerRefused", "LogRefused", "PolicyFaults", "PopulationError", "PriorAuthError")
_ROOMS = {
    "Catalog": "priorauth.policy.catalog",
    "Determination": "priorauth.decide.determination",
    "GlucoseLog": "priorauth.glucose.read",
    "__version__": "priorauth.version",
    **dict.fromkeys(_ERRORS, "priorauth.errors"),
}
"""Where each public name stands; it is loaded when it is first asked for, so that importing the package is cheap."""


if not TYPE_CHECKING:  # so that a checker of types refuses a name that is none of these

    def __getattr__(name: str) -> object:
        """Return a public name, loaded where it is first asked for."""
        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found: object = getattr(import_module(_ROOMS[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})


def determine(  # noqa: PLR0913 - each settles one thing, all of them by name
    bundle: bytes | Mapping[str, object],
    *,
    policy: str | None = None,
    as_of: str | None = None,
    judgments: bytes | Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
    policies: Sequence[Path] = (),
    documents: Sequence[Proposed] = (),
    logs: Sequence[Path] = (),
    columns: str | None = None,
    zone: str | None = None,
    dates: Literal["dmy", "mdy", "ymd"] | None = None,
    draft: bool = False,
) -> list[Determination]:
    """Decide every item of a request; return one determination an item, in the order of the items.

    ``bundle`` is a FHIR R4 Bundle with a Claim, as JSON bytes or parsed. ``policy`` overrides the choice by payer,
    product and date; ``as_of`` (YYYY-MM-DD) overrides the day of the request from which windows count. ``judgments`` is
    a QuestionnaireResponse by a named clinician of the payer. ``readings`` gives named readings of a policy other
    values; ``policies`` are folders of policies laid over the shipped ones. ``documents`` are letters, notes and faxes
    as :func:`read_documents` reads them: what they say settles nothing until a person confirms it, and no other file of
    the Bundle is opened. ``logs`` are files of glucose readings of the member, read with ``columns``, ``zone`` and
    ``dates`` as :func:`read_glucose` says. With ``draft`` the claim may be a draft: this is a check before a request is
    sent, and nothing is decided.

    Reads no clock and no network and keeps no state; safe from many threads. Raises :class:`InputRefused` (what is
    wrong with the input) or :class:`PolicyFaults` (with a policy), both with every fault found.
    """
    from priorauth.decide import determine as room

    return room.determine(
        bundle,
        policy=policy,
        as_of=as_of,
        judgments=judgments,
        readings=readings,
        policies=tuple(policies),
        documents=tuple(documents),
        logs=logs,
        columns=columns,
        zone=zone,
        dates=dates,
        draft=draft,
    )


def read_documents(bundle: bytes | Mapping[str, object]) -> Opened:
    """Read the letters, notes and faxes that a Bundle holds: what each proposes, and a line for each that was left.

    They are its attachments and the Binary resources that those name, each read in a process apart; nothing is fetched.
    The extra ``documents`` reads them, and Debian's tesseract-ocr what was scanned. Give ``documents`` of what is
    returned to :func:`determine`. Raises :class:`InputRefused` where the Bundle is no request.
    """
    from priorauth.documents import reading

    return reading.opened(bundle)


def read_glucose(
    *sources: Path | str | bytes,
    columns: str | None = None,
    zone: str | None = None,
    dates: Literal["dmy", "mdy", "ymd"] | None = None,
) -> GlucoseLog:
    """Read the glucose logs of one person, of any device and format, together; return their readings and metrics.

    Each of ``sources`` is a path, or the bytes of a file. ``columns`` names the columns of a plain table
    (``time=When,glucose=BG,unit=mg/dL,device=meter``), ``zone`` (as in America/New_York) places wall clock times,
    ``dates`` settles the order of day and month where a file leaves it open.

    Raises :class:`LogRefused` for a log that cannot be read, or is given twice.
    """
    from priorauth.glucose import read

    return read.read_glucose(*sources, columns=columns, zone=zone, dates=dates)
