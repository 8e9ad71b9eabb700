"""The shared CQL library: every type written out, nothing of the template left."""

from __future__ import annotations

import re

from priorauth.engines.cql.types import SHARED, shared, types


def test_every_type_is_written_out() -> None:
    assert "$" not in shared()
    assert not [name for name, text in types().items() if "$" in text]


def test_every_type_is_used() -> None:
    used = set(re.findall(r"\$(\w+)", SHARED.read_text("utf-8")))
    used |= {"Held", "When"}  # within other types
    assert used == {*types(), "version", "of_record", "shown_source"}


def test_no_query_leaves_equal_rows_to_be_merged() -> None:
    text = re.sub(r"//.*", "", shared())
    queries = len(re.findall(r"\b(?:return|aggregate)\b", text))
    assert len(re.findall(r"\breturn all\b", text)) + len(re.findall(r"\baggregate\b", text)) == queries
    assert len(re.findall(r"\bwhere\b", text)) <= queries


def test_a_function_stands_below_all_that_it_calls() -> None:
    text = re.sub(r"//.*", "", shared())
    known: set[str] = set()
    functions = set(re.findall(r"define function (\w+)", text))
    for part in text.split("define function ")[1:]:
        name, _, body = part.partition("(")
        assert {called for called in re.findall(r"\b([A-Z]\w+)\(", body) if called in functions} <= known | {name}, name
        known.add(name)
