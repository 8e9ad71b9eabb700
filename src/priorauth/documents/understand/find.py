"""Facts in sentences: shapes tried one by one, what stands around them weighed, values and days read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from priorauth.documents.pages import Page, words_in
from priorauth.documents.proposal import Certainty, Polarity, Proposal
from priorauth.documents.understand import amounts, days, numbers, surroundings, ties
from priorauth.documents.understand.days import Day
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.parts import DOWNLOAD
from priorauth.documents.understand.rules import Rule, Rules, Said
from priorauth.documents.understand.sentences import Sentence
from priorauth.documents.understand.shapes import DAY
from priorauth.values import dates

_SEEN: Final = 60
"""A denial no further off than so many letters is shown with what it denies."""
_SURE: Final = 0.6
"""A figure that was recognised with less is proposed as perhaps only."""
_PARTIAL_WORDS: Final = re.compile(
    r"\b(?:average|avg|mean|download|log|meter|uploaded|upload|over the|last \d+|past \d+)\b", re.IGNORECASE
)
_COLUMN: Final = re.compile(r"\s*\t\s*\d")
"""Another number in the next column: which of the two is meant the head of the table says."""
_EARLIER: Final = re.compile(
    r"\b(?:previous(?:ly)?|prior|history|hx|last|past|ago|earlier|pmh|baseline|except|outpatient|recent|before)\b",
    re.IGNORECASE,
)
"""Words that a hospital's paper tells of an earlier time with."""
_NEGATION: Final = re.compile(
    r"\b(?:no|not|never|none|nor|neither|den\w+|without|cannot|can't|unable|\w+n't|lack\w*|declin\w+|refus\w+|un\w+|non-?\w*|free|negative)\b",
    re.IGNORECASE,
)
_OUTSIDERS: Final = re.compile(
    r"\((?:[^)]*\b(?:RN|CDCES|CDE|RDN?|dietiti\w+|nurse|educator|lab|cancel\w*|no[- ]show)\b[^)]*)\)", re.IGNORECASE
)


class Found(NamedTuple):
    """A match: the rule, what it says, where, and the kinds of context that act on it."""

    rule: Rule
    said: Said
    sentence: Sentence
    match: re.Match[str]
    around: dict[str, str]


