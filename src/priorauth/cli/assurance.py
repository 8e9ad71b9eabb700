"""``priorauth policies diff | prove | cases``: what changed, what is proved, cases on every edge, from the solver."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priorauth.assurance.compare import Between, Compared
    from priorauth.assurance.findings import Explained
    from priorauth.assurance.outcome import World
    from priorauth.assurance.prove import Proof
    from priorauth.policy.tree import Policy

ID = "ID[@YYYY-MM-DD]"
FEW = 3
"""How many criteria a cell of the table of payers names."""
EXTRA = "the solver is not installed: pip install 'priorauth[assurance]'"


def add_diff(sub: Any, parents: list[argparse.ArgumentParser]) -> None:  # noqa: ANN401 - argparse's subparsers have no public name
    """Add ``diff`` to the parser of ``policies``."""
    text = "what changed from one version to another, by outline id and by meaning"
    made = sub.add_parser("diff", help=text, description=text, parents=parents)
    made.add_argument("one", metavar=ID, help="the older version")
    made.add_argument("two", metavar=ID, help="the newer version")
    made.add_argument("--json", action="store_true", help="as JSON")
    made.set_defaults(do=partial(_told, diff))


def add_prove(sub: Any, parents: list[argparse.ArgumentParser]) -> None:  # noqa: ANN401 - the same
    """Add ``prove`` to the parser of ``policies``."""
    text = "that every criterion can decide, or hold a version against another; exit 1 where something is unexplained"
    made = sub.add_parser("prove", help=text, description=text, parents=parents)
    made.add_argument("ids", metavar=ID, nargs="*", help="a policy, or a version of it; with --payers those to compare")
    made.add_argument("--against", metavar=ID, help="whom it approves that this one does not, and the other way round")
    made.add_argument("--payers", metavar="HCPCS", help="whom each payer approves that the others do not")
    made.add_argument("--kind", metavar="KIND", default="initial", help="with --payers: the kind of request (initial)")
    made.add_argument("--out", metavar="DIR", type=Path, help="write each counterexample as a Bundle")
    made.add_argument("--json", action="store_true", help="as JSON")
    made.set_defaults(do=partial(_told, prove))


def add_cases(sub: Any, parents: list[argparse.ArgumentParser]) -> None:  # noqa: ANN401 - the same
    """Add ``cases`` to the parser of ``policies``."""
    text = "write a case on each side of every threshold, and a pair for every criterion that alone decides"
    made = sub.add_parser("cases", help=text, description=text, parents=parents)
    made.add_argument("id", metavar=ID, help="a policy, or a version of it")
    made.add_argument("--out", metavar="DIR", type=Path, required=True, help="where to write the files")
    made.set_defaults(do=partial(_told, cases))


def _told(command: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; a faulty file, and where solver and evaluator say different things, are one line each."""
    from priorauth.cli.main import Refused
    from priorauth.values.strict_yaml import YamlFault

    try:
        from priorauth.assurance.replay import Contradicted
    except ImportError:
        raise Refused(EXTRA) from None
    try:
        return command(args)
    except YamlFault as fault:
        raise Refused(str(fault)) from None
    except Contradicted as fault:
        print(f"priorauth: the evaluator contradicts the solver: {fault}", file=sys.stderr)
        return 1


def _world(args: argparse.Namespace, *wanted: str) -> World:
    """Lay one patient under some policies."""
    from priorauth.assurance.outcome import world
    from priorauth.cli.policies import catalog, chosen

    known = catalog(args)
    policies = tuple(chosen(known, one) for one in wanted)
    return world(policies, known.vocabulary, known.common, folders=known.folders[1:])


def _label(policy: Policy) -> str:
    from priorauth.values.dates import iso

    return f"{policy.id}@{iso(policy.effective.first)}"


# ---- diff


