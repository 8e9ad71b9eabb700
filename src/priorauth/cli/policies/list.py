"""``priorauth policies list``: every version of every policy, one a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.values.printable import printable

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy, Unread

_COLUMNS = ("id", "version", "from", "until", "currency", "assumed")


@made("list", "priorauth policies list", "priorauth policies list --json --policies my-policies")
@parameters.as_json
@parameters.policies
def command(*, as_json: bool, policies: tuple[Path, ...]) -> int:
    """List every version with its days and what is assumed.

    A text that is known and was not read stands among them as `unread`: from its day on a person decides.
    """
    known = parameters.opened(policies)
    rows = [_listed(policy) for policy in known.all()]
    unread = [_not_read(text) for name in known.files for text in known.unread(name)]
    if as_json:
        output.as_json({"policies": rows, "unread": unread})
        return 0
    every = sorted((*rows, *unread), key=lambda row: (row["id"] or "", row["from"] or ""))
    cells = [_COLUMNS, *(tuple(printable(str(row[column] or "-")) for column in _COLUMNS) for row in every)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(_COLUMNS) - 1)]
    for row in cells:
        output.line(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        )
    return 0


def _listed(policy: Policy) -> dict[str, str | None]:
    return _row(policy.id, policy, policy.currency)


def _not_read(text: Unread) -> dict[str, str | None]:
    from priorauth.policy.document import UNREAD

    return _row(text.policy, text, UNREAD)


def _row(name: str, text: Policy | Unread, currency: str) -> dict[str, str | None]:
    from priorauth.values.dates import iso

    effective = text.effective
    return {
        "id": name,
        "title": text.title,
        "version": text.version,
        "from": iso(effective.first),
        "until": iso(effective.last) if effective.last is not None else None,
        "assumed": effective.assumed,
        "currency": currency,
        "sha256": text.sha256,
    }
