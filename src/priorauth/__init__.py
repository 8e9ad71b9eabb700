"""Prior authorization for infusion pumps, decided from the patient's record: met, not met or unknown, never denied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from priorauth.decide.determination import Determination

__all__ = ["__version__", "determine"]
__version__ = "0.1.0"


def determine(  # noqa: PLR0913 - the contract's options, all of them by name
    bundle: bytes | Mapping[str, object],
    *,
    policy: str | None = None,
    as_of: str | None = None,
    judgments: bytes | Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
    policies: tuple[Path, ...] = (),
    logs: Sequence[Path] = (),
    columns: str | None = None,
    zone: str | None = None,
    dates: Literal["dmy", "mdy", "ymd"] | None = None,
) -> list[Determination]:
    """Decide every item of a request; see :func:`priorauth.decide.determine.determine`."""
    from priorauth.decide import determine as room  # importing the package stays cheap

    return room.determine(
        bundle,
        policy=policy,
        as_of=as_of,
        judgments=judgments,
        readings=readings,
        policies=policies,
        logs=logs,
        columns=columns,
        zone=zone,
        dates=dates,
    )
