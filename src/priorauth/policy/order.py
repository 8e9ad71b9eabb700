"""The order in which the policies of a payer are asked: written by somebody, never that of the alphabet by chance.

Of two policies of a payer that list one product and may be in force on one day, the first of ``order:`` in payer.yaml
that is in force decides. Two that are not both there are a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from priorauth.errors import Fault
from priorauth.policy.payers import Payer
from priorauth.policy.tree import Policy
from priorauth.values import names
from priorauth.values.dates import LAST_DAY


def ordered(policies: Iterable[str], payer: Payer | None) -> tuple[str, ...]:
    """Return the ids of policies of one payer, in its order; those that it does not order follow by the alphabet."""
    place = {f"{payer.id}/{name}": at for at, name in enumerate(payer.order)} if payer else {}
    return tuple(sorted(policies, key=lambda policy: (place.get(policy, len(place)), policy)))


def misnamed(payer: Payer, policies: Iterable[str]) -> Iterator[Fault]:
    """Yield what stands in the order of a payer and is none of its policies."""
    known = [policy.partition("/")[2] for policy in policies]
    for name in payer.order:
        if name not in known:
            said = f"{payer.id} has no policy {str(name)!r}{names.near(name, known)}"
            yield Fault.at_line(payer.file, name.line, said)


def unordered(payer: Payer, policies: Mapping[str, Sequence[Policy]]) -> Iterator[Fault]:
    """Yield the pairs of policies of a payer that may decide one request and whose order nobody wrote.

    ``policies`` has the versions of each policy, oldest first.
    """
    for (one, of_one), (other, of_other) in combinations(policies.items(), 2):
        words = [policy.partition("/")[2] for policy in (one, other)]
        if set(words) <= set(payer.order):
            continue
        if shared := _shared(of_one, of_other):
            said = f"{one} and {other} both {shared}: expected `order:` with both, the one that decides first"
            yield Fault.at_line(payer.file, payer.order[0].line if payer.order else 1, said)


def _shared(one: Sequence[Policy], other: Sequence[Policy]) -> str | None:
    for policy, first, last in _spans(one):
        for beside, from_, until in _spans(other):
            if first > until or from_ > last:
                continue
            if both := sorted(set(policy.products) & set(beside.products)):
                return f"list {both[0]}"
            if policy.unlisted or beside.unlisted:
                return "take products that one of them does not list"
    return None


def _spans(versions: Sequence[Policy]) -> Iterator[tuple[Policy, int, int]]:
    """Yield each version with its first and last day: until the next begins, at most."""
    for at, policy in enumerate(versions):
        following = versions[at + 1].effective.first - 1 if at + 1 < len(versions) else LAST_DAY
        last = LAST_DAY if policy.effective.last is None else policy.effective.last
        yield policy, policy.effective.first, min(last, following)
