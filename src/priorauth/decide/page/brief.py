"""The page of 25 to 40 lines: what follows and what is asked first, then what it rests on, then the rest in counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from priorauth.decide.decided import Assessed, Decided, ReasonGiven
from priorauth.decide.page import asked, words
from priorauth.decide.page.criteria import STATED, UNSETTLED, Criteria, best, evidence, judged, named, refused, walk
from priorauth.language.english import labels
from priorauth.policy.document import CURRENT
from priorauth.policy.outcome import Outcome
from priorauth.policy.views.page import doubt
from priorauth.values.dates import spoken

HEAD: Final[dict[Outcome, str]] = {
    "approve": "APPROVE: every criterion is shown",
    "request-information": "REQUEST INFORMATION: something that can be supplied is missing",
    "clinical-review": "CLINICAL REVIEW: a clinician decides",
    "not-yet": "NOT YET: time has to pass first",
    "not-required": "NOT REQUIRED: no prior authorization is asked for this request",
    "not-applicable": "NOT APPLICABLE: this policy does not decide this request",
    "other-criteria": "OTHER CRITERIA: another set of criteria decides this request",
}
ELSEWHERE: Final = ("not-required", "not-applicable", "other-criteria")
MOST: Final = 12
"""How many open criteria are listed; the rest are counted."""
MOST_SHOWN: Final = 15
MOST_NAMED: Final = 9
MOST_ROWS: Final = 2
MOST_JUDGED: Final = 3
MOST_SAID: Final = 4

SECTIONS: Final = (
    "Two sides",
    "Excluded",
    "Not shown",
    "A person decides",
    "Open for a clinician",
    "Waiting",
    "Not known",
)
COUNTED: Final = {
    "Two sides": "{} with two sides",
    "Excluded": "{} excluded",
    "Not shown": "{} not shown",
    "A person decides": "{} left to a person",
    "Open for a clinician": "{} to judge",
    "Waiting": "{} waiting",
    "Not known": "{} not known",
}
_OPEN: Final = re.compile(
    r"(?P<why>nothing on file|what is on file|a result |a clinician of the payer has|it has not run|it is still going|"
    r"the date to count|too few|it is not certain|a date or value|the record hints|answers and record|not settled|"
    r"not known: )"
)
_SAID_ELSEWHERE: Final = ("Send to: ", "Currency: ", "Effective date assumed: ", "A check before the request")
_CODED: Final = re.compile(r"(?P<id>[A-Z0-9][\w.]*): (?P<text>.+)", re.DOTALL)


def brief(found: Decided, beside: tuple[Decided, ...] = ()) -> Iterator[str]:
    """Write the page of one determination without its receipt; ``beside`` are those of the same request."""
    page = _Page(found)
    yield from page.head()
    if found.outcome in ELSEWHERE:
        yield from page.elsewhere(beside)
    else:
        yield from page.missing()
        yield from page.open()
        yield from page.counts()
    yield from page.notes()


def last(found: Decided, *, full: bool) -> Iterator[str]:
    """Write the receipt."""
    seal = str(found.receipt.get("sha256", ""))
    yield from words.labelled("Receipt", seal if full else f"{seal[:8]}…   more: --full")


class _Page:
    def __init__(self, found: Decided) -> None:
        self.found = found
        self.criteria = Criteria(found)
        self.said: set[str] = set()

    # ---- the head

    def head(self) -> Iterator[str]:
        found, request = self.found, self.found.request
        yield from words.block(self._outcome())
        if found.check:
            yield "A check before the request is sent: nothing is decided."
        age = f", {words.counted(request.age, 'year', 'years')} old" if request.age is not None else ""
        item = f"item {found.item} of {found.claim}"
        kind = f"{labels().value(request.kind)} request" if request.kind else "kind of request not known"
        pathway = labels().value(found.pathway) if found.pathway and found.pathway != request.kind else ""
        what = f"{request.product or 'no product code'}, {kind}{f' ({pathway})' if pathway else ''}"
        yield from words.block(f"{what} · {request.member}{age} · {item}", rest="  ")
        yield from words.block(" · ".join((self._policy(), *self._days())), rest="  ")

    def _outcome(self) -> str:
        found = self.found
        text = HEAD[found.outcome]
        name = text.partition(":")[0]
        missing = len(asked.parts(found.ask))
        if found.outcome == "request-information":
            return f"{name}: {words.counted(missing, 'thing is missing', 'things are missing')}"
        if found.outcome == "not-yet" and found.decide_after:
            return f"{text}; can be decided on {spoken(found.decide_after)}"
        if found.outcome == "approve":
            return text.replace(name, f"{name}{_granted(found.grants or {})}", 1)
        if found.outcome == "not-applicable" and found.policy is None:
            return "NOT APPLICABLE: no policy here decides this request"
        if found.outcome == "clinical-review":
            counts = [COUNTED[title].format(len(entries)) for title, entries in self.sections.items() if entries]
            return f"{text} ({', '.join(counts)})" if counts else text
        return text

    def _policy(self) -> str:
        payer, policy = self.found.request.payer or "payer not known", self.found.policy
        if policy is None:
            return payer
        doubts = [policy.version]
        if policy.currency != CURRENT:
            doubts.append(doubt(policy.currency))
        return f"{payer}: {policy.title} ({'; '.join(doubts)})"

    def _days(self) -> Iterator[str]:
        request = self.found.request
        yield f"asked {spoken(request.requested_on)}"
        if request.received_on != request.requested_on:
            yield f"received {spoken(request.received_on)}"
        if request.service_on != request.requested_on:
            yield f"service {spoken(request.service_on)}"
        if self.found.as_of != request.requested_on:
            yield f"counted from {spoken(self.found.as_of)}"
        if request.expedited:
            yield "expedited"

    # ---- where another decides

    def elsewhere(self, beside: tuple[Decided, ...]) -> Iterator[str]:
        yield ""
        found, request = self.found, self.found.request
        sent = next((note.removeprefix("Send to: ") for note in found.notes if note.startswith("Send to: ")), None)
        if sent:
            yield from words.labelled("Goes to", self.criteria.plain(sent))
        for reason in found.reasons:
            text = self.criteria.plain(reason.text)
            if not sent or text.removeprefix("decided elsewhere: ") != self.criteria.plain(sent):
                yield from words.labelled("Why", f"{text} ({reason.criterion})" if reason.criterion else text)
        if found.outcome == "not-applicable" and not sent:
            payer = request.payer or "the payer"
            yield from words.labelled("Goes to", f"no policy here says where; ask {payer} which rules it falls under")
        for other in beside:
            if other.policy is not None and other.item != found.item:
                text = f"{other.request.product or 'the other item'} of the same request has a page of its own"
                yield from words.labelled(f"Item {other.item}", text)

    # ---- what is missing or open

    def missing(self) -> Iterator[str]:
        listed = asked.parts(self.found.ask)
        if listed:
            choice = any(not isinstance(one, str) for one in listed)
            yield ""
            yield "Missing (of alternatives one is enough)" if choice else "Missing"
            yield from asked.Asked(self.criteria).lines()

    @cached_property
    def sections(self) -> dict[str, list[list[str]]]:
        """Return what is open, by section, each criterion as its lines."""
        sections: dict[str, list[list[str]]] = {title: [] for title in SECTIONS}
        for conflict in self.found.conflicts:
            entry = self._sides(conflict.criterion, conflict.says)
            if entry not in sections["Two sides"]:
                sections["Two sides"].append(entry)
        for reason in self.found.reasons if self.found.outcome != "approve" else ():
            title, entry = self._entry(reason)
            if entry and entry not in sections[title]:
                sections[title].append(entry)
        return sections

    def open(self) -> Iterator[str]:
        for title, entries in self.sections.items():
            if entries:
                yield ""
                yield title
                for entry in entries[:MOST]:
                    yield from entry
                if len(entries) > MOST:
                    yield f"  and {len(entries) - MOST} more: --full"
        if self.sections["Not shown"] and self.found.outcome == "clinical-review":
            for other in self.criteria.of("alternative"):
                yield from words.block(f"or a clinician accepts: {named(other)}", "  ", "    ")

    def _sides(self, criterion: str, says: tuple[str, ...]) -> list[str]:
        self.said.add(criterion)
        name = self.criteria.name(criterion) or "Two statements that cannot both hold"
        entry = list(words.block(name, "  "))
        for text in says:
            entry += words.block(self.criteria.plain(text, criterion), "    - ")
        return entry

    def _entry(self, reason: ReasonGiven) -> tuple[str, list[str]]:
        """Put a reason into its section: the criterion, what was found, what does not count, what it hints at."""
        node = self._node(reason)
        text = reason.text
        if node is None:
            found = _OPEN.match(text)
            if self.found.questions and (found or UNSETTLED in text):
                return "Not known", []
            title = "Not known" if found else "A person decides"
            name = self.criteria.name(reason.criterion) if found else None
            said = f"{name}: {text}" if name else text
            return title, list(words.block(self.criteria.plain(said), "  "))
        settled = bool(node.title) and text.startswith(f"{node.title}: ")
        open_leaf = None if settled else _OPEN.match(text)
        if not settled and open_leaf is None:
            return "A person decides", list(words.block(f"{self.criteria.plain(text)} ({reason.criterion})", "  "))
        if open_leaf and node.id in {one for question in self.found.questions for one in question.criteria}:
            return "Not known", []
        if (node.id or "") in self.said:
            return "Two sides", []
        text = text.removeprefix(f"{node.title}: ") if settled else text
        _, _, hint = text.partition("; ")
        title = self._section(node, text)
        applies = title not in ("Waiting", "Not known")
        return title, self._criterion(node, hint if applies else "", self._why(text) if not applies else "")

    def _node(self, reason: ReasonGiven) -> Assessed | None:
        if reason.criterion:
            return self.criteria.by_id.get(reason.criterion)
        for one in walk(self.found.criteria):
            if one.title and reason.text.startswith(f"{one.title}: "):
                return one
        return None

    def _section(self, node: Assessed, text: str) -> str:
        role = self.criteria.role[id(node)]
        if node.status == "conflict":
            return "Two sides"
        if "a clinician of the payer has to judge" in text:
            return "Open for a clinician"
        if text.startswith(("it has not run", "it is still")):
            return "Waiting"
        if role == "hand-off" or text.startswith("a person decides"):
            return "A person decides"
        if role == "exclusion" and node.status == "met":
            return "Excluded"
        return "Not shown" if node.status == "not-met" else "Not known"

    def _why(self, text: str) -> str:
        return self.criteria.plain(text.partition("; ")[0])

    def _criterion(self, node: Assessed, hint: str, why: str) -> list[str]:
        rows = evidence(node)
        entry = list(words.block(f"{named(node)}{f': {why}' if why else ''}", "  ", "    "))
        for question in words.few(judged(node) if node.status == "unknown" and not why else (), MOST_JUDGED):
            entry += words.block(f"to judge: {self.criteria.plain(question)}", "    ", "      ")
        exclusion = self.criteria.role[id(node)] == "exclusion"
        several = exclusion or len({row.display for row in rows}) > 1
        said = list(words.few((words.row(row, labelled=several) for row in rows), MOST_ROWS))
        if node.value and all(row.value != node.value for row in rows):
            said = [words.value(node.value), *said]
        if not said and node.test and node.status == "not-met" and not node.refused:
            said = [
                "nobody mentioned it"
                if self._by_silence(node)
                else "nothing that shows it; it is stated to be complete"
            ]
        if said:
            entry += words.block(f"found: {' · '.join(said)}", "    ", "      ")
        against = refused(node) if node.status != "met" else ()
        for text in words.few((words.refused(row) for row in against), MOST_ROWS):
            entry += words.block(f"does not count: {text}", "    ", "      ")
        if hint:
            entry += words.block(self.criteria.plain(hint), "    ")
        return entry

    # ---- what is shown, and the rest in counts

    def counts(self) -> Iterator[str]:
        yield ""
        yield from self._shown()
        yield from self._excluded()
        yield from self._papers()
        granted = self.found.would_grant
        if granted and self.found.outcome != "approve":
            yield from words.labelled("Then", f"an approval would be{_granted(granted)}")

    def _shown(self) -> Iterator[str]:
        listed = self.criteria.asked
        shown = [one for one in listed if one.status == "met"]
        if self.found.outcome == "approve":
            yield "Shown"
            resting = self.criteria.decisive[:MOST_SHOWN]
            for one in resting:
                said = best(one)
                yield from words.block(f"{named(one)}{f': {said}' if said else ''}", "  ", "      ")
            on_page = {id(one) for part in resting for one in self._upwards(part)}
            shown = [one for one in shown if id(one) not in on_page]
            if shown:
                yield from words.labelled("Also shown", " · ".join(words.few(map(named, shown), MOST_NAMED)))
            return
        partly = [
            one
            for part in listed
            if part.status != "met"
            for one in walk(part.parts)
            if one.id and one.status == "met" and not any(up.status == "met" for up in self._upwards(one)[1:])
        ]
        if shown:
            names = " · ".join(words.few(map(named, shown), MOST_NAMED))
            yield from words.labelled("Shown", f"{len(shown)} of {len(listed)}: {names}")
        if partly:
            yield from words.labelled("In part", " · ".join(words.few(map(named, partly), MOST_NAMED)))

    def _upwards(self, one: Assessed) -> list[Assessed]:
        found = [one]
        while (up := self.criteria.above[id(found[-1])]) is not None:
            found.append(up)
        return found

    def _excluded(self) -> Iterator[str]:
        roots = [one for one in self.found.criteria if one.role == "exclusion"]
        if not roots:
            return
        against = [one for one in roots if one.status == "not-met"]
        silent = sum(self._by_silence(one) for one in against)
        apart = sum(one.status == "not-applicable" for one in roots)
        applying = sum(one.status == "met" for one in roots)
        still = [one for one in roots if one.status in ("unknown", "conflict")]
        said = [
            f"{silent} because nobody mentioned {'it' if silent == 1 else 'them'}" if silent else "",
            f"{len(against) - silent} by the record" if len(against) > silent else "",
            f"{apart} not asked of this request" if apart else "",
            f"{applying} applies (above)" if applying else "",
        ]
        none = "none applies: " if not applying and not still else ""
        listed = [f"{none}{', '.join(text for text in said if text)}"] if any(said) else []
        if still:
            listed.append(f"open: {' · '.join(map(named, still))}")
        yield from words.labelled("Not excluded", "; ".join(listed))

    def _by_silence(self, one: Assessed) -> bool:
        silent = set(self.found.assumed)
        return any(part.test and not silent.isdisjoint(re.findall(r"\w+", part.test)) for part in walk((one,)))

    def _papers(self) -> Iterator[str]:
        roots = self.criteria.of("document")
        stated = [labels().one(fact) for fact in self.criteria.stated]
        if not roots and not stated:
            return
        there = sum(one.status == "met" for one in roots)
        said = [f"{there} of {len(roots)}"] if roots else []
        if stated:
            said.append(f"stated, not yet seen: {', '.join(stated)}")
        asked_for = {name for question in self.found.questions for name in question.criteria}
        lacking = [one for one in roots if one.status != "met" and one.id not in asked_for]
        if lacking:
            said.append(f"open: {' · '.join(map(named, lacking))}")
        yield from words.labelled("Papers", "; ".join(said))

    # ---- what is said beside it

    def notes(self) -> Iterator[str]:
        said = {reason.text for reason in self.found.reasons}
        for note in self.found.notes:
            if note in said:
                continue
            if note.startswith(_SAID_ELSEWHERE) or note.endswith(STATED):
                continue
            coded = _CODED.fullmatch(note)
            text = f"{coded['text']} ({coded['id']})" if coded and not coded["id"].islower() else note
            yield from words.labelled("Note", self.criteria.plain(text))
        for warning in words.few(map(self.criteria.plain, self.found.warnings), MOST_SAID):
            yield from words.labelled("Warning", warning)


def _granted(grants: dict[str, int | str]) -> str:
    """Return what an approval grants: `` for 3 months``."""
    said = []
    for key, value in grants.items():
        unit = key.removesuffix("s") if value == 1 else key
        said.append(f"for {value} {unit}" if key in ("months", "days", "years", "weeks") else f"with {unit} {value}")
    return f" {', '.join(said)}" if said else ""
