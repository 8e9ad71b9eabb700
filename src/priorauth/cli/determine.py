"""``priorauth determine CASE.json``: decide every item of a request and print it as text, JSON or FHIR."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priorauth.decide.determination import Determination

MAX_BYTES = 200_000_000
FORMATS = ("text", "json", "fhir")


def add(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    """Add the command to the parser."""
    command = commands.add_parser("determine", help="decide a request", description=__doc__)
    command.add_argument(
        "case", metavar="CASE.json", type=Path, help="a FHIR R4 Bundle with a Claim ('-': standard input)"
    )
    command.add_argument("--policy", metavar="ID", help="use this policy whatever the payer")
    command.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day from which windows count, else Claim.created")
    command.add_argument(
        "--judgments", metavar="FILE", type=Path, help="a QuestionnaireResponse by a named clinician of the payer"
    )
    command.add_argument("--format", choices=FORMATS, help="text (on a terminal), json (else) or fhir")
    command.add_argument(
        "--reading", metavar="NAME=VALUE", action="append", default=[], help="override a named reading"
    )
    command.add_argument(
        "--policies", metavar="DIR", type=Path, action="append", default=[], help="a folder of further policies"
    )
    command.add_argument(
        "--log",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a glucose log of the member, beside the case",
    )
    reading_logs(command)
    command.set_defaults(run=run)


def reading_logs(command: argparse.ArgumentParser) -> None:
    """Add the options that settle what a glucose log may leave open."""
    command.add_argument(
        "--zone", metavar="ZONE", help="where logs were kept, as in America/New_York; places wall clock times"
    )
    command.add_argument("--dates", choices=("dmy", "mdy", "ymd"), help="the order of day and month in logs")
    command.add_argument(
        "--columns",
        metavar="KEY=COLUMN,...",
        help="the columns of a plain table, as in time=When,glucose=BG,unit=mg/dL",
    )


def run(args: argparse.Namespace) -> int:
    """Decide and print; a refusal prints one line per fault and nothing else."""
    from priorauth.cli.main import Refused
    from priorauth.decide.determine import determine
    from priorauth.policy.load import PolicyFaults
    from priorauth.record.refused import RefusedInput
    from priorauth.values.strict_yaml import YamlFault

    data = read(args.case)
    try:
        found = determine(
            data,
            policy=args.policy,
            as_of=args.as_of,
            judgments=read(args.judgments) if args.judgments else None,
            readings=overrides(args.reading),
            policies=tuple(args.policies),
            logs=args.log,
            columns=args.columns,
            zone=args.zone,
            dates=args.dates,
            name=args.case.name,
            judgments_name=args.judgments.name if args.judgments else "judgments",
        )
    except (RefusedInput, PolicyFaults) as refused:
        raise Refused(*refused.faults) from None
    except YamlFault as fault:
        raise Refused(str(fault)) from None
    print_as(args.format or ("text" if sys.stdout.isatty() else "json"), found, data)
    return 0


def read(path: Path) -> bytes:
    """Read a file of at most MAX_BYTES, refusing a larger one before it is read."""
    from priorauth.cli.main import Refused

    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        elif path.is_file() and path.stat().st_size > MAX_BYTES:
            raise Refused(f"{path}: expected at most {MAX_BYTES:,} bytes, found {path.stat().st_size:,}")
        else:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        raise Refused(f"{path}: cannot be read: {fault.strerror}") from None
    if len(data) > MAX_BYTES:
        raise Refused(f"{path}: expected at most {MAX_BYTES:,} bytes")
    return data


def overrides(given: list[str]) -> dict[str, str]:
    """Read NAME=VALUE pairs."""
    from priorauth.cli.main import Refused

    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise Refused(f"--reading: expected NAME=VALUE, found {pair!r}")
        found[name.strip()] = value.strip()
    return found


def print_as(shape: str, found: list[Determination], data: bytes) -> None:
    """Print determinations in a shape; ``data`` is the request they answer."""
    if shape == "text":
        from priorauth.export.text import page

        sys.stdout.write(page(found))
    elif shape == "fhir":
        from priorauth.export.fhir import response

        json.dump(response(found, json.loads(data)), sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        json.dump({"determinations": [one.as_json() for one in found]}, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
