"""``priorauth policies facts``: find a fact by words, by a code or by a unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.values.printable import printable

if TYPE_CHECKING:
    from priorauth.policy.views.finder import Found


@made("facts", "priorauth policies facts hemoglobin A1c", "priorauth policies facts E10.65 --json")
@click.argument(
    "words", metavar="WORD...", nargs=-1, required=True, help="words of a name or a question, a code, a unit"
)
@parameters.as_json
@parameters.policies
def command(*, words: tuple[str, ...], as_json: bool, policies: tuple[Path, ...]) -> int:
    """Find facts that a policy can read.

    Every word must be in the name, the question, the values or the hints of a fact, be one of its codes or be its
    unit. The exit code is 1 where there is none.
    """
    from priorauth.policy.views.finder import find

    found = find(parameters.opened(policies).vocabulary, words)
    if as_json:
        output.as_json({"facts": [_row(one) for one in found]})
    else:
        for one in found:
            output.line(printable(f"{one.fact.name}  {one.what}{f'  [{one.because}]' if one.because else ''}"))
            output.line(printable(f"    {one.fact.ask}"))
        if not found:
            output.line(printable(f"no fact has {' and '.join(words)}"))
    return 0 if found else 1


def _row(one: Found) -> dict[str, object]:
    fact = one.fact
    return {
        "fact": fact.name,
        "kind": fact.kind,
        "unit": fact.unit,
        "values": list(fact.values),
        "ask": fact.ask,
        "asked_of": fact.asked_of,
        "silence": "no" if fact.silent_no else None,
        "because": one.because or None,
    }
