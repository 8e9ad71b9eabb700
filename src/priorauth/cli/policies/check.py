"""``priorauth policies check``: every fault of every file at once, then the cases and the trace beside each."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.errors import Fault, PolicyFaults

if TYPE_CHECKING:
    from priorauth.policy.catalog import Catalog
    from priorauth.policy.tree import Policy


@made("check", "priorauth policies check my-policies")
@click.argument(
    "paths",
    metavar="PATH...",
    type=parameters.PATH,
    nargs=-1,
    required=True,
    help="a policy file, or a folder of policies",
)
@parameters.policies
def command(*, paths: tuple[Path, ...], policies: tuple[Path, ...]) -> int:
    """Say every fault of policy files, run the cases beside them.

    A trace beside a policy is held to its rules; rules that no sentence of it carries are listed.

    The exit code is 2 where a file is at fault, 1 where a case does not come out.
    """
    return check_all(paths, policies)


def check_all(paths: Iterable[Path], folders: tuple[Path, ...]) -> int:
    """Check policy files or folders: refuses where a file is at fault, returns 1 where a case does not come out."""
    from priorauth.policy import unread
    from priorauth.policy.catalog import SHIPPED, gather, never_read, payer_faults
    from priorauth.values.dates import iso

    files = [file for path in paths for file in policies_at(path)]
    catalog, found = gather(*dict.fromkeys((*folders, *(home for file in files if (home := home_of(file)) != SHIPPED))))
    faults: list[Fault] = []
    policies: list[Policy] = []
    for file in files:
        try:
            policies.append(catalog.load(file))
        except PolicyFaults as refused_:
            faults.extend(refused_.faults)
    checked = {home_of(file) for file in files}
    faults.extend(one for one in never_read(catalog, found) if one.file and Path(one.file).parent in checked)
    faults.extend(payer_faults(catalog, found, shipped=True))
    faults.extend(unread.faults(files))
    faults = [*found.faults, *found.sure(faults)]
    for text in unread.beside(tuple(files)) if not faults else ():
        output.line(f"{text.file}: not read; a person decides every request from {iso(text.effective.first)} on")
    broken = False
    for policy in policies:
        try:
            broken |= _cases(policy, catalog)
            _trace(policy)
        except PolicyFaults as fault:
            faults.extend(fault.faults)
    sys.stdout.flush()
    if faults:
        raise PolicyFaults(*dict.fromkeys(faults))
    return 1 if broken else 0


def policies_at(path: Path) -> Iterator[Path]:
    """Yield the policy files of a path: itself, or each version in a folder of policies, a payer or a policy."""
    from priorauth.policy.folders import NOT_A_POLICY, UNREAD

    if path.is_file():
        notice = path.name.endswith(UNREAD)
        yield from sorted(path.resolve().parent.glob("[0-9]*[0-9].yaml")) if notice else (path.resolve(),)
        return
    if not path.is_dir():
        raise refused(f"{path}: expected a policy file or a folder of policies")
    # The folder of a policy has its versions right there, that of a payer one folder down, one of policies two.
    for pattern in ("[0-9]*.yaml", "*/[0-9]*.yaml", "*/*/[0-9]*.yaml"):
        if found := [file for file in sorted(path.glob(pattern)) if not file.name.endswith(NOT_A_POLICY)]:
            yield from (file.resolve() for file in found)
            return
    raise refused(f"{path}: expected policy files, <payer>/<policy>/<first-day>.yaml; found none")


def home_of(file: Path) -> Path:
    """Return the folder of policies in which a version stands: ``<folder>/<payer>/<policy>/<first-day>.yaml``."""
    return file.parent.parent.parent


def _cases(policy: Policy, catalog: Catalog) -> bool:
    """Run the cases beside a policy and print how they came out; True where one did not."""
    from priorauth.decide.trial import beside, run, trials
    from priorauth.policy.views.census import all_leaves

    count = sum(1 for _ in all_leaves(policy))
    path = beside(policy)
    if not path.exists():
        output.line(f"{policy.file}: {count} leaves, no cases beside it")
        return False
    cases = trials(path, catalog)
    wrong = [line for case in cases for line in run(policy, case, catalog)]
    outcome = f"{len(wrong)} criteria do not come out" if wrong else "all come out"
    output.line(f"{policy.file}: {count} leaves, {len(cases)} cases, {outcome}")
    for line in wrong:
        output.line(f"  {line}")
    return bool(wrong)


def _trace(policy: Policy) -> None:
    """Hold the trace beside a policy to its rules, and print which of them no sentence carries."""
    from priorauth.trace import trace

    found = trace.of(policy)
    if found is None:
        return
    without = found.without(policy)
    told = f"{len(without)} rules without one" if without else "every rule has one"
    output.line(f"{found.file}: {len(found.rows)} sentences, {found.carrying} carry rules, {told}")
    for rule in without:
        output.line(f"  {rule.kind}, line {rule.line}: {rule.name}")
