"""One turn of an adaptive form: what its answers decide, and what becomes of it: a group more, or its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from msgspec import Struct

from priorauth.decide.determination import Determination
from priorauth.exchange.call import Call
from priorauth.exchange.dtr import ending, ground, numbers
from priorauth.exchange.dtr.carried import ANSWERS, AT, carried, shaped, words_for
from priorauth.exchange.dtr.ending import Ended
from priorauth.exchange.dtr.filled import Sheet, Wrong
from priorauth.exchange.dtr.following import Following, One, Step
from priorauth.exchange.dtr.ground import Ground
from priorauth.exchange.dtr.groups import END, Group, Groups, answers_sha256
from priorauth.exchange.dtr.kept import Kept
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.export.forms import Form
from priorauth.export.items import Words
from priorauth.policy.catalog import Catalog

Decide = Callable[[Group | None], Determination]
"""Decides the case with the answers, those of one group left out."""
_OTHER: Final = "the case is decided under another policy: ask for the form again by $questionnaire-package"


class Turn(Struct, frozen=True):
    """A call for the next question: the form, its answers, and the case on which they are decided."""

    call: Call
    catalog: Catalog
    form: Form
    response: Json
    contained: Json
    sheet: Sheet
    on: Ground
    today: date

    def taken(self) -> Json | list[Wrong]:
        """Return the answers with the form as it goes on, or what is wrong with them."""
        made = self.decided(None)
        if made.policy is not None and made.policy.id != self.form.policy.id:
            raise Fault(422, "business-rule", _OTHER, AT)
        groups = Groups(self.sheet, self.catalog.vocabulary)
        following = Following(made, groups, self.catalog.vocabulary)
        kept = Kept(listed(self.contained, "item"), gated=self.call.version == "2.2")
        self._moved(groups, following, kept)
        if wrong := self._missing(groups, following, kept):
            return wrong
        waiting = frozenset(fact for one in groups.asked if kept.open(one) and not one.answered for fact in one.facts)
        steps = following.steps(groups.given | waiting)
        if not steps and not kept.reopened:
            said = None if groups.end is None else ending.ended(groups.end.node)
            offered = numbers.offered(self.call, self.on, made)
            if said is not None and said.complete and (said.offered or not offered):
                return self._completed(made, said, kept)
            self._closed_ends(groups, kept)
            kept.add(ending.last_group(made, groups.next_number(END), self.call.fhir, issue=offered))
        else:
            self._closed_ends(groups, kept)
            if not kept.reopened:
                self._asked(steps, following, groups, kept)
        return self._given_out({**self.response, "status": "in-progress"}, kept)

    def decided(self, without: Group | None) -> Determination:
        """Decide the case with the answers as they stand, those of one group left out."""
        items = self.sheet.kept(listed(self.response, "item"))
        left = [one for one in items if without is None or one.get("linkId") != without.link]
        bundle = ground.answered(self.on, self.response, left, self.call)
        return ground.decide(self.on, bundle, self.call.settings, self.today)

    # ---- what is closed, what is opened again

    def _moved(self, groups: Groups, following: Following, kept: Kept) -> None:
        """Close the groups that can change nothing any more, and open those again that can."""
        facts, choices = following.due()
        for one in groups.asked:
            if not one.answered:
                due = bool(one.facts & facts) if one.choice is None else any(asked <= one.about for asked in choices)
                self._move(one, kept, due=due)
        for one in groups.asked if self._changed(groups) else ():
            if one.answered and one.choice is None:
                asked = {question.fact for question in self.decided(one).questions}
                self._move(one, kept, due=bool(one.facts & asked))

    def _move(self, group: Group, kept: Kept, *, due: bool) -> None:
        if group.open and not due:
            kept.close(group)
        elif group.closed and group.enabled and due:
            kept.reopen(group, self._words(group.facts))

    def _changed(self, groups: Groups) -> bool:
        """Whether an answer is another than it was when the form was last given out."""
        for one in listed(self.contained, "identifier"):
            if str(one.get("system", "")).endswith(ANSWERS):
                return bool(one.get("value") != answers_sha256(self.response, groups))
        return False

    def _missing(self, groups: Groups, following: Following, kept: Kept) -> list[Wrong]:
        """Return what wants an answer and has none: in groups that are open, and in the last one if it is the last."""
        links = {one.link for one in groups.asked if kept.open(one)}
        if groups.end is not None and not following.steps(groups.given) and not kept.reopened:
            links.add(groups.end.link)
        found = self.sheet.wrong(lambda node: node.top.link in links)
        return [one for one in found if one.code == "required"]

    # ---- what is asked

    def _asked(self, steps: tuple[Step, ...], following: Following, groups: Groups, kept: Kept) -> None:
        """Add the next group, or open the one again in which it stands already."""
        first = steps[0]
        holder = groups.holding(first.fact) if isinstance(first, One) else None
        if holder is not None:
            kept.reopen(holder, self._words(holder.facts))
            return
        free = tuple(one for one in steps if not isinstance(one, One) or groups.holding(one.fact) is None)
        names = {one.fact for one in free if isinstance(one, One)}
        kept.add(following.group(free, self._words(names), gated=kept.gated))

    def _words(self, facts: Iterable[str]) -> Words:
        return words_for(self.catalog, self.call.fhir, facts)

    # ---- what is given out

    def _closed_ends(self, groups: Groups, kept: Kept) -> None:
        """Close every last group that is not the last any more."""
        for one in groups.all:
            if one.link.startswith(END) and one.open:
                kept.close(one)

    def _completed(self, made: Determination, said: Ended, kept: Kept) -> Json:
        """Return the form as completed, with what is said of coverage where CRD was asked first."""
        items = self.sheet.kept(listed(self.response, "item"))
        done: Json = {**self.response, "status": "completed", "item": items}
        done.setdefault("authored", self.call.now.isoformat())
        case = ground.answered(self.on, self.response, items, self.call)
        found = numbers.concluded(self.call, self.on, made, said, case, self.today)
        if found is not None:
            others = [one for one in listed(self.response, "extension") if one.get("url") != found["url"]]
            done["extension"] = [*others, found]
        return self._given_out(done, kept)

    def _given_out(self, response: Json, kept: Kept) -> Json:
        form = carried(self.call, self.form, self.contained, kept.items, response, self.on)
        return shaped(response, form)
