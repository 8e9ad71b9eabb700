"""``priorauth exchange try``: our tests as a client, against any payer's server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import uuid4

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.server.clock import now

if TYPE_CHECKING:
    from priorauth.exchange.trying.found import Result
    from priorauth.exchange.trying.listener import Listener
    from priorauth.exchange.trying.signed import Client

FAILED: Final = 1
_VERSIONS: Final = ("2.0", "2.2")


@made(
    "try",
    "priorauth exchange try https://api.plan.example/plan/2.2 --client my-ehr --key key.json",
    "priorauth exchange try http://127.0.0.1:8080/demo/2.2 --listen 127.0.0.1:0 --junit report.xml",
)
@click.argument("url", metavar="URL", help="below which /cds-services and /fhir are, as https://host/plan/2.2")
@click.option(
    "--version", type=parameters.OneOf(*_VERSIONS), default="2.2", help="of CRD, DTR and PAS; 2.2 if left out"
)
@click.option("--fhir", metavar="URL", help="the FHIR server; left out, URL/fhir")
@click.option("--cds", metavar="URL", help="the services of CDS Hooks; left out, URL/cds-services")
@click.option("--client", metavar="ID", help="as which client to ask for tokens")
@click.option("--key", metavar="FILE", type=parameters.PATH, help="its private key, as JWK or PEM")
@click.option("--issuer", metavar="TEXT", help="by what tokens of hooks are issued; left out, the client")
@click.option("--jku", metavar="URL", help="where the public keys are, said in each token")
@click.option(
    "--header", "headers", type=parameters.Pair(), metavar="NAME=VALUE", multiple=True, help="a header of every request"
)
@click.option("--listen", metavar="HOST:PORT", help="listen there for notifications; port 0 finds a free one")
@click.option(
    "--wait",
    metavar="SECONDS",
    type=parameters.Whole(0),
    default=0,
    help="so long for a notification, while the payer decides the request",
)
@click.option("--reach", metavar="URL", help="where the server reaches us, if not at HOST:PORT")
@click.option(
    "--case", metavar="FILE", type=parameters.PATH, help="a request Bundle of your own instead of the made-up one"
)
@click.option("--payer", metavar="SYSTEM|VALUE", help="the number of the insurer in the case")
@click.option("--only", metavar="NAME", multiple=True, help="these checks, or groups of them, alone")
@click.option("--junit", metavar="FILE", type=parameters.PATH, help="write a report as JUnit's XML too")
@parameters.as_json
def command(
    *,
    url: str,
    version: str,
    fhir: str | None,
    cds: str | None,
    client: str | None,
    key: Path | None,
    issuer: str | None,
    jku: str | None,
    headers: tuple[tuple[str, str], ...],
    listen: str | None,
    wait: int,
    reach: str | None,
    case: Path | None,
    payer: str | None,
    only: tuple[str, ...],
    junit: Path | None,
    as_json: bool,
) -> int:
    """Try a payer's server as a client of it.

    Discovery, hooks, forms, requests, inquiries, subscriptions and tokens: each check is one line, passed, FAILED, or
    n/a with the reason. What is sent is made up, and is cancelled at the end. Exit code 1 where a check failed.
    """
    from priorauth.exchange.trying import case as cases
    from priorauth.exchange.trying import report, session
    from priorauth.exchange.trying.run import chosen, run

    _address("URL", url)
    for name, said in (("--fhir", fhir), ("--cds", cds), ("--jku", jku), ("--reach", reach)):
        if said is not None:
            _address(name, said)
    chosen(only)
    base = url.rstrip("/")
    with ExitStack() as closing:
        one = session.Session(
            cds=(cds or f"{base}/cds-services").rstrip("/"),
            fhir=(fhir or f"{base}/fhir").rstrip("/"),
            version=version,
            case=cases.read(case, str(uuid4()), payer),
            now=lambda: int(now().timestamp()),
            client=_client(client, key, issuer, jku),
            headers=dict(headers),
            wait=wait,
            listener=closing.enter_context(_listening(listen, reach)),
        )
        found = list(_said(run(one, only), silent=as_json))
    if as_json:
        output.as_json(report.as_json(found, url, version))
    else:
        output.line(report.summary(found))
    if junit is not None:
        _written(junit, report.junit(found, url, version))
    return FAILED if any(each.stand == "failed" for each in found) else 0


def _said(results: Iterator[Result], *, silent: bool) -> Iterator[Result]:
    """Yield results, each said as it comes."""
    from priorauth.exchange.trying import report

    for one in results:
        if not silent:
            for line in report.lines([one]):
                output.line(line)
        yield one


def _address(name: str, said: str) -> None:
    try:
        parts = urlsplit(said)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise refused(f"{name}: expected an address that begins with https:// or http://, found {said[:120]!r}")


def _client(name: str | None, key: Path | None, issuer: str | None, jku: str | None) -> Client | None:
    from priorauth.exchange.trying import signed

    if (name is None) != (key is None):
        raise refused("--client and --key: expected both, or neither")
    return None if name is None or key is None else signed.client(name, key, issuer, jku)


@contextmanager
def _listening(said: str | None, reach: str | None) -> Iterator[Listener | None]:
    from priorauth.exchange.trying.listener import listening

    if said is None:
        yield None
        return
    host, _, port = said.rpartition(":")
    if not host or not port.isdecimal():
        raise refused(f"--listen: expected HOST:PORT, found {said[:80]!r}")
    with ExitStack() as closing:
        try:
            found = closing.enter_context(listening(host.strip("[]"), int(port), reach))
        except (OSError, OverflowError) as fault:
            raise refused(f"--listen: {said[:80]}: {getattr(fault, 'strerror', None) or fault}") from None
        yield found


def _written(file: Path, text: str) -> None:
    from priorauth.errors import Fault, InputRefused
    from priorauth.values import files

    try:
        files.write(file, text.encode())
    except files.FileFault as fault:
        raise InputRefused(Fault(str(file), None, fault.problem)) from None
