"""``priorauth policies cases``: a case on each side of every threshold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.policies.solver import indented, label, laid, refuse_unread, solving

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy


@made("cases", "priorauth policies cases medicare/ncd-280-14 --out cases")
@click.argument("policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="a policy, or a version of it")
@click.option("--out", metavar="DIR", type=parameters.PATH, required=True, help="where to write the files")
@parameters.policies
@solving
def command(*, policy: Policy, out: Path, policies: tuple[Path, ...]) -> int:
    """Write cases on each side of every threshold.

    There is a pair of cases, too, for every criterion that alone decides.
    """
    files.apart(out, policies)
    refuse_unread(policy)
    world = laid(policies, policy)
    from priorauth.assurance.boundary import case_file
    from priorauth.assurance.boundary import cases as made_cases
    from priorauth.assurance.prove import prove as proved

    proof = proved(world)
    folder: Path = out / policy.payer
    listed = {f"{made.name}.json": indented(case_file(made, proof)) for made in made_cases(proof)}
    files.write_into(folder, "--out", listed)
    output.line(f"{label(policy)}: {len(listed)} cases in {folder}")
    return 0
