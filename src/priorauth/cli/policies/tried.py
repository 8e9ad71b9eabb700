"""``priorauth policies try``: cases in files of their own, decided and held against what they expect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy

_MOST: Final = 100_000_000
"""Bytes of a case at most."""


@made("try", "priorauth policies try masshealth/insulin-pumps cases/masshealth")
@click.argument("policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="a policy, as for show")
@click.argument(
    "cases",
    metavar="CASE...",
    type=parameters.PATH,
    nargs=-1,
    required=True,
    help="a case, as `policies cases` writes it, or a folder of them",
)
@parameters.policies
def command(*, policy: Policy, cases: tuple[Path, ...], policies: tuple[Path, ...]) -> int:
    """Decide cases by a version and say what comes out otherwise.

    The exit code is 1 where a case does not come out as it expects.
    """
    from priorauth.cli.policies.solver import label
    from priorauth.decide.tried import differences, read

    catalog = parameters.opened(policies)
    count = wrong = 0
    for path in _listed(cases):
        case = read(files.read(path, _MOST), str(path))
        said = list(differences(case, policy, catalog, str(path)))
        count += 1
        wrong += bool(said)
        for line in said:
            output.line(f"{path}: {line}")
    outcome = f"{wrong} do not come out" if wrong else "all come out"
    output.line(f"{label(policy)}: {count} cases, {outcome}")
    return 1 if wrong else 0


def _listed(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.glob("*.json"))
        if not found:
            raise refused(f"{path}: expected cases, *.json; found none")
        yield from found
