"""Who a payer is: its ``payer.yaml``, held to the same strictness as a policy, every fault found at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from priorauth.errors import Fault, PolicyFaults
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language.parse import LeafFault, parse_reading
from priorauth.policy.load import Reader, outside, read_mapping
from priorauth.policy.tree import Policy
from priorauth.values import names
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value
from priorauth.values.units import Units

FILE = "payer.yaml"
MOST = 1_000
"""How many names, plans or readings a payer may have."""
LONGEST = 200
_KEYS = {"payer", "name", "names", "identifiers", "order", "plans", "readings"}


class Payer(Struct, frozen=True):
    """A payer: its folder, the names and identifiers it is known by, and readings that it or a plan of it sets."""

    id: str
    """The name of its folder."""
    name: str
    """Its name, as pages print it."""
    names: tuple[str, ...]
    """Further names by which a Coverage or an Organization may call it."""
    identifiers: tuple[str, ...]
    """Further identifiers by which it is known."""
    readings: Mapping[str, Text]
    """Named readings that the payer sets, for all its policies."""
    plans: Mapping[str, Mapping[str, Text]]
    """Named readings that a plan of it sets, by plan."""
    file: str
    """Its ``payer.yaml``; the last one where several folders have one."""
    order: tuple[Text, ...] = ()
    """Names of its policies, first the one that decides first where several speak about one product."""

    def known(self) -> Iterator[str]:
        """Yield every name and identifier, as they are compared."""
        for said in dict.fromkeys((self.name, *self.names, *self.identifiers)):
            yield said.casefold()

    def overrides(self) -> Iterator[tuple[str, Text]]:
        """Yield every reading that is set, by the payer and by each of its plans."""
        yield from self.readings.items()
        for rows in self.plans.values():
            yield from rows.items()


def together(payers: tuple[Payer, ...]) -> Payer:
    """Return one payer out of what several folders say of it: a later one adds names and sets more.

    The name, the order and a reading are those of the last one that has them.
    """
    first, *others = payers
    for more in others:
        plans = {plan: {**first.plans.get(plan, {}), **rows} for plan, rows in more.plans.items()}
        first = Payer(
            first.id,
            more.name,
            tuple(dict.fromkeys((*first.names, first.name, *more.names))),
            tuple(dict.fromkeys((*first.identifiers, *more.identifiers))),
            {**first.readings, **more.readings},
            {**first.plans, **plans},
            more.file,
            more.order or first.order,
        )
    return first


def blank(path: Path) -> Payer:
    """Return a payer of whom no more is known than its folder: its file is at fault."""
    return Payer(path.parent.name, path.parent.name, (), (), {}, {}, str(path))


def load(path: Path) -> Payer:
    """Load a payer; raises PolicyFaults with every fault of the file."""
    top, _ = read_mapping(path)
    reader = _Reader(Reader(str(path), Vocabulary({}, {}, ""), Units({})), top)
    payer = reader.payer(path.parent.name)
    if reader.reader.faults:
        raise PolicyFaults(*reader.reader.faults)
    return payer


class _Reader:
    """One pass over a payer's file; faults are gathered as those of a policy are."""

    def __init__(self, reader: Reader, top: Map) -> None:
        self.reader, self.top = reader, top

    def payer(self, folder: str) -> Payer:
        self.reader.keys(self.top, _KEYS, "a payer")
        own = self.line("payer")
        if own is not None and self.reader.named(names.WORD, "a payer", own, own.line) and own != folder:
            self.reader.fault(own.line, f"expected `payer: {folder}`, as the folder says, found {own}")
        return Payer(
            folder,
            str(self.line("name") or folder),
            self.lines("names"),
            self.lines("identifiers"),
            self.readings(self.top.get("readings"), "readings"),
            self.plans(),
            self.reader.file,
            self.order(),
        )

    def line(self, key: str) -> Text | None:
        """Return one line of text that has to be there."""
        value = self.top.get(key)
        if not isinstance(value, Text) or not 0 < len(value.strip()) <= LONGEST:
            self.reader.fault(
                self.top.key_lines.get(key, 1), f"expected `{key}:` with a line of at most {LONGEST} characters"
            )
            return None
        return value

    def lines(self, key: str) -> tuple[str, ...]:
        """Return a list of lines, none of them twice."""
        value = self.top.get(key)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or len(value) > MOST:
            self.reader.fault(self.top.key_lines[key], f"expected a list of at most {MOST:,} lines under `{key}:`")
            return ()
        found: dict[str, str] = {}
        for part in value:
            line = getattr(part, "line", self.top.key_lines[key])
            if not isinstance(part, Text) or not 0 < len(part.strip()) <= LONGEST:
                self.reader.fault(line, f"expected a line of at most {LONGEST} characters under `{key}:`")
            elif part.casefold() in found:
                self.reader.fault(line, f"{str(part)!r} stands twice under `{key}:`")
            else:
                found[part.casefold()] = str(part)
        return tuple(found.values())

    def order(self) -> tuple[Text, ...]:
        """Return names of policies, none of them twice."""
        value = self.top.get("order")
        if value is None:
            return ()
        words = list(value) if isinstance(value, Sequence) else []
        found = tuple(word for word in words if isinstance(word, Text))
        if not found or len(found) < len(words) or len(set(found)) < len(found) or len(found) > MOST:
            self.reader.fault(self.top.key_lines["order"], "expected names of policies, each once, under `order:`")
            return ()
        return tuple(one for one in found if self.reader.named(names.WORD, "a policy's name", one, one.line))

    def plans(self) -> dict[str, dict[str, Text]]:
        value = self.top.get("plans")
        if value is None:
            return {}
        rows = self.mapping(value, "plans")
        for plan in rows:
            self.reader.named(names.OUTLINE, "a plan", plan, rows.key_lines[plan])
        return {plan: self.readings(row, f"plans: {plan}") for plan, row in rows.items()}

    def readings(self, value: Value | None, where: str) -> dict[str, Text]:
        if value is None:
            return {}
        found: dict[str, Text] = {}
        rows = self.mapping(value, where)
        for name, row in rows.items():
            line = rows.key_lines[name]
            if not self.reader.named(names.FACT, "a reading's name", name, line):
                continue
            if isinstance(row, Text):
                found[name] = row
            else:
                self.reader.fault(line, f"expected a value of the reading {name}")
        return found

    def mapping(self, value: Value, where: str) -> Map:
        if isinstance(value, Map) and len(value) <= MOST:
            return value
        line = getattr(value, "line", 1)
        self.reader.fault(line, f"expected a mapping of at most {MOST:,} keys under `{where}:`")
        made = Map()
        made.line, made.key_lines = line, {}
        return made


# ---- what only the policies of a payer show


def unfit(payer: Payer, policies: tuple[Policy, ...]) -> Iterator[Fault]:
    """Yield which readings a payer sets that none of its policies has, or to what they may not be."""
    for name, text in payer.overrides():
        standards = [policy.readings[name] for policy in policies if policy.readings and name in policy.readings]
        if not standards:
            near = names.near(name, {one for policy in policies for one in policy.readings or ()})
            yield Fault.at_line(payer.file, text.line, f"no policy of {payer.id} has a reading named {name!r}{near}")
        faults: dict[str, None] = {}
        for standard in standards:
            try:
                fault = outside(parse_reading(str(text), name), standard.value, standard.allowed, name)
            except LeafFault as found:
                fault = found.message
            if fault:
                faults[fault] = None
        yield from (Fault.at_line(payer.file, text.line, fault) for fault in faults)
