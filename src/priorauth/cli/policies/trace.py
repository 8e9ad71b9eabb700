"""``priorauth policies trace``: a reader's copy of the payer's text beside the rules of a version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy
    from priorauth.trace.lay import Laid
    from priorauth.trace.source import Source
    from priorauth.trace.trace import Trace


@made(
    "trace",
    "priorauth policies trace fernhill/insulin-pumps texts/fernhill-2025.txt --policies texts/policies",
    "priorauth policies trace fernhill/insulin-pumps texts/fernhill-2026.txt --policies texts/policies "
    "--draft trace.yaml",
)
@click.argument("policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="as for show")
@click.argument("text", metavar="TEXT", type=parameters.PATH, help="your copy of the payer's text: .txt, .pdf or .html")
@click.option("--html", metavar="FILE", type=parameters.PATH, help="write a page with each sentence beside its rules")
@click.option("--draft", metavar="FILE", type=parameters.PATH, help="begin a trace of this text, for you to finish")
@parameters.as_json
@parameters.policies
def command(
    *,
    policy: Policy,
    text: Path,
    html: Path | None,
    draft: Path | None,
    as_json: bool,
    policies: tuple[Path, ...],
) -> int:
    """Lay a copy of the payer's text beside the rules.

    It says which rules each sentence carries, which sentences the trace does not know, and which rules have none.
    The exit code is 1 where the copy and the trace differ.
    """
    from priorauth.cli.policies import texts
    from priorauth.trace import drift, trace

    if draft and (html or as_json):
        raise refused("--draft: give it alone")
    beside = trace.beside(policy)
    for out in (html, draft):
        files.apart(out, [text, Path(policy.file), *([beside] if beside.exists() else [])])
    source = texts.read(text)
    known = trace.of(policy)
    if draft:
        return _begun(policy, source, known or _older(policy, policies), draft)
    if known is None:
        raise refused(f"{policy.id}: no trace stands beside {policy.file}; --draft FILE begins one")
    laid = drift.traced(source, known, f"{policy.id}@{known.version}")
    return _told(policy, known, laid, html, as_json=as_json)


def _older(policy: Policy, folders: tuple[Path, ...]) -> Trace | None:
    """Return the trace of the nearest version before, which knows the sentences that stand as they were."""
    from priorauth.trace import trace

    found = None
    for version in parameters.opened(folders).versions(policy.id):
        if version.effective.first < policy.effective.first:
            found = trace.of(version) or found
    return found


def _begun(policy: Policy, source: Source, known: Trace | None, out: Path) -> int:
    """Write the beginning of a trace, and say what is left to do."""
    from priorauth.trace import begin, trace
    from priorauth.values.dates import iso

    rows = begin.begin(source, policy, known)
    files.write(out, trace.written(policy.id, iso(policy.effective.first), rows))
    open_ = [row.at for row in rows if not row.rules and row.otherwise is None]
    output.line(f"{out}: {len(rows)} sentences, {len(open_)} of them wait for `rules:` or `is:`")
    return 0


def _told(policy: Policy, known: Trace, laid: Laid, html: Path | None, *, as_json: bool) -> int:
    from priorauth.trace import page, sheet

    if html:
        files.write(html, sheet.sheet(policy, known, laid))
    if as_json:
        output.as_json(page.as_json(policy, known, laid))
    elif html:
        output.line(page.summary(policy, known, laid))
    else:
        output.say(page.page(policy, known, laid))
    return 1 if page.differs(known, laid) else 0
