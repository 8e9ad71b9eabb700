"""Which day a proposal has: that of the sample, the event or the stay, else the one as of which it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import amounts, days, ties
from priorauth.documents.understand.days import Day
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.parts import DOWNLOAD
from priorauth.documents.understand.rules import Rule, Rules
from priorauth.documents.understand.sentences import Sentence
from priorauth.values import dates

_SEEN: Final = 60
"""So many letters before a value may tell of an earlier time."""
_PARTIAL_WORDS: Final = re.compile(
    r"\b(?:average|avg|mean|download|log|meter|uploaded|upload|over the|last \d+|past \d+)\b", re.IGNORECASE
)
_EARLIER: Final = re.compile(
    r"\b(?:previous(?:ly)?|prior|history|hx|last|past|ago|earlier|pmh|baseline|except|outpatient|recent|before)\b",
    re.IGNORECASE,
)
"""Words that a hospital's paper tells of an earlier time with."""
_OUTSIDERS: Final = re.compile(
    r"\((?:[^)]*\b(?:RN|CDCES|CDE|RDN?|dietiti\w+|nurse|educator|lab|cancel\w*|no[- ]show)\b[^)]*)\)"
    r"|[^\t;,()]{0,16}\b(?:RN|LPN|CDCES|CDE|dietiti\w+|nurse|educator|cancel\w*|no[- ]show)\b",
    re.IGNORECASE,
)


_DIABETES: Final = re.compile(r"\b(?:type [12i]+|t[12]dm?|dm ?[12]|diabet\w+|lada)\b", re.IGNORECASE)
_DIAGNOSED: Final = re.compile(r"\b(?:dx'?d?|diagnos\w+|onset|since)\b", re.IGNORECASE)
_AT_DIAGNOSIS: Final = re.compile(
    r"\bat (?:the )?(?:time of )?(?:diagnosis|dx|onset)\b|\bwhen (?:first )?(?:diagnosed|dx'?d)\b", re.IGNORECASE
)
_SAME_DAY: Final = re.compile(
    r"\b(?:that|the same) day\b|\bthat sample\b|\bon that account\b|\bsimultaneous", re.IGNORECASE
)
_OF_ALL: Final = re.compile(r"\((?:all|both) (?:on |of |from )?", re.IGNORECASE)
"""Before a day that is that of all results of a sentence."""


