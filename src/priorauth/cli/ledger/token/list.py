"""``priorauth ledger token list``: which tokens there are, and until when."""

from __future__ import annotations

from priorauth.cli import output, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "list",
    "priorauth ledger token list",
)
@asked.ledger
@parameters.as_json
def command(*, db: str | None, tenant: str | None, as_json: bool) -> int:
    """List the tokens of a tenant, the newest first.

    The tokens themselves are not kept, and not listed.
    """
    from priorauth.ledger import tokens

    with asked.opened(db, tenant) as house:
        found = asked.plain(tokens.listed(house.store, house.tenant))
    if as_json:
        output.as_json({"tokens": found})
    else:
        asked.table(found, ("token", "person", "role", "title", "valid_until", "revoked_at"))
    return 0
