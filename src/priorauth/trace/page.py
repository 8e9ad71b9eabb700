"""A reader's copy beside the rules of a version, in Markdown and as JSON: what is encoded where, and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from priorauth.policy.tree import Policy
from priorauth.trace.lay import Laid
from priorauth.trace.rules import Rule, rules
from priorauth.trace.sentences import Sentence
from priorauth.trace.trace import Row, Trace


class Line(Struct, frozen=True):
    """A sentence of the copy: its place and words, its row of the trace (None: not known), and its rules."""

    sentence: Sentence
    page: int
    line: int
    text: str
    row: Row | None
    moved: bool
    rules: tuple[Rule, ...]

    @property
    def says(self) -> str:
        """What it carries or is, in a few words."""
        if self.row is None:
            return "the trace does not know this sentence"
        return ", ".join(self.row.rules) if self.row.rules else str(self.row.otherwise)


def lines(policy: Policy, trace: Trace, laid: Laid) -> list[Line]:
    """Return the sentences of a copy in its order."""
    known = rules(policy)
    rows = {found.sentence.start: (trace.rows[number], found) for number, found in laid.found.items()}
    listed = []
    for one in laid.sentences:
        row, found = rows.get(one.start, (None, None))
        page, line = laid.source.place(one.start)
        carried = tuple(known[name] for name in row.rules if name in known) if row else ()
        text = laid.source.text(one.start, one.end)
        listed.append(Line(one, page, line, text, row, found is not None and found.moved, carried))
    return listed


def missing(trace: Trace, laid: Laid) -> tuple[Row, ...]:
    """Return the rows of the trace that the copy has not; a running head without a rule is not missed."""
    rows = (trace.rows[number] for number in laid.missing)
    return tuple(row for row in rows if row.rules or not row.running)


def differs(trace: Trace, laid: Laid) -> bool:
    """Whether the copy and the trace do not say the same."""
    return bool(laid.new or missing(trace, laid))


def summary(policy: Policy, trace: Trace, laid: Laid) -> str:
    """Return in one line how much of the copy is accounted for."""
    others = Counter(str(row.otherwise) for row in trace.rows if row.otherwise)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
    left = len(trace.without(policy))
    return (
        f"{policy.id}@{trace.version}: {len(laid.found)} of {len(trace.rows)} sentences found, "
        f"{len(missing(trace, laid))} missing, {len(laid.new)} that the trace does not know; "
        f"{trace.carrying} carry rules, {len(trace.rows) - trace.carrying} do not ({told}); "
        f"{left} rule{' has' if left == 1 else 's have'} no sentence"
    )


def page(policy: Policy, trace: Trace, laid: Laid) -> str:
    """Return the copy beside the rules, in Markdown."""
    return "\n".join(_page(policy, trace, laid)) + "\n"


def _page(policy: Policy, trace: Trace, laid: Laid) -> Iterator[str]:
    yield f"# {policy.title}: the text beside the rules"
    yield ""
    yield summary(policy, trace, laid)
    yield ""
    for one in lines(policy, trace, laid):
        at = str(one.row.at) if one.row else "new"
        label = f" [{one.sentence.label}]" if one.sentence.label else ""
        moved = ", moved" if one.moved else ""
        yield f"- {at}{label}, page {one.page} line {one.line}{moved}: **{one.says}**"
        yield f"  {one.text}"
    yield from _listed("Sentences that the copy has not", [_row(row) for row in missing(trace, laid)])
    yield from _listed("Rules without a sentence", [_rule(rule) for rule in trace.without(policy)])


def _listed(title: str, said: list[str]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from (f"- {one}" for one in said) if said else iter(["None."])


def _row(row: Row) -> str:
    label = f" [{row.label}]" if row.label else ""
    return f"sentence {row.at}{label}, {row.letters} letters: {', '.join(row.rules) or row.otherwise}"


def _rule(rule: Rule) -> str:
    title = f" ({rule.title})" if rule.title and rule.title != rule.name else ""
    return f"{rule.name}{title}, {rule.kind}, line {rule.line}"


def as_json(policy: Policy, trace: Trace, laid: Laid) -> dict[str, object]:
    """Return the same as JSON; the words of the copy are left out."""
    return {
        "policy": policy.id,
        "version": trace.version,
        "copy": {"name": laid.source.name, "sha256": laid.source.sha256},
        "sentences": [
            {
                "at": one.row.at if one.row else None,
                "label": one.sentence.label,
                "page": one.page,
                "line": one.line,
                "rules": list(one.row.rules) if one.row else [],
                "is": one.row.otherwise if one.row else None,
                "moved": one.moved,
            }
            for one in lines(policy, trace, laid)
        ],
        "missing": [row.at for row in missing(trace, laid)],
        "without_sentence": [{"rule": rule.name, "line": rule.line} for rule in trace.without(policy)],
    }