def diff(args: argparse.Namespace) -> int:
    """Print every change; with the solver, whether it changes what the criterion means."""
    from dataclasses import asdict, replace

    world = _world(args, args.one, args.two)
    from priorauth.assurance.compare import compare
    from priorauth.assurance.diff import diff as changes
    from priorauth.assurance.diff import meanings

    one, two = (terms.policy for terms in world.policies)
    same = meanings(world)
    listed = [replace(change, same=same.get(change.id)) for change in changes(one, two)]
    stands = list(compare(world))
    if args.json:
        shown = {"changes": [asdict(change) for change in listed], "pathways": [_compared(one) for one in stands]}
        _json(shown)
        return 0
    print(f"{_label(one)} to {_label(two)}")
    for change in listed:
        meaning = {True: " (same meaning)", False: " (another meaning)", None: ""}[change.same]
        print(f"{change.id}: {change.kind}{meaning}")
        for sign, text in (("-", change.before), ("+", change.after)):
            if text:
                print(f"    {sign} {text}")
    elsewhere = [name for name, alike in same.items() if not alike and name not in {change.id for change in listed}]
    if elsewhere:
        print(f"another meaning through what stands below them: {', '.join(elsewhere)}")
    for found in stands:
        print(f"pathway {found.pathway}: {found.relation}")
    if not listed:
        print("no change by outline id")
    return 0


# ---- prove


def prove(args: argparse.Namespace) -> int:
    """Prove one version, or hold it against another, or the payers against each other."""
    from priorauth.cli.main import Refused

    if args.payers:
        return _payers(args)
    if len(args.ids) != 1:
        raise Refused("expected one policy, or --payers HCPCS")
    return _against(args) if args.against else _alone(args)


