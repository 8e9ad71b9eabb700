"""``priorauth policies coverage``: where every rule of the payers' texts is encoded, or why it is not."""

from __future__ import annotations

from pathlib import Path

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made


@made("coverage", "priorauth policies coverage")
@parameters.policies
def command(*, policies: tuple[Path, ...]) -> int:
    """Print where every rule of the texts is encoded, or why not.

    The exit code is 1 where a rule is unaccounted for, or accounted for wrongly.
    """
    from priorauth.policy.inventory import accounts, of_catalog
    from priorauth.policy.views.accounting import report
    from priorauth.values.dates import iso

    known = parameters.opened(policies)
    rules = of_catalog(known)
    found = accounts(known, rules)
    for name in known.files:
        for text in known.unread(name):
            output.line(f"{name} from {iso(text.effective.first)}: not read, its rules are not known: {text.title}")
    output.say(report(found, rules))
    return 0 if all(account.whole for account in found) else 1
