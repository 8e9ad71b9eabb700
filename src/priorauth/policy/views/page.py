"""The reviewer's page of a policy version, in Markdown: what each criterion asks in plain English, how it is tested,
what was read into the text, and where it stands.

A criterion is cited as ``<policy> <outline id>``; a step that the outline does not number has no citation of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.language.contents import readings_of
from priorauth.language.english import say
from priorauth.policy.document import CURRENT
from priorauth.policy.load import PRODUCT
from priorauth.policy.tree import Criterion, Group, Leaf, NamedReading, Policy, Route, Silence, Span
from priorauth.values.dates import iso, spoken
from priorauth.values.printable import paged

BY = {"request": "the request date", "service": "the service date", "receipt": "the date of receipt"}


def page(policy: Policy, vocabulary: Vocabulary, common: tuple[Criterion, ...] = ()) -> str:
    """Write the page of one version; ``common`` are the hand-offs that hold under every policy."""
    return paged(_Page(policy, vocabulary).lines(common))


def heading(group: Group) -> str:
    """Return how the parts of a group are joined."""
    match group.kind:
        case "all":
            return "all of"
        case "any":
            return "at least one of"
        case "at least":
            return f"at least {group.k} of"
        case "none of":
            return "none of"
        case "ways":
            return "shown in one of these ways, which must not contradict each other"


def sentence(criterion: Criterion, vocabulary: Vocabulary) -> str:
    """Return a whole tree in one sentence, for conditions that stand on one line."""
    test = criterion.test
    if isinstance(test, Leaf):
        said = spoken(say(test.form, vocabulary))
    else:
        parts = [_inner(part, vocabulary) for part in test.parts]
        match test.kind:
            case "all":
                said = ", and ".join(parts)
            case "none of":
                said = f"not: {'; nor: '.join(parts)}"
            case "any" | "ways":
                said = ", or ".join(parts)
            case "at least":
                said = f"at least {test.k} of: {'; '.join(parts)}"
    return f"{said} (only where {sentence(criterion.guard, vocabulary)})" if criterion.guard else said


def limits(guard: Criterion, vocabulary: Vocabulary) -> str:
    """Return what a criterion is limited to: ``for E0784 or A9274``, ``where ...``, or both."""
    test = guard.test
    if isinstance(test, Leaf):
        products = items(test)
        return f"for {products}" if products else f"where {sentence(guard, vocabulary)}"
    if test.kind == "all" and guard.guard is None and isinstance(test.parts[0].test, Leaf):
        products, rest = items(test.parts[0].test), test.parts[1:]
        if products and rest:
            return f"for {products}, and where {', and '.join(_inner(part, vocabulary) for part in rest)}"
    return f"where {sentence(guard, vocabulary)}"


def items(leaf: Leaf) -> str:
    """Return the products that a leaf asks for, by their codes; empty where it asks for something else."""
    form = leaf.form
    if not isinstance(form, f.Is) or form.fact != PRODUCT:
        return ""
    *some, last = form.values
    return f"{', '.join(some)} or {last}" if some else last


def _inner(part: Criterion, vocabulary: Vocabulary) -> str:
    said = sentence(part, vocabulary)
    return f"({said})" if isinstance(part.test, Group) and len(part.test.parts) > 1 else said


def doubt(currency: str) -> str:
    """Return what is doubtful of a text that may not be the payer's last."""
    return {"superseded-candidate": "may be superseded"}.get(currency, currency.replace("-", " "))


def span(effective: Span) -> str:
    """Return when a version is in force."""
    until = f"to {iso(effective.last)}" if effective.last is not None else "on, without an end"
    assumed = f" Assumed: {effective.assumed}" if effective.assumed else ""
    return spoken(f"In force from {iso(effective.first)} {until}, by {BY[effective.by]}.{assumed}")