def _alone(args: argparse.Namespace) -> int:
    world = _world(args, args.ids[0])
    from priorauth.assurance import findings
    from priorauth.assurance import prove as proving

    proof = proving.prove(world)
    policy = world.one.policy
    known = findings.explained(policy)
    open_, old = findings.unexplained(proof.found, known), list(findings.stale(proof.found, known))
    if args.json:
        _json(
            {
                "policy": _label(policy),
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
    print(f"{_label(proof.terms.policy)}: {len(proof.named)} criteria, {both} decide both ways")
    print(f"{patients} patients replayed through determine, none contradicted")
    for found in proof.found:
        why = findings.why(found, known)
        print(f"{found.kind}: {found.name}: {found.text}")
        print(f"    {why}" if why else "    NOT EXPLAINED")
    for one in old:
        print(f"NO LONGER FOUND: {one.kind}: {one.name} (line {one.line})")


def _against(args: argparse.Namespace) -> int:
    world = _world(args, args.ids[0], args.against)
    from priorauth.assurance.compare import compare

    one, two = (terms.policy for terms in world.policies)
    found = list(compare(world))
    if args.out:
        for part in found:
            for name, shown in (("here", part.here), ("there", part.there)):
                _write(args.out, f"{part.pathway.replace(' ', '-')}-{name}", shown, one.payer)
    if args.json:
        _json({"one": _label(one), "two": _label(two), "pathways": [_compared(part) for part in found]})
        return 0
    print(f"{_label(one)} against {_label(two)}")
    for part in found:
        print(f"\npathway {part.pathway}: {part.relation}")
        for text, shown, place in (
            ("only the first approves", part.here, 1),
            ("only the second approves", part.there, 0),
        ):
            if shown:
                print(f"  {text} this patient; in the way: {'; '.join(shown.hurdles[place]) or shown.outcomes[place]}")
                for line in shown.witness.words():
                    print(f"    {line}")
    return 0


def _compared(part: Compared) -> dict[str, object]:
    return {
        "pathway": part.pathway,
        "relation": part.relation,
        "only the first": _between(part.here, 1),
        "only the second": _between(part.there, 0),
    }


def _between(shown: Between | None, refused: int) -> dict[str, object] | None:
    if shown is None:
        return None
    return {
        "outcomes": list(shown.outcomes),
        "in the way": list(shown.hurdles[refused]),
        "patient": list(shown.witness.words()),
    }


def _payers(args: argparse.Namespace) -> int:
    """Print the table of payers: in a row whom it approves, in a column who does not approve that patient."""
    from priorauth.assurance.compare import alone, approving, matrix
    from priorauth.assurance.outcome import world
    from priorauth.cli.main import Refused
    from priorauth.cli.policies import catalog, chosen, newest, product

    known = catalog(args)
    code = product(known, args.payers)
    wanted = [chosen(known, one) for one in args.ids] or newest(known)
    policies = tuple(policy for policy in wanted if code in policy.products)
    if len(policies) < 2:  # noqa: PLR2004 - one alone has nobody to be held against
        raise Refused(f"expected at least two policies that speak about {args.payers}, found {len(policies)}")

    def lay(under: tuple[Policy, ...]) -> World:
        codes = (code,) if code else None
        return world(under, known.vocabulary, known.common, products=codes, folders=known.folders[1:])

    pairs: dict[tuple[int, int], Between | None] = {}
    for one, two, shown in matrix(policies, lay, args.kind):
        _progress(f"{policies[one].payer} against {policies[two].payer}")
        pairs[one, two] = shown
    able = approving(policies, lay, args.kind)
    single: dict[str, Between | None] = {}
    for place, shown in alone(able, lay, args.kind) if able else ():
        _progress(f"{able[place].payer} against all others")
        single[able[place].payer] = shown
    names = [policy.payer for policy in policies]
    if args.out:
        for (one, two), shown in pairs.items():
            _write(args.out, f"{names[one]}-not-{names[two]}", shown, names[one])
        for name, shown in single.items():
            _write(args.out, f"{name}-alone", shown, name)
    if args.json:
        pair = [
            {"approves": policies[one].id, "does not": policies[two].id, "witness": _between(shown, int(one < two))}
            for (one, two), shown in sorted(pairs.items())
        ]
        each = [
            {"approves": name, "witness": _among(shown, [policy.payer for policy in able])}
            for name, shown in single.items()
        ]
        _json({"product": code, "kind": args.kind, "pairs": pair, "alone": each})
        return 0
    _print_matrix(names, pairs)
    for name, shown in single.items():
        _print_alone(name, shown, [policy.payer for policy in able])
    return 0


def _progress(text: str) -> None:
    """Say on a terminal how far it is."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def _among(shown: Between | None, payers: list[str]) -> dict[str, object] | None:
    """Give a patient whom one of several payers approves, with what each of the others says."""
    if shown is None:
        return None
    return {
        "outcomes": dict(zip(payers, shown.outcomes, strict=True)),
        "in the way": {payer: list(listed) for payer, listed in zip(payers, shown.hurdles, strict=True)},
        "patient": list(shown.witness.words()),
    }


def _print_matrix(names: list[str], pairs: dict[tuple[int, int], Between | None]) -> None:
    print("| approved by | " + " | ".join(f"not by {name}" for name in names) + " |")
    print("|---" * (len(names) + 1) + "|")
    for one, name in enumerate(names):
        cells = []
        for two in range(len(names)):
            shown = pairs.get((one, two))
            told = _few(shown.hurdles[int(one < two)]) if shown else "nobody"
            cells.append("" if one == two else told)
        print(f"| {name} | " + " | ".join(cells) + " |")


def _few(hurdles: tuple[str, ...]) -> str:
    """List what stands in the way, the first few by name."""
    more = f" and {len(hurdles) - FEW} more" if len(hurdles) > FEW else ""
    return ", ".join(hurdles[:FEW]) + more


def _print_alone(name: str, shown: Between | None, payers: list[str]) -> None:
    if shown is None:
        print(f"\n{name} approves nobody whom no other approves.")
        return
    print(f"\nOnly {name} approves:\n")
    for line in shown.witness.words():
        print(f"    {line}")
    for payer, outcome, hurdles in zip(payers, shown.outcomes, shown.hurdles, strict=True):
        if outcome != "approve":
            print(f"    -> {payer}: {outcome}: {_few(hurdles)}")


# ---- cases


def cases(args: argparse.Namespace) -> int:
    """Write the cases of one version, one file each."""
    world = _world(args, args.id)
    from priorauth.assurance.boundary import case_file
    from priorauth.assurance.boundary import cases as made_cases
    from priorauth.assurance.prove import prove as proved

    proof = proved(world)
    folder: Path = args.out / world.one.policy.payer
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for made in made_cases(proof):
        text = json.dumps(case_file(made, proof), indent=1, ensure_ascii=False)
        (folder / f"{made.name}.json").write_text(text + "\n", encoding="utf-8")
        count += 1
    print(f"{_label(world.one.policy)}: {count} cases in {folder}")
    return 0


def _write(folder: Path, name: str, shown: Between | None, payer: str) -> None:
    """Write a patient as a Bundle, and the judgments that go with it."""
    if shown is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    bundle, judged = shown.witness.bundle(payer, name)
    for suffix, made in (("", bundle), ("-judgments", judged)):
        path = folder / f"{name}{suffix}.json"
        path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _json(value: object) -> None:
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    print()
