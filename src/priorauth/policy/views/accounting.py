"""The account of the inventory in words: one line a rule, then what older versions lack, then the total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from priorauth.policy.inventory import Account, How, Rule
from priorauth.values.printable import paged

HOW: tuple[How, ...] = ("id", "also", "not encoded")


def report(accounts: Iterable[Account], rules: Iterable[Rule]) -> str:
    """Write the account of every version; the total counts each rule once, in the newest version of its policy."""
    listed = tuple(accounts)
    inventory = tuple(rules)
    lines = [line for account in listed for line in _version(account, inventory)]
    return paged([*lines, total(listed, inventory)])


def total(accounts: Iterable[Account], rules: Iterable[Rule]) -> str:
    """Count the rules by how the newest versions account for them."""
    newest = [account for account in accounts if account.newest]
    counts: dict[str, int] = dict.fromkeys((*HOW, "unaccounted"), 0)
    every = list(rules)
    for rule in every:
        found = [account.places[rule.id] for account in newest if _holds(account, rule)]
        counts[found[0].how if found else "unaccounted"] += 1
    by_way = ", ".join(f"{counts[how]} {'' if how == 'not encoded' else 'as '}{how}" for how in HOW)
    return f"{len(every)} rules: {by_way}, {counts['unaccounted']} unaccounted"


def _holds(account: Account, rule: Rule) -> bool:
    return account.rules.get(rule.id) is rule and rule.id in account.places


def _version(account: Account, rules: tuple[Rule, ...]) -> Iterator[str]:
    policy = account.policy
    where = "/".join(Path(policy.file).parts[-3:])
    yield f"{policy.id} {policy.version}"
    if account.newest:
        for rule in rules:
            if _holds(account, rule):
                place = account.places[rule.id]
                reason = f": {place.reason}" if place.reason else ""
                yield f"  {rule.id:<10} {rule.kind:<4} {place.how:<11} {where}:{place.line}{reason}"
    else:
        yield "  an older version; what the newest has and this one has not:"
        for rule in rules:
            if _holds(account, rule) and account.places[rule.id].how == "not encoded":
                place = account.places[rule.id]
                yield f"  {rule.id:<10} {rule.kind:<4} not encoded {where}:{place.line}: {place.reason}"
    yield from _faults(account)
    yield ""


def _faults(account: Account) -> Iterator[str]:
    for name in account.unaccounted:
        yield f"  {name}: UNACCOUNTED: neither an id, nor in an also, nor under not encoded"
    for name in account.twice:
        yield f"  {name}: ACCOUNTED FOR TWICE"
    for name in account.unknown:
        yield f"  {name}: UNKNOWN: no rule of the inventory"
    for name in account.wrongly_left_out:
        yield f"  {name}: LEFT OUT: only scope, definitions and documents may be left out of the newest version"