class Dating:
    """One document's days: its own, and those of its sentences, read once."""

    def __init__(self, rules: Rules, head: Head, pages: dict[int, Page]) -> None:
        """Take the rules and what is known of the document."""
        self.rules, self.head, self.pages = rules, head, pages
        self.own = head.own
        signed = None if head.signed is None else head.signed.day.last
        self.latest = None if self.own is None else max(self.own, signed or self.own)
        """The last day of which the document can tell."""
        self.before: Sequence[Day] = ()
        """The days of the sentence before, where both stand in one paragraph."""
        self.diagnosed: Day | None = None
        """When diabetes was diagnosed, where a sentence says so."""
        self._days: dict[tuple[str, int | None], list[Day]] = {}

    def dated(
        self, rule: Rule, base: Proposal, sentence: Sentence, match: re.Match[str], found: Sequence[Day], begins: int
    ) -> Iterator[Proposal]:
        """Yield a proposal with its day: that of the sample or event, or that as of which it is said."""
        own = self.as_of(sentence)
        fact = rule.fact
        if sentence.label == DOWNLOAD and (
            base.polarity == "denied" or fact.kind not in ("measurement", "regimen", "event")
        ):
            own = self.own
        document = None if own is None else dates.iso(own)
        text = sentence.text
        if base.polarity == "denied" or rule.dated == "document" or fact.kind == "attribute":
            if fact.kind == "regimen" and base.polarity == "stated":
                yield self.regimen(base, text, found, match, document)
                return
            if fact.kind == "measurement" and base.polarity == "stated":
                day = ties.value_day(text, found, match.start(), begins, match.end())
                since_then = self.hospital(text, match) or self.over(found) or document
                yield self.extended(base, sentence, match, day, since_then if day is None else _last(day))
                return
            if rule.options.get("dated") == ("text",) and fact.kind == "attribute":
                day = ties.value_day(text, found, match.start(), match.end(), match.end())
                yield changed(base, date=document if day is None else day.said)
                return
            since = ties.since(text, found, match.end()) if fact.kind == "condition" else None
            yield changed(base, date=document, since=None if since is None else since.said)
            return
        if fact.kind == "measurement":
            day = ties.value_day(text, found, match.start(), begins, match.end())
            if day is None and rule.dated == "head":
                day = self.head.dated.day if self.head.dated else None
            if day is None and (of_all := _OF_ALL.search(text)) is not None:
                day = next((one for one in found if one.start == of_all.end()), None)
            if day is None and sentence.lead is not None and not found:
                day = sentence.lead
            if day is None and not found and _SAME_DAY.search(text):
                day = next((one for one in reversed(self.before) if one.first == one.last), None)
            said = None if day is None else dates.iso(day.last) if rule.dated == "end" else day.said
            here = text[max(0, match.start() - _SEEN) : match.end()]
            if day is None and self.head.kind == "emergency-note" and not _EARLIER.search(here):
                said = document
            if day is None and self.head.collected is not None:
                said = dates.iso(self.head.collected)
            if rule.dated == "admission" and (first := self.admission(text, found, match)) is not None:
                said = dates.iso(first)
            elif day is None and rule.dated == "admission" and self.diagnosed and _AT_DIAGNOSIS.search(text):
                said = self.diagnosed.said
            elif day is None:
                said = self.hospital(text, match) or said
            if (
                said is None
                and "with_other" in rule.options
                and len(exact := [one for one in found if not one.now]) == 1
            ):
                said = exact[0].said
            yield self.extended(base, sentence, match, day, said)
            yield from self.series(rule, base, sentence, match, found, day)
            return
        yield from self.happened(rule, base, sentence, match, found)

    def happened(
        self, rule: Rule, base: Proposal, sentence: Sentence, match: re.Match[str], found: Sequence[Day]
    ) -> Iterator[Proposal]:
        """Yield an event on the day, or on each of the days, on which it was; one that is still to come is none."""
        text = sentence.text
        own = self.as_of(sentence)
        document = None if own is None else dates.iso(own)
        several = ties.event_days(text, found, match.start(), match.end())
        if several and self.latest is not None and all(day.first > self.latest for day in several):
            return
        if not several and not found and sentence.lead is not None:
            several = [sentence.lead]
        if not several and self.diagnosed is not None and _AT_DIAGNOSIS.search(text):
            several = [self.diagnosed]
        if not several and "visit" in rule.options:
            return
        if not several:
            present = base.certainty == "hedged" and re.search(r"\b(?:be|is|been) having\b", text, re.IGNORECASE)
            yield changed(base, date=document if present else self.stay(sentence))
        for day in several if "spread" in rule.options else several[:1]:
            if not _OUTSIDERS.match(text, _after(text, day.end)):
                yield changed(
                    base, date=dates.iso(day.first) if rule.dated == "admission" and day.how == "two" else day.said
                )

    def series(
        self,
        rule: Rule,
        base: Proposal,
        sentence: Sentence,
        match: re.Match[str],
        found: Sequence[Day],
        first: Day | None,
    ) -> Iterator[Proposal]:
        """Yield further values of the same that follow with their own unit and day: ``8.4 % (3/1), 8.1 % (6/1)``."""
        unit = match.groupdict().get("unit")
        more = re.compile(
            r"[)\s]*(?:(?:on|at) (?:arrival|admission|admit|presentation)\s*)?(?:,|;|and|then|->|→|to|>)\s*(?P<value>\d+(?:\.\d+)?)(?P<unit>)(?=\s?\()"
            if unit is None
            else rf"(?:[^\n\d;]{{0,24}}[,;(\t ]"
            rf"|[^\n]{{0,24}}?[,;\t(] ?(?:[a-z]+ ){{0,3}})(?P<value>\d+(?:\.\d+)?)\s?(?P<unit>{re.escape(unit)})",
            re.IGNORECASE,
        )
        at = match.end() if first is None else max(match.end(), first.end)
        while (hit := more.match(sentence.text, at)) is not None:
            day = ties.value_day(sentence.text, found, hit.start("value"), hit.start("value"), hit.end())
            value = amounts.read(rule, self.rules.units, hit["value"], hit["unit"] or None)
            between = re.sub(r"->|→", " ", sentence.text[at : hit.start("value")])
            if (
                day is None
                or value is None
                or day.start < at
                or re.search(r"\b(?:goal|target|gmi|ref|range|fasting|estimated)\b|[<>]", between, re.IGNORECASE)
            ):
                return
            start, quote = sentence.quoted(self.pages[sentence.page].text, hit.start("value"), max(hit.end(), day.end))
            yield changed(base, value=value, date=day.said, start=start, quote=quote)
            at = max(hit.end(), day.end)

    def hospital(self, text: str, match: re.Match[str]) -> str | None:
        """Return the day of a value of a hospital's paper that is told as of the arrival or the discharge."""
        around = text[max(0, match.start() - 20) : match.end() + 20]
        for words, day in (
            (r"(?:on|at) (?:admission|admit|arrival|presentation)|admission", self.head.admitted),
            (r"(?:at|on|before) discharge", self.head.discharged),
        ):
            if day is not None and re.search(rf"\b(?:{words})\b", around, re.IGNORECASE):
                return dates.iso(day)
        return None

    def diagnoses(self, sentences: Sequence[Sentence]) -> None:
        """Learn when diabetes was diagnosed, from the first sentence that says so."""
        for sentence in sentences:
            if _DIABETES.search(sentence.text) and _DIAGNOSED.search(sentence.text):
                found = [day for day in self.days(sentence) if day.how not in ("for", "over", "word", "this", "two")]
                if found and sentence.section != "family":
                    self.diagnosed = found[0]
                    return

    def over(self, found: Sequence[Day]) -> str | None:
        """Return the last day of the one stretch of days that a sentence names; None where it names none or several."""
        spans = [day for day in found if day.how == "two"]
        return dates.iso(spans[0].last) if len(spans) == 1 else None

    def admission(self, text: str, found: Sequence[Day], match: re.Match[str]) -> int | None:
        """Return the day on which a stay in hospital began: told in the sentence, else by a hospital's own paper."""
        for day in found:
            if day.how == "two":
                return day.first
            if day.first == day.last and re.search(
                r"\badmi\w+(?: date)?(?: on)?\s*:?\s*$", text[: day.start], re.IGNORECASE
            ):
                return day.first
        if (told := ties.event_days(text, found, match.start(), match.end())) and told[0].first == told[0].last:
            return told[0].first
        if self.diagnosed is not None and _AT_DIAGNOSIS.search(text):
            return None
        return self.head.admitted if self.head.role == "hospital" else None

    def stay(self, sentence: Sentence) -> str | None:
        """Return the day of an event that is why the patient was in hospital: that of the arrival."""
        if self.head.role != "hospital" or _EARLIER.search(sentence.text):
            return None
        if self.head.kind != "emergency-note" and sentence.section not in ("problems", "subjective", "assessment"):
            return None
        return None if self.head.admitted is None else dates.iso(self.head.admitted)

    def regimen(
        self, base: Proposal, text: str, found: Sequence[Day], match: re.Match[str], document: str | None
    ) -> Proposal:
        """Return what is done so often a day with the day as of which it holds: no day for what was before a pump."""
        since = ties.since(text, found, match.end())
        over = [day for day in found if day.how == "two" and day.start >= match.end() - 1]
        if over and len(text[match.end() : over[0].start].split()) <= 2:  # noqa: PLR2004 - right behind
            first, _, last = over[0].said.partition("/")
            return changed(base, date=over[0].said if len(first) < 10 else last, since=first, until=last)  # noqa: PLR2004 - a day
        if re.search(
            r"\b(?:before|prior to|until|pre-?)\s*(?:the |her |his )?(?:trial|pump|csii|starting)", text, re.IGNORECASE
        ):
            return changed(base, date=None)
        log = [day for day in found if not day.now and day.how in ("month", "m", "two", "over")]
        if log and _PARTIAL_WORDS.search(text):
            last = log[0].said.split("/")[-1]
            return changed(base, date=log[0].said if log[0].how in ("month", "m") else last)
        return changed(base, date=document, since=None if since is None else since.said)

    def extended(
        self, base: Proposal, sentence: Sentence, match: re.Match[str], day: Day | None, said: str | None
    ) -> Proposal:
        """Return a value with its day, the quote drawn out to the day where that stands right behind."""
        ends = len(sentence.text)
        if day is not None and day in self.days(sentence) and day.end <= ends and 0 <= day.start - match.end() <= 16:  # noqa: PLR2004 - right behind
            end = day.end + (sentence.text[day.end : day.end + 1] == ")")
            start, quote = sentence.quoted(self.pages[sentence.page].text, match.start(), end)
            return changed(base, date=said, quote=quote, start=start)
        return changed(base, date=said)

    def as_of(self, sentence: Sentence) -> int | None:
        """Return the day from which a sentence speaks: its own, else that of the document."""
        return self.own if sentence.day is None else sentence.day

    def days(self, sentence: Sentence) -> list[Day]:
        """Return the days of a sentence, read once."""
        own = self.as_of(sentence)
        key = (sentence.text, own)
        if key not in self._days:
            self._days[key] = days.found(sentence.text, own, day_first=self.head.day_first)
        return self._days[key]


def _last(day: Day) -> str:
    """Return the last day of a stretch: a share of days is as of it."""
    return dates.iso(day.last) if day.how in ("two", "over", "for") else day.said


def _after(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def changed(one: Proposal, **parts: object) -> Proposal:
    """Return a proposal with some of its parts changed."""
    return msgspec.structs.replace(one, **parts)
