"""Show the policies: which there are, what each asks, where every rule of a payer's text is encoded; check new ones."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from priorauth.cli import assurance, cql

if TYPE_CHECKING:
    from priorauth.policy.catalog import Catalog
    from priorauth.policy.tree import Policy


def add(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    """Add the command to the parser."""
    command = commands.add_parser("policies", help="list, show, compare and check policies", description=__doc__)
    command.set_defaults(run=run, do=list_, json=False, policies=[])
    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument(
        "--policies", metavar="DIR", type=Path, action="append", default=[], help="a folder of further policies"
    )
    parts = command.add_subparsers(metavar="WHAT")

    def part(name: str, do: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = parts.add_parser(name, help=text, description=text, parents=[folders])
        made.set_defaults(do=do)
        return made

    listed = part("list", list_, "every version: id, version, first and last day, what is assumed, currency")
    listed.add_argument("--json", action="store_true", help="as JSON")
    shown = part("show", show, "the reviewer's page of a version, in Markdown")
    shown.add_argument("id", metavar="ID[@YYYY-MM-DD]", help="a policy; with a day, the version that begins on it")
    part("coverage", coverage, "every rule of the payers' texts: where it is encoded, or why not")
    part("census", census, "how many criteria are computed from coded data, need an answer, need a judgment")
    checked = part("check", check, "read policy files or folders, say every fault, run the cases beside them")
    checked.add_argument("paths", metavar="PATH", type=Path, nargs="+", help="a policy file, or a folder of policies")
    compared = part("compare", compare, "who asks what for the same product, as a table in Markdown")
    compared.add_argument("ids", metavar="ID", nargs="+", help="policies, as for show")
    compared.add_argument("--product", metavar="HCPCS", help="only what this product is asked")
    compared.add_argument("--kind", metavar="KIND", default="initial", help="the kind of request (initial)")
    asked = part("ask", ask, "the blank checklist of what a clinic sends")
    asked.add_argument("id", metavar="ID[@YYYY-MM-DD]", help="a policy, as for show")
    asked.add_argument("--product", metavar="HCPCS", help="only what this product is asked")
    cql.add(part("cql", cql.write, "a version as a library of CQL, for engines that speak it"))

    for add_part in (assurance.add_diff, assurance.add_prove, assurance.add_cases):
        add_part(parts, [folders])


def run(args: argparse.Namespace) -> int:
    """Run one part of the command; a policy at fault is refused with one line per fault."""
    from priorauth.cli.main import Refused
    from priorauth.policy.load import PolicyFaults
    from priorauth.values.strict_yaml import YamlFault

    try:
        code: int = args.do(args)
    except PolicyFaults as refused:
        raise Refused(*refused.faults) from None
    except YamlFault as fault:
        raise Refused(str(fault)) from None
    return code


def catalog(args: argparse.Namespace) -> Catalog:
    """Open the shipped policies and the folders named."""
    from priorauth.policy.catalog import open_catalog

    return open_catalog(*args.policies)


def chosen(known: Catalog, wanted: str) -> Policy:
    """Find a policy by id, its newest version or the one that begins on the day after ``@``."""
    from priorauth.cli.main import Refused
    from priorauth.values.dates import iso

    name, _, day = wanted.partition("@")
    if name not in known.files:
        raise Refused(f"no policy is named {name!r}; expected one of {', '.join(known.files)}")
    versions = known.versions(name)
    if not day:
        return versions[-1]
    found = {iso(version.effective.first): version for version in versions}
    if day not in found:
        raise Refused(f"{name} has no version {day!r}; expected one of {', '.join(found)}")
    return found[day]


def newest(known: Catalog) -> list[Policy]:
    """Give the newest version of every policy."""
    return [known.versions(name)[-1] for name in known.files]


def product(known: Catalog, code: str | None) -> str | None:
    """Hold a product code to the vocabulary."""
    from priorauth.cli.main import Refused

    values = known.vocabulary["product_code"].values
    if code is not None and code not in values:
        raise Refused(f"--product: expected one of {', '.join(values)}, found {code!r}")
    return code


def list_(args: argparse.Namespace) -> int:
    """List every version."""
    rows = [_listed(policy) for policy in catalog(args).all()]
    if args.json:
        json.dump({"policies": rows}, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return 0
    columns = ("id", "version", "from", "until", "currency", "assumed")
    cells = [columns, *(tuple(str(row[column] or "-") for column in columns) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns) - 1)]
    for row in cells:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip())
    return 0


def _listed(policy: Policy) -> dict[str, str | None]:
    from priorauth.values.dates import iso

    effective = policy.effective
    return {
        "id": policy.id,
        "title": policy.title,
        "version": policy.version,
        "from": iso(effective.first),
        "until": iso(effective.last) if effective.last is not None else None,
        "assumed": effective.assumed,
        "currency": policy.currency,
        "sha256": policy.sha256,
    }


def show(args: argparse.Namespace) -> int:
    """Print the reviewer's page."""
    from priorauth.policy.page import page

    known = catalog(args)
    sys.stdout.write(page(chosen(known, args.id), known.vocabulary, known.common))
    return 0


def coverage(args: argparse.Namespace) -> int:
    """Print where every rule stands; 1 where a rule is unaccounted for, or accounted for wrongly."""
    from priorauth.policy.accounting import report
    from priorauth.policy.inventory import accounts, of_catalog

    known = catalog(args)
    rules = of_catalog(known)
    found = accounts(known, rules)
    sys.stdout.write(report(found, rules))
    return 0 if all(account.whole for account in found) else 1


def census(args: argparse.Namespace) -> int:
    """Print the census of the newest versions."""
    from priorauth.policy.census import report

    known = catalog(args)
    sys.stdout.write(report(newest(known), known.vocabulary))
    return 0


def check(args: argparse.Namespace) -> int:
    """Read policies and run their cases: 2 where a file is at fault, 1 where a case does not come out."""
    from priorauth.cli.check import check_all

    return check_all(args.paths, tuple(args.policies))


def compare(args: argparse.Namespace) -> int:
    """Print the comparison."""
    from priorauth.cli.main import Refused
    from priorauth.policy.compare import table

    known = catalog(args)
    kinds = known.vocabulary["request_kind"].values
    if args.kind not in kinds:
        raise Refused(f"--kind: expected one of {', '.join(kinds)}, found {args.kind!r}")
    policies = [chosen(known, wanted) for wanted in args.ids]
    sys.stdout.write(table(policies, known.vocabulary, product(known, args.product), args.kind))
    return 0


def ask(args: argparse.Namespace) -> int:
    """Print the blank checklist."""
    from priorauth.policy.checklist import checklist
    from priorauth.policy.compare import concepts

    known = catalog(args)
    settled = concepts().known(known.vocabulary, product(known, args.product), None)
    sys.stdout.write(checklist(chosen(known, args.id), known.vocabulary, settled))
    return 0
