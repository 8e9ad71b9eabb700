"""``priorauth ledger verify``: chains, blobs, references, and the state against the events."""

from __future__ import annotations

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made("verify", "priorauth ledger verify", "priorauth ledger verify --tenant plan --json")
@asked.db
@asked.tenant
@parameters.as_json
def command(*, url: str, tenant: str | None, as_json: bool) -> int:
    """Verify a ledger: nothing lost, nothing altered.

    Each fault is one line and the exit code 2. Others may write meanwhile.
    """
    with asked.ledger(url) as store:
        from priorauth.errors import Fault, LedgerRefused
        from priorauth.ledger.care.verify import verify

        found = verify(store, asked.whose(store, tenant))
        LedgerRefused.raise_if(Fault(store.name, None, line) for line in found.faults)
    if as_json:
        output.as_json({"verified": True, "counts": found.counts})
    else:
        output.line(f"whole: {', '.join(f'{count:,} {name}' for name, count in found.said())}")
    return 0
