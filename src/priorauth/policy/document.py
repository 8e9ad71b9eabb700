"""A policy document: the whole file of one version, from its head to its list of what is not encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from priorauth.errors import PolicyFaults
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.policy import silence
from priorauth.policy.device_labels import Labels
from priorauth.policy.load import Imported, Reader, read_mapping, whole
from priorauth.policy.tree import By, Criterion, Group, Leaf, NotEncoded, Pathway, Policy, Route, Span, leaves
from priorauth.values import dates, names
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value
from priorauth.values.units import Units

_TOP = {
    "policy",
    "title",
    "version",
    "effective",
    "encoding",
    "currency",
    "source",
    "applies",
    "other criteria",
    "authorization",
    "pathways",
    "individual consideration",
    "excluded",
    "documents",
    "reserved",
    "notes",
    "where missed",
    "readings",
    "silence",
    "not encoded",
}
_PATHWAY = {"pathway", "title", "also", "when", "require", "grants"}
_BY: dict[str, By] = {"request date": "request", "service date": "service", "receipt date": "receipt"}
_COUNTED = {"days", "weeks", "months", "years"}
"""What is granted in whole numbers."""
CURRENT = "current"
SUPERSEDED = "superseded"
"""Of a text that is in force no longer, because its payer has a newer one that was not read."""
UNREAD = "unread"


def load(  # noqa: PLR0913  # what a file may rest on; the last two are given by name
    path: Path,
    vocabulary: Vocabulary,
    units: Units,
    overrides: Mapping[str, str] | None = None,
    *,
    imported: Imported | None = None,
    labels: Callable[[], Labels] | None = None,
) -> Policy:
    """Load one policy file; raises PolicyFaults with every fault found.

    ``overrides`` are values of readings by name; ``imported`` gives the tree of another policy by ``id`` or
    ``id@date``, ``labels`` the table of what the labels of devices say.
    """
    top, sha256 = read_mapping(path)
    reader = Reader(str(path), vocabulary, units, imported=imported, labels=labels)
    document = _Document(reader, top)
    policy = document.policy(str(path), sha256, overrides or {})
    if reader.faults or policy is None:
        raise PolicyFaults(*reader.faults)
    return policy


class Head:
    """What stands at the head of a file: its words, its days, its source."""

    def __init__(self, reader: Reader, top: Map) -> None:
        """Read from the top of a file."""
        self.reader, self.top = reader, top

    def word(self, key: str) -> str:
        """Read one word or line; empty, with a fault, where there is none."""
        value = self.top.get(key)
        if not isinstance(value, Text):
            self.reader.fault(self.top.key_lines.get(key, 1), f"expected one word or line under `{key}:`")
            return ""
        return str(value)

    def mapping(self, key: str, allowed: set[str]) -> Map:
        """Read a mapping; empty, with a fault, where there is none."""
        value = self.top.get(key)
        if not isinstance(value, Map):
            self.reader.fault(self.top.key_lines.get(key, 1), f"expected a mapping under `{key}:`")
            made = Map()
            made.line, made.key_lines = 1, {}
            return made
        self.reader.keys(value, allowed, f"`{key}`")
        return value

    def span(self) -> Span:
        """Read the days on which the text is in force."""
        row = self.mapping("effective", {"from", "until", "by", "assumed"})
        by = _BY.get(str(row.get("by", "request date")))
        if by is None:
            self.reader.fault(row.line, f"expected `by:` one of {', '.join(_BY)}")
        until = row.get("until", "open")
        first = self.day(row, "from") or dates.FIRST_DAY
        last = None if until == "open" else self.day(row, "until")
        if last is not None and last < first:
            self.reader.fault(row.line, "the version ends before it begins")
        assumed = str(row["assumed"]) if "assumed" in row else None
        return Span(first, last, by or "request", assumed)

    def day(self, row: Map, key: str) -> int | None:
        """Read a day; None, with a fault, where it is none."""
        try:
            return dates.day(str(row.get(key, "")))
        except ValueError as fault:
            self.reader.fault(row.key_lines.get(key, row.line), f"{key}: {fault}")
            return None

    def source(self) -> dict[str, str]:
        """Read where the text is from."""
        return {key: str(value) for key, value in self.mapping("source", {"document", "sha256", "url"}).items()}


class _Document(Head):
    """One pass over the top of a policy file."""

    def policy(self, file: str, sha256: str, overrides: Mapping[str, str]) -> Policy | None:
        reader, top = self.reader, self.top
        reader.keys(top, _TOP, "a policy")
        if isinstance(top.get("policy"), Text) and (fault := names.policy(str(top["policy"]))):
            reader.fault(top.key_lines["policy"], fault)
        for key in ("policy", "title", "version", "effective", "encoding", "source", "applies", "authorization"):
            if key not in top:
                reader.fault(1, f"expected `{key}:`")
        if reader.faults:
            return None
        readings = reader.named_readings(top.get("readings"), overrides)
        applies = self.mapping("applies", {"products", "unlisted", "unless"})
        authorization = top["authorization"]
        span = self.span()
        reader.since = span.first
        policy = Policy(
            id=self.word("policy"),
            title=self.word("title"),
            version=self.word("version"),
            effective=span,
            encoding=self.encoding(),
            source=self.source(),
            products=reader.words(applies, "products"),
            currency=str(top.get("currency", CURRENT)),
            file=file,
            sha256=sha256,
            elsewhere=self.routes(applies.get("unless"), "sends_to"),
            other_criteria=self.routes(top.get("other criteria"), "sends_to"),
            required=None if authorization == "always" else reader.criterion(authorization),
            pathways=self.pathways(),
            individual=reader.criterion(top["individual consideration"]) if "individual consideration" in top else None,
            excluded=reader.criteria(top.get("excluded"), "excluded"),
            documents=reader.criteria(top.get("documents"), "documents"),
            reserved=reader.criteria(top.get("reserved"), "reserved"),
            notes=self.routes(top.get("notes"), "say"),
            missed=self.routes(top.get("where missed"), "say"),
            unlisted=str(applies.get("unlisted", "")),
            not_encoded=self.not_encoded(),
            readings=readings,
            silence=silence.read(top.get("silence"), reader),
        )
        self.meaning(policy)
        return policy

    # ---- the parts of the head

    def encoding(self) -> int:
        found = whole(self.word("encoding"))
        if found is None:
            self.reader.fault(self.top.key_lines["encoding"], "expected a whole number under `encoding:`")
        return found or 0

    # ---- lists

    def routes(self, value: Value | None, key: str) -> tuple[Route, ...]:
        reader = self.reader
        if value is None:
            return ()
        if not isinstance(value, Sequence):
            reader.fault(getattr(value, "line", 1), "expected a list")
            return ()
        found = []
        for row in value:
            if not isinstance(row, Map) or "when" not in row or key not in row:
                reader.fault(getattr(row, "line", 1), f"expected a mapping with `when:` and `{key}:`")
                continue
            reader.keys(row, {"id", "also", "when", key}, "this rule")
            when = reader.criterion(row["when"])
            if when:
                also = reader.also(row)
                found.append(Route(when, str(row[key]), reader.identity(row), also, row.line))
        return tuple(found)

    def pathways(self) -> tuple[Pathway, ...]:
        reader = self.reader
        value = self.top.get("pathways")
        if not isinstance(value, Sequence) or not value:
            reader.fault(self.top.key_lines.get("pathways", 1), "expected a list under `pathways:`")
            return ()
        found: list[Pathway] = []
        for row in value:
            if not isinstance(row, Map) or "pathway" not in row or "require" not in row or "title" not in row:
                reader.fault(getattr(row, "line", 1), "expected a pathway with `pathway:`, `title:` and `require:`")
                continue
            reader.keys(row, _PATHWAY, "a pathway")
            name = str(row["pathway"])
            reader.named(names.WORD, "a pathway's name", name, row.key_lines["pathway"])
            if name in (known.id for known in found):
                reader.fault(row.key_lines["pathway"], f"the pathway {name} stands twice")
            when = reader.criterion(row["when"]) if "when" in row else None
            require = reader.criterion(row["require"])
            granted = self.granted(row)
            if require:
                also = reader.also(row)
                found.append(Pathway(name, str(row["title"]), when, require, granted, also, row.line))
        return tuple(found)

    def granted(self, row: Map) -> Mapping[str, int | str]:
        grants = row.get("grants")
        if grants is None:
            return {}
        if not isinstance(grants, Map):
            self.reader.fault(row.key_lines["grants"], "expected a mapping under `grants:`, as {months: 12}")
            return {}
        for key in grants:
            self.reader.named(names.WORD, "what is granted", key, grants.key_lines[key])
        for key in _COUNTED & set(grants):
            if (part := grants[key]) != str(whole(str(part)) or ""):
                self.reader.fault(
                    grants.key_lines[key], f"{key}: expected a whole number above zero, found {part!s:.80}"
                )
        return {key: _number(str(part)) for key, part in grants.items()}

    def not_encoded(self) -> tuple[NotEncoded, ...]:
        reader = self.reader
        value = self.top.get("not encoded")
        if value is None:
            return ()
        found = []
        for row in value if isinstance(value, Sequence) else ():
            if not isinstance(row, Map) or "id" not in row or "reason" not in row:
                reader.fault(getattr(row, "line", 1), "expected `{id: ..., reason: ...}`")
                continue
            reader.claim(str(row["id"]), row.line)
            found.append(NotEncoded(str(row["id"]), str(row["reason"]), row.line))
        return tuple(found)

    # ---- what only the whole shows

    def meaning(self, policy: Policy) -> None:
        """Refuse what cannot mean anything: open pathway conditions, pathways met by nothing, readings never used."""
        reader = self.reader
        for product in policy.products:
            known = reader.vocabulary["product_code"].values
            if product not in known:
                said = f"no product code {product!r} in the vocabulary{names.near(product, known)}"
                reader.fault(self.top.key_lines["applies"], said)
        for product, line in reader.products.items():
            if product not in policy.products:
                said = f"`only for:` names {product}, which is none of the policy's products"
                reader.fault(line, f"{said}{names.near(product, policy.products)}")
        for pathway in policy.pathways:
            for leaf in leaves(pathway.when) if pathway.when else ():
                if not isinstance(leaf.form, f.Is) or leaf.form.role is not None:
                    reader.fault(
                        pathway.line, f"{pathway.id}: a pathway is chosen by `fact is value` alone: {leaf.text}"
                    )
            if _vacuous(pathway.require):
                reader.fault(pathway.line, f"{pathway.id}: guards alone could satisfy this pathway")
        for one in silence.idle(policy):
            reader.fault(one.line, f"silence of {one.fact}: no line of this policy turns on it")
        for name, named in (policy.readings or {}).items():
            if name not in reader.used:
                reader.fault(named.line, f"reading {name} is used by no criterion")


def _vacuous(criterion: Criterion) -> bool:
    """Whether a criterion could hold because all of its parts are guarded away."""
    if isinstance(criterion.test, Leaf):
        return False
    group: Group = criterion.test
    if group.kind == "all":
        return all(part.guard is not None or _vacuous(part) for part in group.parts)
    return any(_vacuous(part) for part in group.parts) if group.kind != "none of" else False


def _number(text: str) -> int | str:
    found = whole(text)
    return text if found is None else found
