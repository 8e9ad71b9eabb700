"""The census: of all leaves of the policies, how many are computed from coded data, need an answer, need a judgment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.language.contents import anchors_of, facts_of
from priorauth.language.english import labels
from priorauth.policy.tree import Leaf, Policy, leaves
from priorauth.values import strict_yaml
from priorauth.values.printable import paged

PATH = Path(__file__).parents[2] / "policies" / "census.yaml"
Basis = Literal["computed", "answer", "judgment"]
RULE = """\
A leaf is a line of the language. It is computed where every fact that it reads, and every fact that gives it a day to
count from, can come from coded data: the vocabulary has codes or a derivation for it, or it is read from an element of
the request. (`census.yaml` names those elements, and the few derivations that still need an answer.) It needs a
judgment where only a clinician of the payer settles it. All others need an answer. What is computed may be answered
too; what the record does not hold has to be."""
BASES: tuple[Basis, ...] = ("computed", "answer", "judgment")


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What the vocabulary alone does not say: derivations that need an answer, and facts read from elements."""

    answered: Mapping[str, str]
    elements: Mapping[str, str]


@cache
def exceptions(path: Path = PATH) -> Exceptions:
    """Load the exceptions; raises PolicyFaults."""
    top = strict_yaml.read_file(path)
    tables = {key: cast("strict_yaml.Mapping", row) for key, row in top.items()}
    return Exceptions(
        {name: str(why) for name, why in tables["answered"].items()},
        {name: str(where) for name, where in tables["elements"].items()},
    )


def coded(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a fact can come from coded data."""
    fact = vocabulary[name]
    if name in exceptions().answered:
        return False
    return bool(fact.codes or fact.code_values or fact.value_codes or fact.derived) or name in exceptions().elements


def basis(form: f.Form, vocabulary: Vocabulary) -> Basis:
    """Return what a leaf rests on."""
    if isinstance(form, f.Judged | f.Refused):
        return "judgment"
    anchors = labels().anchor_facts
    read = (*facts_of(form), *(anchors[name] for name in anchors_of(form) if name in anchors))
    return "computed" if all(coded(name, vocabulary) for name in read) else "answer"


def tally(policy: Policy, vocabulary: Vocabulary) -> Mapping[Basis, int]:
    """Count the leaves of a version by what they rest on, imported ones included."""
    found = [basis(leaf.form, vocabulary) for leaf in all_leaves(policy)]
    return {each: found.count(each) for each in BASES}


def all_leaves(policy: Policy) -> Iterator[Leaf]:
    """Yield every leaf of a version."""
    for root in policy.roots():
        yield from leaves(root)


def report(policies: Iterable[Policy], vocabulary: Vocabulary) -> str:
    """Write the census in Markdown."""
    versions = list(policies)
    return paged(
        [
            *_leaves(versions, vocabulary),
            *_facts(versions, vocabulary),
            *_silence(versions, vocabulary),
            *_readings(versions),
        ]
    )


def _leaves(versions: list[Policy], vocabulary: Vocabulary) -> Iterator[str]:
    yield "# Census of the policies"
    yield ""
    yield "Written by `priorauth policies census`; a test holds this page to it."
    yield ""
    yield from RULE.splitlines()
    yield ""
    yield "## Leaves of the newest versions"
    yield ""
    yield "| policy | version | leaves | computed | need an answer | need a judgment | rules not encoded |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    total = dict.fromkeys(BASES, 0)
    for policy in versions:
        counts = tally(policy, vocabulary)
        total = {each: total[each] + counts[each] for each in BASES}
        yield _row(policy.id, policy.version, counts, len(policy.not_encoded))
    yield _row("all", "", total, sum(len(policy.not_encoded) for policy in versions))
    distinct = {leaf.text: leaf.form for policy in versions for leaf in all_leaves(policy)}
    found = [basis(form, vocabulary) for form in distinct.values()]
    yield _row("lines that differ", "", {each: found.count(each) for each in BASES}, None)
    yield ""
    yield "A policy that imports another counts the imported leaves too. Rules not encoded stand with their reasons on"
    yield "each policy's page (`priorauth policies show`)."


def _row(name: str, version: str, counts: Mapping[Basis, int], left_out: int | None) -> str:
    total = sum(counts.values())
    cells = " | ".join(f"{counts[each]} ({_percent(counts[each], total)})" for each in BASES)
    return f"| {name} | {version} | {total} | {cells} | {'' if left_out is None else left_out} |"


def _percent(part: int, whole: int) -> str:
    """Return a percentage as a whole number, halves up."""
    return f"{(200 * part + whole) // (2 * whole)} %" if whole else "0 %"


def _facts(versions: list[Policy], vocabulary: Vocabulary) -> Iterator[str]:
    used = dict.fromkeys(name for policy in versions for leaf in all_leaves(policy) for name in facts_of(leaf.form))
    clinical = [name for name in vocabulary if name in used and vocabulary[name].kind != "judgment"]
    answered = [name for name in clinical if not coded(name, vocabulary)]
    judged = [name for name in vocabulary if name in used and vocabulary[name].kind == "judgment"]
    yield from ("", "## Facts that those leaves read", "")
    yield f"{len(used)} facts: {len(clinical) - len(answered)} can come from coded data, {len(answered)} need an"
    yield f"answer, {len(judged)} are judgments."
    yield from ("", f"Need an answer: {', '.join(answered)}.", "", f"Judgments: {', '.join(judged)}.")
    why = [f"- {name}: {reason}" for name, reason in exceptions().answered.items() if name in answered]
    if why:
        yield from ("", "With codes or a derivation, and yet to be answered:", "", *why)


def _silence(versions: list[Policy], vocabulary: Vocabulary) -> Iterator[str]:
    yield from ("", "## Silence", "")
    used = {name for policy in versions for leaf in all_leaves(policy) for name in facts_of(leaf.form)}
    silent = [name for name in vocabulary if name in used and vocabulary[name].silent_no]
    yield "A record that says nothing of one of these facts says no, as nobody writes down that it is absent:"
    yield f"{', '.join(silent)}."
    yield "Of all others it says nothing."
    said = [(policy, one) for policy in versions for one in policy.silence]
    if not said:
        yield from ("", "No version says otherwise.")
        return
    yield from (
        "",
        "Where a version says otherwise:",
        "",
        "| policy | fact | silence means | why |",
        "|---|---|---|---|",
    )
    for policy, one in said:
        reason = one.reason.replace("|", "\\|")
        yield f"| {policy.id} | {one.fact} | {'no' if one.means_no else 'unknown'} | {reason} |"


def _readings(versions: list[Policy]) -> Iterator[str]:
    yield from ("", "## Readings", "")
    yield "Numbers and windows that the payer's text does not give, as each version reads them."
    yield from ("", "| policy | reading | value | may be | why |", "|---|---|---|---|---|")
    for policy in versions:
        for name, reading in (policy.readings or {}).items():
            why = reading.why.replace("|", "\\|")
            yield f"| {policy.id} | {name} | {reading.text} | {reading.allowed or ''} | {why} |"
