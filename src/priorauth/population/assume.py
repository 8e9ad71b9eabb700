"""What is supposed of members who ask for nothing: statements of a request, for one run, never written to the tables.

``request_kind=initial`` gives each member on whom nothing is on file about it the row that a request saying so would
give. The rows join the table ``answer`` as a view; their ref is ``supposed``, and so the evidence names them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from priorauth.engines.sql.pieces import date, literal
from priorauth.errors import Fault, PopulationError
from priorauth.facts.notation import Notation
from priorauth.facts.rows import Answer, Source
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.population.tables import SCHEMAS
from priorauth.values.dates import ANY_DAY
from priorauth.values.strict_yaml import Mapping, Text
from priorauth.values.units import Units

if TYPE_CHECKING:
    import duckdb

REF: Final = "supposed"
ON_FILE: Final = "answer_on_file"
"""The table ``answer`` as it is, where a view with what is supposed stands in its place."""
Supposed = tuple[Answer, ...]
BETWEEN: Final = "; "
"""Parts what was supposed of one member."""
_COLUMNS: Final = tuple(SCHEMAS["answer"].names)
_STATED: Final = ("attribute", "attestation")


def read(given: Sequence[str], vocabulary: Vocabulary, units: Units, as_of: int | None = None) -> Supposed:
    """Read ``NAME=VALUE`` pairs, in the order of the alphabet; PopulationError names the first that cannot be supposed.

    ``as_of`` is the day on which it counts as said; where none, the day from which each member's own windows count.
    """
    notation = Notation("", vocabulary, units)
    found: dict[str, Answer] = {}
    for pair in given:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value):
            raise _refused(f"expected NAME=VALUE, found {pair!r}")
        if name not in vocabulary:
            raise _refused(f"no fact is named {name!r}")
        if name in found:
            raise _refused(f"{name} is given twice")
        found[name] = _stated(notation, vocabulary[name], value, as_of)
    return tuple(found[name] for name in sorted(found))


def _refused(message: str) -> PopulationError:
    return PopulationError(Fault.of_argument("suppose", message))


def _stated(notation: Notation, fact: Fact, value: str, as_of: int | None) -> Answer:
    if fact.kind not in _STATED:
        raise _refused(f"{fact.name} is a {fact.kind}: expected what a request can state, {' or '.join(_STATED)}")
    try:
        row = notation.statement(fact, _entry(value), Source.RECORD, REF)
    except ValueError as fault:
        raise _refused(f"{fact.name}: {_wanted(fact, value) or fault}") from None
    if row.low is None and row.high is None and (wanted := _wanted(fact, value)):  # a unit that does not become its own
        raise _refused(f"{fact.name}: {wanted}")
    first, last = (as_of, as_of) if as_of is not None else (ANY_DAY.first, ANY_DAY.last)
    return Answer(row.fact, row.source, row.ref, row.text, first, last, None, row.low, row.high)


def _wanted(fact: Fact, value: str) -> str:
    """Return what a number is to be; of other facts nothing."""
    if fact.values not in (("number",), ("integer",)):
        return ""
    return f"expected a number{f' in {fact.unit}' if fact.unit not in (None, '1') else ''}, found {value!r}"


def _entry(value: str) -> Mapping:
    made = Mapping()
    made["is"] = Text(value)
    return made


def told(supposed: Supposed) -> tuple[str, ...]:
    """Return it back as ``NAME=VALUE``."""
    return tuple(f"{row.fact}={row.text}" for row in supposed)


def before(text: str, supposed: Supposed) -> str:
    """Put what is supposed before a compiled policy, which is one statement; the table is then ``answer_on_file``."""
    if not supposed:
        return text
    rows = f"-- what is supposed, and the table answer with it\nsupposed AS (\n{_rows(supposed)}\n)"
    return f"WITH\n{rows},\nanswer AS (\n{_joined()}\n),\n" + text.removeprefix("WITH\n")


def lay(supposed: Supposed, view: Callable[[str, str], object]) -> None:
    """Lay the views: ``view`` makes one of a name and a query; the table is already to be had as ``answer_on_file``."""
    if supposed:
        view("supposed", _rows(supposed))
        view("answer", _joined())


def over(connection: duckdb.DuckDBPyConnection, supposed: Supposed) -> None:
    """Lay the views over a DuckDB whose tables are laid already."""
    if not supposed:
        return
    connection.execute(f"DROP VIEW IF EXISTS {ON_FILE}")
    connection.execute(f"ALTER VIEW answer RENAME TO {ON_FILE}")
    lay(supposed, lambda name, text: connection.execute(f"CREATE OR REPLACE VIEW {name} AS {text}"))


def beside(table: str, supposed: Supposed) -> str:
    """Return a result with a column more: what was supposed of each member."""
    if not supposed:
        return f"SELECT * FROM {table}"
    names = [f"s{place}" for place in range(len(supposed))]
    pairs = zip(names, told(supposed), strict=True)
    words = ", ".join(f"CASE WHEN {name}.member IS NOT NULL THEN {literal(word)} END" for name, word in pairs)
    joins = "".join(
        f"\nLEFT JOIN (SELECT member FROM supposed WHERE fact = {literal(row.fact)}) {name} ON {name}.member = d.member"
        for name, row in zip(names, supposed, strict=True)
    )
    return f"SELECT d.*, concat_ws({literal(BETWEEN)}, {words}) AS supposed\nFROM {table} d{joins}"


def _joined() -> str:
    columns = ", ".join(_COLUMNS)
    return f"  SELECT {columns} FROM {ON_FILE}\n  UNION ALL\n  SELECT {columns} FROM supposed"


def _rows(supposed: Supposed) -> str:
    return "\n  UNION ALL\n".join(_row(row) for row in supposed)


def _row(row: Answer) -> str:
    """Return a row to each member on whom nothing that counts is on file about the fact."""
    dated = row.first > ANY_DAY.first
    said = {
        "member": "m.member",
        "fact": literal(row.fact),
        "source": literal(str(row.source)),
        "ref": literal(row.ref),
        "text": literal(row.text),
        "first": date(row.first) if dated else "m.as_of",
        "last": date(row.last) if dated else "m.as_of",
        "minute": "CAST(NULL AS BIGINT)",
        "low": _number(row.low),
        "high": _number(row.high),
        "author": "CAST(NULL AS VARCHAR)",
    }
    columns = ", ".join(f"{said[name]} AS {name}" for name in _COLUMNS)
    own = f"SELECT member FROM {ON_FILE} WHERE fact = {literal(row.fact)} AND source <> 'shown'"
    return f"  SELECT {columns}\n  FROM member m LEFT JOIN ({own}) o ON o.member = m.member\n  WHERE o.member IS NULL"


def _number(value: int | None) -> str:
    return "CAST(NULL AS BIGINT)" if value is None else f"CAST({value} AS BIGINT)"
