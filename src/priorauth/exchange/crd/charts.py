"""What is asked of a chart besides what a hook brought: at once, once, with the token of the call, and no more than the
facts that are still undecided need.

Charts are asked only at addresses that the plan has agreed with the partner. A chart that does not answer in time, or
answers with something else, keeps nobody waiting: the answer then says what is known without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from priorauth.exchange import outward
from priorauth.exchange.crd.pool import Pool, text
from priorauth.exchange.crd.request import Asked
from priorauth.exchange.outward import Unreachable
from priorauth.exchange.wire import FHIR, Fault, Json, listed, parsed
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.record.codes import listed_below
from priorauth.values.strict_yaml import plain, read_file

SECONDS: Final = 3.0
"""How long a call may wait for charts, all in all."""
MOST_BYTES: Final = 20_000_000
_MOST_FOUND: Final = 1_000
_GOOD: Final = ("200", "201")
_FILE: Final = Path(__file__).with_name("charts.yaml")
_OBSERVATION: Final = "Observation"
_MEDICATION: Final = "&_include={0}:medication"


class Places(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a chart keeps what facts are read from; see the file."""

    every: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]
    hinted: tuple[str, ...]
    papers: tuple[str, ...]
    facts: Mapping[str, tuple[str, ...]]
    observed: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]

    def of(self, fact: Fact) -> Iterator[str]:
        """Yield the types of resources that a fact is read from."""
        yield from self.every
        yield from self.kinds.get(fact.kind, ())
        yield from self.facts.get(fact.name, ())
        if fact.hint_codes or fact.hint_words:
            yield from self.hinted
        if fact.hint_below:
            yield _OBSERVATION
        if fact.document:
            yield from self.papers

    def loinc(self, fact: str, vocabulary: Vocabulary) -> Iterator[str]:
        """Yield the codes of the Observations that a fact is read from."""
        for name in (fact, *self.observed.get(fact, ())):
            one = vocabulary[name]
            yield from one.codes.get("loinc", ())
            yield from one.code_values
            yield from listed_below(one.hint_below)
            yield from one.fasting_codes.get("loinc", ())
        yield from self.codes.get(fact, ())


@cache
def places() -> Places:
    """Return where charts keep things."""
    return msgspec.convert(plain(read_file(_FILE)), Places)


class Chart:
    """The chart behind a call, as far as it may be asked and there is time left.

    ``fault`` says what went wrong; None while nothing did. ``part``: whether something that was asked for did not come.
    """

    def __init__(self, asked: Asked, allowed: Sequence[str], tick: Callable[[], float]) -> None:
        """Begin the time that there is for it."""
        self._base = _agreed(asked.server, allowed) if asked.token else None
        self._token = asked.token or ""
        self._tick = tick
        self._until = tick() + SECONDS
        self._hosts = {host for one in allowed if (host := urlsplit(one).hostname)}
        self.fault: str | None = None
        self.part = False

    @property
    def open(self) -> bool:
        """Whether it can still be asked."""
        return self._base is not None and self.fault is None

    def ask(self, searches: Sequence[str], pool: Pool) -> bool:
        """Ask in one batch and put what comes into the pool; return whether anything new came."""
        if not self.open or not searches:
            return False
        entries = [{"request": {"method": "GET", "url": one}} for one in searches]
        try:
            found = self._sent({"resourceType": "Bundle", "type": "batch", "entry": entries})
        except (Unreachable, Fault) as fault:
            self.fault = str(fault)
            return False
        before = len(pool)
        self.part |= _partly(found, len(searches))
        pool.add(found)
        return len(pool) > before

    def _sent(self, batch: Json) -> Json:
        left = self._until - self._tick()
        if left <= 0:
            raise Unreachable("no time is left")
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": FHIR, "Accept": FHIR}
        asking = outward.ask(
            "POST",
            str(self._base),
            headers=headers,
            body=msgspec.json.encode(batch),
            private=self._hosts,
            seconds=left,
            most=MOST_BYTES,
        )
        loop = asyncio.new_event_loop()
        try:
            answer = loop.run_until_complete(asking)
        finally:
            loop.close()
        if answer.status // 100 != 2:  # noqa: PLR2004 - good
            raise Unreachable(f"the chart answers {answer.status}")
        found = parsed(answer.body, most_bytes=MOST_BYTES, name="chart")
        if found.get("resourceType") != "Bundle":
            raise Unreachable("the chart answers with something that is no Bundle")
        return found


def _agreed(server: str | None, allowed: Iterable[str]) -> str | None:
    """Return the address of a chart where it is one that was agreed; None else."""
    if server is None:
        return None
    plainly = server.rstrip("/")
    if not plainly.isascii() or any(sign in plainly for sign in "?#@\\%") or "/.." in plainly:
        return None
    for one in allowed:
        base = one.rstrip("/")
        if plainly == base or plainly.startswith(f"{base}/"):
            return plainly
    return None


def _partly(found: Json, wanted: int) -> bool:
    """Whether the answer to a batch leaves something out: an entry that failed, or more pages."""
    entries = listed(found, "entry")
    statuses = [text(one.get("response", {}).get("status")) for one in entries if isinstance(one.get("response"), dict)]
    failed = len(entries) < wanted or any(not one.startswith(_GOOD) for one in statuses)
    more = any(link.get("relation") == "next" for one in entries for link in listed(one.get("resource"), "link"))
    return failed or more


def frame(asked: Asked, pool: Pool, orders: Iterable[str]) -> list[str]:
    """Return the searches for what every call needs and this one does not bring: orders, the patient, coverage."""
    found = named(orders)
    if pool.find(f"Patient/{asked.patient}") is None:
        found.append(_quoted(f"Patient/{asked.patient}"))
    if not pool.all("Coverage"):
        found.append(f"Coverage?patient={quote(asked.patient, safe='')}&status=active&_include=Coverage:payor")
    return found


def named(names: Iterable[str]) -> list[str]:
    """Return the searches for resources that are known by name, as ``Organization/1``."""
    return [_quoted(one) for one in dict.fromkeys(names)]


def _quoted(named: str) -> str:
    kind, _, name = named.partition("/")
    return f"{kind}/{quote(name, safe='')}"


def searches(asked: Asked, facts: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """Return the searches for the resources that some facts are read from, by type in the order of the alphabet."""
    where = places()
    kinds: set[str] = set()
    codes: set[str] = set()
    for name in facts:
        own = set(where.of(vocabulary[name]))
        kinds |= own
        if _OBSERVATION in own:
            codes.update(where.loinc(name, vocabulary))
    of = f"patient={quote(asked.patient, safe='')}"
    found: list[str] = []
    for kind in sorted(kinds):
        more = ""
        if kind == _OBSERVATION:
            if not codes:
                continue
            more = f"&code={','.join(sorted(codes))}"
        elif kind.startswith("Medication"):
            more = _MEDICATION.format(kind)
        found.append(f"{kind}?{of}{more}&_count={_MOST_FOUND}")
    return found
