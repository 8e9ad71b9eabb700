"""The grammar of a leaf as a parser: its tables stand beside it, so that starting the program does not work them out.

The tables hold for one grammar and one release of lark, both named in the file; for any other the parser is built from
``grammar.lark`` itself. ``python tools/grammar.py`` writes them anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

GRAMMAR = Path(__file__).parent / "grammar.lark"
TABLES = GRAMMAR.with_suffix(".json")


@cache
def parser() -> Lark:
    """Return the parser, from its tables where they fit."""
    kept = json.loads(TABLES.read_bytes()) if TABLES.exists() else {}
    if kept.get("for") != _for():
        return built()
    table = kept["data"]["parser"]["parser"]
    table["tokens"] = _numbered(table["tokens"])
    table["states"] = {int(state): _numbered(actions) for state, actions in table["states"].items()}
    return Lark.load({"data": kept["data"], "memo": _numbered(kept["memo"])})


def built() -> Lark:
    """Build the parser from the grammar."""
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", propagate_positions=False)


def tables() -> bytes:
    """Work the tables out, as they stand in the file; lark numbers states anew each time."""
    data, memo = built().memo_serialize([TerminalDef, Rule])
    return json.dumps({"for": _for(), "data": data, "memo": memo}, separators=(",", ":")).encode() + b"\n"


def _for() -> dict[str, str]:
    """Return what the tables were worked out from."""
    return {"lark": lark.__version__, "sha256": hashlib.sha256(GRAMMAR.read_bytes()).hexdigest()}


def _numbered(listed: dict[str, Any]) -> dict[int, Any]:
    """Turn the keys back into numbers, for which JSON has no keys."""
    return {int(key): value for key, value in listed.items()}
