"""``priorauth policies new``: the first files of a policy, which pass the check and leave everything to a person."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused


@made("new", "priorauth policies new payer-x/insulin-pumps --from 2027-01-01 --out new-policies")
@click.argument("policy", metavar="ID", help="payer/policy")
@click.option("--from", "first", metavar="YYYY-MM-DD", type=parameters.Day(), required=True, help="its first day")
@click.option(
    "--product", metavar="HCPCS", type=parameters.PRODUCT, default="E0784", help="what it is about; else E0784"
)
@click.option("--out", metavar="DIR", type=parameters.PATH, required=True, help="the folder of policies to write into")
@parameters.policies
def command(*, policy: str, first: int, product: str, out: Path, policies: tuple[Path, ...]) -> int:
    """Write a skeleton of a policy that passes `check`.

    A file that is there already is never written over.
    """
    from priorauth.policy.skeleton import skeleton
    from priorauth.values import names
    from priorauth.values.dates import iso

    if fault := names.policy(policy):
        raise refused(fault)
    known = parameters.opened(policies)
    place = out / policy
    if (taken := place / f"{iso(first)}.yaml").exists() or first in dict(known.files.get(policy, ())):
        raise refused(f"{taken}: {policy} has a version of that day already; expected another first day")
    made_ = skeleton(policy, iso(first), product)
    payer = place.parent / "payer.yaml"
    files.write_into(place, "--out", made_.version)
    for name in made_.version:
        output.line(f"{place / name}")
    if policy.partition("/")[0] not in known.payers and not payer.exists():
        files.write(payer, made_.payer)
        output.line(f"{payer}")
    return 0
