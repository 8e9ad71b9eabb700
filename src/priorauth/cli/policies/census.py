"""``priorauth policies census``: how many criteria need coded data, an answer, a judgment."""

from __future__ import annotations

from pathlib import Path

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made


@made("census", "priorauth policies census")
@parameters.policies
def command(*, policies: tuple[Path, ...]) -> int:
    """Count which criteria need coded data, an answer, a judgment."""
    from priorauth.policy.views.census import report

    known = parameters.opened(policies)
    output.say(report(parameters.newest(known), known.vocabulary))
    return 0
