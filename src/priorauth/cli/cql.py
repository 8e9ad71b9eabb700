"""Write a policy as a library of CQL, with the libraries that stand beside it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(command: argparse.ArgumentParser) -> None:
    """Add what the command takes to its parser."""
    command.add_argument("id", metavar="ID[@YYYY-MM-DD]", help="a policy, as for show")
    command.add_argument(
        "--into", metavar="DIR", type=Path, help="write the policy and the libraries it needs as files into this folder"
    )


def write(args: argparse.Namespace) -> int:
    """Print the library of a policy, or write it with the shared library and the one that reads FHIR into a folder."""
    from priorauth.cli.main import Refused
    from priorauth.cli.policies import catalog, chosen
    from priorauth.export import cql, cql_facts, cql_types
    from priorauth.export.cql_forms import Unsayable

    known = catalog(args)
    try:
        made = cql.library(chosen(known, args.id), known.vocabulary, known.common)
    except Unsayable as fault:
        raise Refused(f"{args.id}: {fault}") from None
    if args.into is None:
        sys.stdout.write(made.text)
        return 0
    texts = {
        made.name: made.text,
        cql_types.NAME: cql_types.shared(),
        cql_facts.NAME: cql_facts.coded_facts(known.vocabulary),
    }
    try:
        args.into.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (args.into / f"{name}.cql").write_text(text, encoding="utf-8")
            print(args.into / f"{name}.cql")
    except OSError as fault:
        raise Refused(f"--into: {fault.filename}: {fault.strerror}") from None
    return 0
