"""Prior authorization for infusion pumps, decided from the patient's own record: met, not met or unknown, never denied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from priorauth.decide.determination import Determination

__all__ = ["__version__", "determine"]
__version__ = "0.1.0"


def determine(
    bundle: bytes | Mapping[str, object],
    *,
    policy: str | None = None,
    as_of: str | None = None,
    judgments: bytes | Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
    policies: tuple[Path, ...] = (),
) -> list[Determination]:
    """Decide every item of a request; see :func:`priorauth.decide.determine.determine`."""
    from priorauth.decide import determine as room  # noqa: PLC0415 - importing the package stays cheap

    return room.determine(
        bundle, policy=policy, as_of=as_of, judgments=judgments, readings=readings, policies=policies
    )
