"""The parser's tables: language/grammar.json, worked out from grammar.lark by the lark that is installed.

`python tools/grammar.py` writes them.
"""

from priorauth.language.grammar import TABLES, tables

if __name__ == "__main__":
    TABLES.write_bytes(tables())
