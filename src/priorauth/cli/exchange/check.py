"""``priorauth exchange check``: what is set, and what is missing before others may call."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked
from priorauth.cli.output import refused
from priorauth.server.clock import now

if TYPE_CHECKING:
    from priorauth.exchange.readiness import Finding

UNFIT: Final = 1
_WIDE: Final = 9


@made(
    "check",
    "priorauth exchange check --tenants examples/exchange",
    "priorauth exchange check --tenants examples/exchange --json",
)
@click.option("--tenants", metavar="DIR", type=parameters.PATH, help="a folder with a file NAME.yaml for each tenant")
@click.option("--db", "url", metavar="URL", help="a ledger, whose settings are read instead")
@click.option("--tenant", metavar="NAME", help="this tenant alone")
@parameters.as_json
def command(*, tenants: Path | None, url: str | None, tenant: str | None, as_json: bool) -> int:
    """Say what the settings of the exchange lack.

    What is set, what is missing before others may call, what to look at. Nothing is fetched. Exit code 1 where
    something is missing, 2 where the settings cannot be read at all.
    """
    if (tenants is None) == (url is None):
        raise refused("expected one of --tenants DIR and --db URL")
    from priorauth.exchange.readiness import findings, is_fit
    from priorauth.policy.catalog import open_catalog

    catalog = open_catalog()
    held = _of_files(tenants, tenant) if tenants is not None else _of_ledger(str(url), tenant)
    found = {name: findings(settings, catalog, os.environ, now()) for name, settings in held}
    fit = all(map(is_fit, found.values()))
    if as_json:
        output.as_json({"fit": fit, "tenants": {name: [one._asdict() for one in some] for name, some in found.items()}})
    else:
        for line in _page(found):
            output.line(line)
    return 0 if fit else UNFIT


def _of_files(folder: Path, tenant: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from priorauth.server import tenants

    for name, file in tenants.files(folder, tenant).items():
        yield name, tenants.read(file).get("settings", {})


def _of_ledger(url: str, tenant: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with asked.ledger(url) as store:
        from priorauth.exchange.app import settings_of

        name = asked.whose(store, tenant)
        yield name, settings_of(store, name)


def _page(found: Mapping[str, list[Finding]]) -> Iterator[str]:
    for name, some in found.items():
        yield name
        for one in some:
            yield f"  {one.level:<{_WIDE}}{one.place}: {one.says}"
        counted = {level: sum(one.level == level for one in some) for level in ("missing", "note")}
        yield f"  {counted['missing']} missing, {counted['note']} to look at"