class _Page:
    def __init__(self, policy: Policy, vocabulary: Vocabulary) -> None:
        self.policy, self.vocabulary = policy, vocabulary
        self.readings: Mapping[str, NamedReading] = policy.readings or {}

    def lines(self, common: tuple[Criterion, ...]) -> Iterator[str]:
        policy = self.policy
        yield from self.head()
        yield from self.scope()
        for pathway in policy.pathways:
            yield from ("", f"## Pathway {pathway.id}: {pathway.title}", "")
            if pathway.when:
                yield f"Taken where {sentence(pathway.when, self.vocabulary)}."
            if pathway.also:
                yield f"Encodes also {', '.join(pathway.also)}."
            if pathway.grants:
                yield f"An approval grants {', '.join(f'{value} {key}' for key, value in pathway.grants.items())}."
            yield ""
            yield from self.criterion(pathway.require, 0)
        parts = (
            ("In place of the written criteria", (policy.individual,) if policy.individual else ()),
            ("Exclusions", policy.excluded),
            ("Documents", policy.documents),
            ("A person decides where", (*policy.reserved, *common)),
        )
        for title, criteria in parts:
            if criteria:
                yield from ("", f"## {title}", "")
                for criterion in criteria:
                    yield from self.criterion(criterion, 0)
        if policy.notes:
            yield from ("", "## Notes", "")
            yield from self.routes(policy.notes, "say")
        if policy.missed:
            yield from ("", "## Where the criteria are missed", "")
            yield from self.routes(policy.missed, "say")
        yield from self.tables()

    def head(self) -> Iterator[str]:
        policy = self.policy
        yield f"# {policy.title}"
        yield ""
        yield f"`{policy.id}`, {policy.version}. {span(policy.effective)}"
        if policy.unread:
            newer = policy.unread
            yield ""
            yield f"A newer text, {newer.title}, is known and was not read. {span(newer.effective)}"
            yield f"Every request from that day on goes to a person: {newer.says}"
            yield "Below stands the older text; what it would have said is told beside each request."
            yield ""
        if policy.currency != CURRENT:
            yield f"{doubt(policy.currency).capitalize()}; every determination under it says so."
        yield ""
        yield f"Source: {policy.source.get('document', 'not named')}."
        for key in ("url", "sha256"):
            if key in policy.source:
                yield f"{key}: {policy.source[key]}"
        yield f"Encoding {policy.encoding}. Citations are `{policy.id}` with the id in bold."

    def scope(self) -> Iterator[str]:
        policy = self.policy
        yield from ("", "## Scope", "")
        yield f"Products: {', '.join(policy.products) or 'none listed'}."
        if policy.unlisted:
            yield f"Products that are not listed: {policy.unlisted}"
        if policy.elsewhere:
            yield from ("", "Not for this policy:", "")
            yield from self.routes(policy.elsewhere, "goes to")
        if policy.other_criteria:
            yield from ("", "Decided by other criteria:", "")
            yield from self.routes(policy.other_criteria, "goes to")
        yield ""
        if policy.required is None:
            yield "Prior authorization: always."
        else:
            yield from ("Prior authorization is required where:", "")
            yield from self.criterion(policy.required, 0)

    def routes(self, routes: Iterable[Route], verb: str) -> Iterator[str]:
        for route in routes:
            name = f"**{route.id}** " if route.id else ""
            also = f" (also {', '.join(route.also)})" if route.also else ""
            yield f"- {name}where {sentence(route.when, self.vocabulary)}{also}: {verb} {route.to}"

    def criterion(self, criterion: Criterion, depth: int) -> Iterator[str]:
        """Write a criterion and everything below it as a nested list."""
        indent, below = "  " * depth, "  " * (depth + 1)
        name = f"**{criterion.id}** " if criterion.id else ""
        also = f" (also {', '.join(criterion.also)})" if criterion.also else ""
        title = f"{name}{criterion.title or ''}{also}".strip()
        test = criterion.test
        if isinstance(test, Leaf):
            said = spoken(say(test.form, self.vocabulary))
            yield f"{indent}- {title}: {said}" if title else f"{indent}- {said}"
            yield f"{below}`{test.text}`{self.named(test)}"
        else:
            yield f"{indent}- {title}: {heading(test)}" if title else f"{indent}- {heading(test)}"
        if criterion.guard:
            yield f"{below}- only {limits(criterion.guard, self.vocabulary)}"
        if criterion.reading:
            yield f"{below}- *read so:* {criterion.reading}"
        if criterion.says:
            yield f"{below}- *said in the reasons:* {criterion.says}"
        if isinstance(test, Group):
            for part in test.parts:
                yield from self.criterion(part, depth + 1)

    def named(self, leaf: Leaf) -> str:
        names = [f"{name} = {self.readings[name].text}" for name in readings_of(leaf.form) if name in self.readings]
        return f" (reading: {', '.join(names)})" if names else ""

    def tables(self) -> Iterator[str]:
        if self.readings:
            yield from ("", "## Readings", "", "Numbers, windows and meanings that the payer's text does not give.", "")
            yield from ("| reading | value | may be | set by | why |", "|---|---|---|---|---|")
            for name, reading in self.readings.items():
                yield f"| {name} | {reading.text} | {reading.allowed or ''} | {reading.who} | {_cell(reading.why)} |"
        if self.policy.silence:
            said = "What a record that says nothing of a fact means here, other than elsewhere."
            yield from ("", "## Silence", "", said, "")
            for one in self.policy.silence:
                yield f"- **{one.fact}** {means(one)}: {one.reason}"
        if self.policy.not_encoded:
            yield from ("", "## Not encoded", "")
            for rule in self.policy.not_encoded:
                yield f"- **{rule.id}** {rule.reason}"


def means(silence: Silence) -> str:
    """Return in plain words what silence about a fact means."""
    return "it is not so" if silence.means_no else "it is not known, and is asked"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
