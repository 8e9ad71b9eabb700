"""``priorauth policies prove``: that every criterion can decide; whom a policy approves that another does not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.policies.solver import between, compared, label, laid, solving, unread, write

if TYPE_CHECKING:
    from priorauth.assurance.compare import Between
    from priorauth.assurance.findings import Explained
    from priorauth.assurance.prove import Proof
    from priorauth.engines.solver.outcome import World
    from priorauth.policy.tree import Policy

FEW = 3
"""How many criteria a cell of the table of payers names."""


@made(
    "prove",
    "priorauth policies prove medicare/ncd-280-14",
    "priorauth policies prove caresource/insulin-infusion-pump --against masshealth/insulin-pumps --out patients",
)
@click.argument(
    "wanted",
    metavar="[ID[@YYYY-MM-DD]]...",
    type=parameters.Version(),
    nargs=-1,
    help="a policy, or a version of it; with --payers those to compare",
)
@click.option(
    "--against",
    metavar="ID[@YYYY-MM-DD]",
    type=parameters.Version(),
    help="whom it approves that this one does not, and the other way round",
)
@click.option(
    "--payers",
    metavar="HCPCS",
    type=parameters.PRODUCT,
    help="whom each payer approves that the others do not",
)
@click.option(
    "--kind",
    metavar="KIND",
    type=parameters.KIND,
    default="initial",
    help="with --payers: the kind of request (initial)",
)
@click.option("--out", metavar="DIR", type=parameters.PATH, help="write each counterexample as a Bundle")
@parameters.as_json
@parameters.policies
@solving
def command(
    *,
    wanted: tuple[Policy, ...],
    against: Policy | None,
    payers: str | None,
    kind: str,
    out: Path | None,
    as_json: bool,
    policies: tuple[Path, ...],
) -> int:
    """Prove that every criterion can decide, or compare versions.

    With --against two versions are held against each other, with --payers all payers: whom one approves and the other
    does not, as a patient for each.

    The exit code is 1 where something that is found is not explained beside the policy.
    """
    files.apart(out, policies)
    if payers:
        return _payers(wanted, payers, kind, out, policies, as_json=as_json)
    if unread(*wanted, *((against,) if against else ()), as_json=as_json):
        return 0
    if len(wanted) != 1:
        raise refused("expected one policy, or --payers HCPCS")
    if against:
        return _against(laid(policies, wanted[0], against), out, as_json=as_json)
    return _alone(laid(policies, wanted[0]), as_json=as_json)


def _alone(world: World, *, as_json: bool) -> int:
    from priorauth.assurance import findings
    from priorauth.assurance import prove as proving

    proof = proving.prove(world)
    policy = world.one.policy
    known = findings.explained(policy)
    open_, old = findings.unexplained(proof.found, known), list(findings.stale(proof.found, known))
    if as_json:
        output.as_json(
            {
                "policy": label(policy),
                "criteria": len(proof.named),
                "decide both ways": sum(
                    one.name in proof.approvals and one.name in proof.refusals for one in proof.named
                ),
                "findings": [
                    {"criterion": one.name, "finding": one.kind, "text": one.text, "why": findings.why(one, known)}
                    for one in proof.found
                ],
                "unexplained": len(open_),
                "stale": [one.name for one in old],
            }
        )
    else:
        _print_proof(proof, known, old)
    return 1 if open_ or old else 0


def _print_proof(proof: Proof, known: tuple[Explained, ...], old: list[Explained]) -> None:
    from priorauth.assurance import findings

    both = sum(one.name in proof.approvals and one.name in proof.refusals for one in proof.named)
    patients = len({id(shown) for kept in (proof.approvals, proof.refusals) for shown in kept.values()})
    output.line(f"{label(proof.terms.policy)}: {len(proof.named)} criteria, {both} decide both ways")
    output.line(f"{patients} patients replayed through determine, none contradicted")
    for found in proof.found:
        why = findings.why(found, known)
        output.line(f"{found.kind}: {found.name}: {found.text}")
        output.line(f"    {why}" if why else "    NOT EXPLAINED")
    for one in old:
        output.line(f"NO LONGER FOUND: {one.kind}: {one.name} (line {one.line})")


def _against(world: World, out: Path | None, *, as_json: bool) -> int:
    from priorauth.assurance.compare import compare

    one, two = (terms.policy for terms in world.policies)
    found = list(compare(world))
    if out:
        for part in found:
            for name, shown in (("here", part.here), ("there", part.there)):
                write(out, f"{part.pathway.replace(' ', '-')}-{name}", shown, one.payer)
    if as_json:
        output.as_json({"one": label(one), "two": label(two), "pathways": [compared(part) for part in found]})
        return 0
    output.line(f"{label(one)} against {label(two)}")
    for part in found:
        output.line()
        output.line(f"pathway {part.pathway}: {part.relation}")
        for text, shown, place in (
            ("only the first approves", part.here, 1),
            ("only the second approves", part.there, 0),
        ):
            if shown:
                output.line(
                    f"  {text} this patient; in the way: {'; '.join(shown.hurdles[place]) or shown.outcomes[place]}"
                )
                for line in shown.witness.words():
                    output.line(f"    {line}")
    return 0


def _payers(
    wanted: tuple[Policy, ...], code: str, kind: str, out: Path | None, folders: tuple[Path, ...], *, as_json: bool
) -> int:
    """Print the table of payers: in a row whom it approves, in a column who does not approve that patient."""
    from priorauth.assurance.compare import alone, approving, matrix
    from priorauth.engines.solver.outcome import world

    known = parameters.opened(folders)
    policies = tuple(policy for policy in wanted or parameters.newest(known) if code in policy.products)
    if len(policies) < 2:  # noqa: PLR2004 - one alone has nobody to be held against
        raise refused(f"expected at least two policies that speak about {code}, found {len(policies)}")

    def lay(under: tuple[Policy, ...]) -> World:
        return world(under, known.vocabulary, known.common, products=(code,), folders=known.folders[1:])

    pairs: dict[tuple[int, int], Between | None] = {}
    for one, two, shown in matrix(policies, lay, kind):
        _progress(f"{policies[one].payer} against {policies[two].payer}")
        pairs[one, two] = shown
    able = approving(policies, lay, kind)
    single: dict[str, Between | None] = {}
    for place, shown in alone(able, lay, kind) if able else ():
        _progress(f"{able[place].payer} against all others")
        single[able[place].payer] = shown
    names = [policy.payer for policy in policies]
    if out:
        for (one, two), shown in pairs.items():
            write(out, f"{names[one]}-not-{names[two]}", shown, names[one])
        for name, shown in single.items():
            write(out, f"{name}-alone", shown, name)
    if as_json:
        pair = [
            {"approves": policies[one].id, "does not": policies[two].id, "witness": between(shown, int(one < two))}
            for (one, two), shown in sorted(pairs.items())
        ]
        each = [
            {"approves": name, "witness": _among(shown, [policy.payer for policy in able])}
            for name, shown in single.items()
        ]
        output.as_json({"product": code, "kind": kind, "pairs": pair, "alone": each})
        return 0
    _print_matrix(names, pairs)
    for name, shown in single.items():
        _print_alone(name, shown, [policy.payer for policy in able])
    return 0


def _progress(text: str) -> None:
    """Say on a terminal how far it is."""
    if sys.stderr.isatty():
        output.fault(text)


def _among(shown: Between | None, payers: list[str]) -> dict[str, object] | None:
    """Return a patient whom one of several payers approves, with what each of the others says."""
    if shown is None:
        return None
    return {
        "outcomes": dict(zip(payers, shown.outcomes, strict=True)),
        "in the way": {payer: list(listed) for payer, listed in zip(payers, shown.hurdles, strict=True)},
        "patient": list(shown.witness.words()),
    }


def _print_matrix(names: list[str], pairs: dict[tuple[int, int], Between | None]) -> None:
    output.line("| approved by | " + " | ".join(f"not by {name}" for name in names) + " |")
    output.line("|---" * (len(names) + 1) + "|")
    for one, name in enumerate(names):
        cells = []
        for two in range(len(names)):
            shown = pairs.get((one, two))
            told = _few(shown.hurdles[int(one < two)]) if shown else "nobody"
            cells.append("" if one == two else told)
        output.line(f"| {name} | " + " | ".join(cells) + " |")


def _few(hurdles: tuple[str, ...]) -> str:
    """List what stands in the way, the first few by name."""
    more = f" and {len(hurdles) - FEW} more" if len(hurdles) > FEW else ""
    return ", ".join(hurdles[:FEW]) + more


def _print_alone(name: str, shown: Between | None, payers: list[str]) -> None:
    if shown is None:
        output.line()
        output.line(f"{name} approves nobody whom no other approves.")
        return
    output.line()
    output.line(f"Only {name} approves:")
    output.line()
    for line in shown.witness.words():
        output.line(f"    {line}")
    for payer, outcome, hurdles in zip(payers, shown.outcomes, shown.hurdles, strict=True):
        if outcome != "approve":
            output.line(f"    -> {payer}: {outcome}: {_few(hurdles)}")
