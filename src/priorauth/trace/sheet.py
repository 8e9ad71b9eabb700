"""The same as a page of HTML that stands alone: each sentence of a reader's copy with its rules beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from priorauth.policy.tree import Policy
from priorauth.trace.lay import Laid
from priorauth.trace.page import Line, lines, missing, summary
from priorauth.trace.rules import Rule
from priorauth.trace.trace import Trace

_STYLE: Final = """\
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: #1d2733; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d5dce4; }
td { overflow-wrap: anywhere; }
th { position: sticky; top: 0; background: #fff; } th:first-child { width: 7.5rem; } th:last-child { width: 38%; }
td:first-child { color: #5a6877; font-size: .85rem; }
tr.rule td:nth-child(2) { border-left: 4px solid #2b6cb0; }
tr.other td:nth-child(2) { border-left: 4px solid #c3ccd6; color: #4b5866; }
tr.new td { background: #fff1d6; } tr.new td:nth-child(2) { border-left: 4px solid #b7791f; }
.id { font-weight: 600; } .kind { color: #5a6877; font-size: .85rem; }
ul.rules { margin: 0; padding: 0; list-style: none; }
@media print { th { position: static; } tr { break-inside: avoid; } }
"""


def sheet(policy: Policy, trace: Trace, laid: Laid) -> str:
    """Return the page."""
    return "\n".join(_sheet(policy, trace, laid)) + "\n"


def _sheet(policy: Policy, trace: Trace, laid: Laid) -> Iterator[str]:
    title = escape(f"{policy.title}: the text beside the rules")
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{title}</h1>\n<p>{escape(summary(policy, trace, laid))}.</p>"
    yield "<table>\n<thead><tr><th>Place</th><th>Sentence</th><th>Rules</th></tr></thead>\n<tbody>"
    yield from (_row(one) for one in lines(policy, trace, laid))
    yield "</tbody>\n</table>"
    gone = [
        f"<li>Sentence {row.at}: {escape(', '.join(row.rules) or str(row.otherwise))}</li>"
        for row in missing(trace, laid)
    ]
    yield from _list("Sentences that the copy has not", gone)
    yield from _list("Rules without a sentence", [f"<li>{_rule(rule)}</li>" for rule in trace.without(policy)])
    yield "</body>\n</html>"


def _row(one: Line) -> str:
    at = f"{one.row.at}" if one.row else "new"
    label = f" [{escape(one.sentence.label)}]" if one.sentence.label else ""
    moved = "<br>moved" if one.moved else ""
    kind = "new" if one.row is None else "rule" if one.rules else "other"
    said = "".join(f"<li>{_rule(rule)}</li>" for rule in one.rules)
    beside = f'<ul class="rules">{said}</ul>' if said else f'<span class="kind">{escape(one.says)}</span>'
    place = f"{at}{label}<br>page {one.page}, line {one.line}{moved}"
    return f'<tr class="{kind}"><td>{place}</td><td>{escape(one.text)}</td><td>{beside}</td></tr>'


def _rule(rule: Rule) -> str:
    title = f" {escape(rule.title)}" if rule.title and rule.title != rule.name else ""
    where = f", line {rule.line}" if rule.line > 1 else ""
    if rule.readings:
        where += escape(f"; rests on {', '.join(rule.readings)}")
    return f'<span class="id">{escape(rule.name)}</span>{title} <span class="kind">{rule.kind}{where}</span>'


def _list(title: str, items: list[str]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield f"<ul>{''.join(items)}</ul>" if items else "<p>None.</p>"