class Finder:
    """One document's sentences, and what is found in them."""

    def __init__(self, rules: Rules, head: Head, pages: dict[int, Page]) -> None:
        """Take the rules and what is known of the document."""
        self.rules, self.head, self.pages = rules, head, pages
        self.own = None if head.dated is None else head.dated.day.last
        self.left: list[Proposal] = []
        self.flat = " ".join(" ".join(page.text.split()) for page in pages.values()).lower()
        self._days: dict[tuple[str, int | None], list[Day]] = {}

    def found(self, sentences: Sequence[Sentence]) -> Iterator[Proposal]:
        """Yield what the sentences state and deny; what only looks so is kept in ``left``."""
        rules = [
            (rule, said) for rule in self.rules.facts.values() if "signed" not in rule.options for said in rule.shapes
        ]
        for sentence in sentences:
            low = sentence.text.lower()
            rows = self.head.kind == "lab-report" and sentence.text.count("\t") > 1
            masked = self.masked(sentence)
            taken: dict[str, list[tuple[int, int]]] = {}
            for rule, said in rules:
                if said.shape.needs and not any(one in low for one in said.shape.needs):
                    continue
                if not rule.allows(self.head.kind, sentence.section) or (rows and rule.fact.kind == "measurement"):
                    continue
                for match in said.shape.find.finditer(masked):
                    spans = taken.setdefault(rule.fact.name, [])
                    if any(match.start() < end and start < match.end() for start, end in spans):
                        continue
                    made = list(self.proposed(rule, said, sentence, match))
                    if made:
                        spans.append(match.span())
                    yield from made

    def proposed(self, rule: Rule, said: Said, sentence: Sentence, match: re.Match[str]) -> Iterator[Proposal]:
        """Yield the proposals of one match: none, one, or one for each day of an event."""
        fact = rule.fact
        begins = match.start("value") if said.shape.find.groupindex.get("value") else match.start()
        around = self.rules.context.of(sentence.text, match.start(), match.end(), sentence.section, fact.kind)
        for spared in (
            *rule.options.get("relatives", ()),
            *rule.options.get("plans", ()),
            *rule.options.get("loose", ()),
        ):
            around.pop(spared, None)
        first, last = self.rules.context.clause(sentence.text, match.start(), match.end())
        comma = sentence.text.find(",", match.end())
        last = min(last, match.end() + 15, comma if comma >= 0 else last)
        if rule.without is not None and rule.without.search(
            sentence.text, max(first, match.start() - 30), max(last, match.end())
        ):
            around["another matter"] = ""
        if sentence.carried and fact.kind in ("attestation", "condition", "attribute", "regimen"):
            around["carried forward"] = ""
        polarity: Polarity = "denied" if said.says == "denied" else "stated"
        if surroundings.DENIED in around:
            if said.says == "denied" and not _NEGATION.search(match.group()):
                around["denied twice"] = ""
            if said.says != "denied" and (said.value is not None or "undeniable" in rule.options):
                around["denied value"] = ""
            if "value" in match.groupdict() or "often" in match.groupdict() or "count" in match.groupdict():
                around["denied value"] = ""
            if fact.kind == "measurement" and fact.name != "diabetes_hospital_stay":
                around["denied value"] = ""
            polarity = "denied"
        if polarity == "denied":
            around.pop("past", None)
        taking = [kind for kind in around if kind not in surroundings.SPARED]
        certainty: Certainty = "hedged" if surroundings.HEDGED in around or said.says == "hedged" else "sure"
        value = self.value(rule, said, sentence, match, polarity)
        if value is None or (
            fact.kind == "regimen" and polarity == "stated" and _COLUMN.match(sentence.text, match.end())
        ):
            taking.append("no usable value")
        where = self.where(sentence, match, around.get(surroundings.DENIED) if polarity == "denied" else None)
        found = self.days(sentence)
        base = Proposal(
            fact=fact.name,
            value=value or "",
            quote=where[1],
            page=sentence.page,
            start=where[0],
            polarity=polarity,
            certainty=self.certainty(sentence, match, certainty),
            by=f"{fact.name}:{said.shape.line}",
        )
        if taking:
            self.left.append(_with(base, by=f"{base.by} ({', '.join(taking)})"))
            return
        yield from self.dated(rule, base, sentence, match, found, begins)

    def value(self, rule: Rule, said: Said, sentence: Sentence, match: re.Match[str], polarity: Polarity) -> str | None:
        """Return the value that a match gives the fact, as it is written; None where it gives none that can be."""
        fact = rule.fact
        parts = match.groupdict()
        if polarity == "denied":
            return "none" if fact.kind in ("event", "measurement", "regimen") else "no"
        if said.value is not None:
            return said.value
        if parts.get("often") is not None:
            counted = numbers.often(parts["often"])
            return None if counted is None else amounts.written(rule, self.rules.units, counted, "/d")
        if parts.get("low") is not None and parts.get("high") is not None:
            return amounts.difference(rule, self.rules.units, parts["low"], parts["high"])
        if parts.get("value") is not None:
            return amounts.read(rule, self.rules.units, parts["value"], parts.get("unit"))
        if parts.get("count") is not None and fact.kind == "event":
            number = numbers.amount(parts["count"])
            return None if number is None else number.written("x")
        if fact.values == ("date",):
            day = self.near(sentence, match)
            return None if day is None else day.said
        if rule.dated == "admission" and fact.kind == "measurement":
            spans = [day for day in self.days(sentence) if day.how == "two" and day.last - day.first < 60]  # noqa: PLR2004 - a stay
            return (
                amounts.written(rule, self.rules.units, numbers.Amount("", str(spans[0].last - spans[0].first)), "d")
                if len(spans) == 1
                else None
            )
        if fact.values in (("number",), ("integer",)) or (fact.kind in ("measurement", "regimen")):
            return None
        return "yes"

    def near(self, sentence: Sentence, match: re.Match[str]) -> Day | None:
        """Return the day that stands within what was found, or next after it."""
        for day in self.days(sentence):
            if day.end > match.start() and len(sentence.text[match.end() : day.start].split()) <= 4:  # noqa: PLR2004
                return day
        return None

    def dated(
        self, rule: Rule, base: Proposal, sentence: Sentence, match: re.Match[str], found: Sequence[Day], begins: int
    ) -> Iterator[Proposal]:
        """Yield a proposal with its day: that of the sample or event, or that as of which it is said."""
        own = self.own if sentence.day is None else sentence.day
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
                yield self.extended(base, sentence, match, day, document if day is None else _last(day))
                return
            if rule.options.get("dated") == ("text",) and fact.kind == "attribute":
                day = ties.value_day(text, found, match.start(), match.end(), match.end())
                yield _with(base, date=document if day is None else day.said)
                return
            since = ties.since(text, found, match.end()) if fact.kind == "condition" else None
            yield _with(base, date=document, since=None if since is None else since.said)
            return
        if fact.kind == "measurement":
            day = ties.value_day(text, found, match.start(), begins, match.end())
            if day is None and rule.dated == "head":
                day = self.head.dated.day if self.head.dated else None
            said = None if day is None else dates.iso(day.last) if rule.dated == "end" else day.said
            here = text[max(0, match.start() - _SEEN) : match.end()]
            if day is None and self.head.kind == "emergency-note" and not _EARLIER.search(here):
                said = document
            if day is None and self.head.collected is not None:
                said = dates.iso(self.head.collected)
            if rule.dated == "admission" and (first := self.admission(text, found)) is not None:
                said = dates.iso(first)
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
        several = ties.event_days(text, found, match.start(), match.end())
        if not several:
            present = base.certainty == "hedged" and re.search(r"\b(?:be|is|been) having\b", text, re.IGNORECASE)
            yield _with(base, date=document if present else self.stay(sentence))
        for day in several if "spread" in rule.options else several[:1]:
            if not _OUTSIDERS.match(text, _after(text, day.end)):
                yield _with(
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
            r"[)\s]*(?:,|;|and|then)\s*(?P<value>\d+(?:\.\d+)?)(?P<unit>)(?=\s?\()"
            if unit is None
            else rf"(?:[^\n\d;]{{0,24}}[,;(\t ]"
            rf"|[^\n]{{0,24}}?[,;\t(] ?(?:[a-z]+ ){{0,3}})(?P<value>\d+(?:\.\d+)?)\s?(?P<unit>{re.escape(unit)})",
            re.IGNORECASE,
        )
        at = match.end() if first is None else max(match.end(), first.end)
        while (hit := more.match(sentence.text, at)) is not None:
            day = ties.value_day(sentence.text, found, hit.start("value"), hit.start("value"), hit.end())
            value = amounts.read(rule, self.rules.units, hit["value"], hit["unit"] or None)
            between = sentence.text[at : hit.start("value")]
            if (
                day is None
                or value is None
                or day.start < at
                or re.search(r"\b(?:goal|target|gmi|ref|range|fasting|estimated)\b|[<>]", between, re.IGNORECASE)
            ):
                return
            start, quote = sentence.quoted(self.pages[sentence.page].text, hit.start("value"), max(hit.end(), day.end))
            yield _with(base, value=value, date=day.said, start=start, quote=quote)
            at = max(hit.end(), day.end)

    def hospital(self, text: str, match: re.Match[str]) -> str | None:
        """Return the day of a value of a hospital's paper that is told as of the arrival or the discharge."""
        around = text[max(0, match.start() - 20) : match.end() + 20]
        for words, day in (
            (r"(?:on|at) (?:admission|arrival|presentation)|admission", self.head.admitted),
            (r"(?:at|on|before) discharge", self.head.discharged),
        ):
            if day is not None and re.search(rf"\b(?:{words})\b", around, re.IGNORECASE):
                return dates.iso(day)
        return None

    def admission(self, text: str, found: Sequence[Day]) -> int | None:
        """Return the day on which a stay in hospital began: told in the sentence, else by a hospital's own paper."""
        for day in found:
            if day.how == "two":
                return day.first
            if day.first == day.last and re.search(
                r"\badmi\w+(?: date)?(?: on)?\s*:?\s*$", text[: day.start], re.IGNORECASE
            ):
                return day.first
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
            return _with(base, date=over[0].said if len(first) < 10 else last, since=first, until=last)  # noqa: PLR2004 - a day
        if re.search(
            r"\b(?:before|prior to|until|pre-?)\s*(?:the |her |his )?(?:trial|pump|csii|starting)", text, re.IGNORECASE
        ):
            return _with(base, date=None)
        log = [day for day in found if not day.now and day.how in ("month", "m", "two", "over")]
        if log and _PARTIAL_WORDS.search(text):
            last = log[0].said.split("/")[-1]
            return _with(base, date=log[0].said if log[0].how in ("month", "m") else last)
        return _with(base, date=document, since=None if since is None else since.said)

    def extended(
        self, base: Proposal, sentence: Sentence, match: re.Match[str], day: Day | None, said: str | None
    ) -> Proposal:
        """Return a value with its day, the quote drawn out to the day where that stands right behind."""
        if day is not None and 0 <= day.start - match.end() <= 16:  # noqa: PLR2004 - right behind
            end = day.end + (sentence.text[day.end : day.end + 1] == ")")
            start, quote = sentence.quoted(self.pages[sentence.page].text, match.start(), end)
            return _with(base, date=said, quote=quote, start=start)
        return _with(base, date=said)

    def days(self, sentence: Sentence) -> list[Day]:
        """Return the days of a sentence, read once."""
        own = self.own if sentence.day is None else sentence.day
        key = (sentence.text, own)
        if key not in self._days:
            self._days[key] = days.found(sentence.text, own, day_first=self.head.day_first)
        return self._days[key]

    def masked(self, sentence: Sentence) -> str:
        """Return a sentence whose days cannot be taken for numbers."""
        text = sentence.text
        for day in self.days(sentence):
            if day.how not in ("word", "yesterday", "weekday", "m", "season", "for"):
                text = text[: day.start] + DAY * (day.end - day.start) + text[day.end :]
        return text

    def where(self, sentence: Sentence, match: re.Match[str], denial: str | None = None) -> tuple[int, str]:
        """Return where a match begins on its page, and its words as they stand there: enough to be found again."""
        page = self.pages[sentence.page].text
        start, end = match.span()
        said = sentence.text
        if denial is not None:
            before, after = said.rfind(denial, 0, start), said.find(denial, end)
            if before >= 0 and start - before <= _SEEN:
                start = before
            elif 0 <= after - end <= _SEEN:
                end = after + len(denial)
        inner, outer = start, end
        for ends in (None, re.compile(r"[,;\t]| and "), re.compile(r"[;\t]"), re.compile(r"\Z")):
            if ends is not None:
                begins = [hit.end() for hit in ends.finditer(said, 0, inner)]
                stops = ends.search(said, outer)
                start, end = (begins[-1] if begins else 0), (stops.start() if stops else len(said))
            if len(said[start:end]) > 4 and self.flat.count(" ".join(said[start:end].split()).lower()) <= 1:  # noqa: PLR2004 - a word
                break
        return sentence.quoted(page, start, end)

    def certainty(self, sentence: Sentence, match: re.Match[str], said: Certainty) -> Certainty:
        """Return how sure a match is: a number that was recognised badly is not."""
        page = self.pages[sentence.page]
        if page.how == "text" or said == "hedged" or "value" not in match.groupdict() or match["value"] is None:
            return said
        if match.groupdict().get("unit") is None and "." not in match["value"]:
            return "hedged"
        first, last = sentence.places[match.start("value")], sentence.places[match.end("value") - 1] + 1
        return "hedged" if any(word.sure < _SURE for word in words_in(page, first, last)) else said


def _last(day: Day) -> str:
    """Return the last day of a stretch: a share of days is as of it."""
    return dates.iso(day.last) if day.how in ("two", "over", "for") else day.said


def _after(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _with(one: Proposal, **changed: object) -> Proposal:
    """Return a proposal with some of its parts changed."""
    return msgspec.structs.replace(one, **changed)
