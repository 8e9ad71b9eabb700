import json

import lark
import pytest
from lark import Lark, UnexpectedToken

from priorauth.language import grammar
from priorauth.policy.catalog import open_catalog
from priorauth.policy.views.census import all_leaves


def test_the_tables_fit_the_grammar_and_the_lark_that_is_installed() -> None:
    kept, made = json.loads(grammar.TABLES.read_bytes()), json.loads(grammar.tables())
    assert kept["for"] == made["for"]  # else: python tools/grammar.py
    assert len(kept["data"]["parser"]["parser"]["states"]) == len(made["data"]["parser"]["parser"]["states"])


def test_every_leaf_of_every_policy_reads_the_same_from_tables_and_from_the_grammar() -> None:
    quick, plain = grammar.parser(), grammar.built()
    texts = {line.text for policy in open_catalog().all() for line in all_leaves(policy)}
    assert len(texts) > 100
    assert all(quick.parse(text) == plain.parse(text) for text in texts)


@pytest.mark.parametrize("text", ["latest", "latest hba1c", "hba1c > 7 of", "count of x >", "no x within 3"])
def test_what_cannot_be_read_is_the_same_fault_from_tables_and_from_the_grammar(text: str) -> None:
    def fault(parser: Lark) -> tuple[object, ...]:
        with pytest.raises(UnexpectedToken) as found:
            parser.parse(text)
        return found.value.token, found.value.column, found.value.accepts

    assert fault(grammar.parser()) == fault(grammar.built())


def test_tables_of_another_lark_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[object] = []
    monkeypatch.setattr(Lark, "load", used.append)
    monkeypatch.setattr(lark, "__version__", "0.0.0")
    grammar.parser.cache_clear()
    assert grammar.parser().parse("diabetes").data == "stated"
    grammar.parser.cache_clear()
    assert not used
