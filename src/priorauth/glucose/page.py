"""One printed page of a stream: its metrics with their definitions, the profile and the days, as one HTML text.

The page stands alone: no script, no link, nothing from the network. Pictures are repeated as words and numbers.
"""

from __future__ import annotations

from html import escape

from priorauth.glucose.census import Census
from priorauth.glucose.definitions import definitions
from priorauth.glucose.picture import days_picture, profile_picture
from priorauth.glucose.profile import profile
from priorauth.glucose.summary import Evidence, Summary

_STYLE = """
@page { size: letter portrait; margin: 10mm }
* { box-sizing: border-box }
body { font: 9.5px/1.25 sans-serif; color: #222; margin: 0 auto; max-width: 190mm }
h1 { font-size: 15px; margin: 0 } h2 { font-size: 11px; margin: 5px 0 1px } p { margin: 1px 0 }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; font-weight: bold }
th, td { text-align: left; padding: 0 4px; border-bottom: 1px solid #ddd; vertical-align: top; font-weight: normal }
td.n, th.n { text-align: right; white-space: nowrap }
.half { float: left; width: 49% } .half + .half { margin-left: 2% } .after { clear: both }
svg { display: block; width: 100%; height: auto }
.note { color: #555 }
"""


def page(summary: Summary, census: Census, *, heading: str) -> str:
    """Lay out the page of a summary; ``heading`` stands at its top (no names: an id at most)."""
    known = [each for each in summary.evidence.values() if each.value is not None]
    unknown = [each for each in summary.evidence.values() if each.value is None]
    half = (len(known) + 1) // 2
    span = f"{summary.first_day} to {summary.last_day}" if summary.first_day else "no readings"
    device = "sensor" if summary.device == "cgm" else "meter"
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(heading)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{escape(heading)}</h1>",
        f"<p>{summary.readings:,} readings of a {device}, local days {span}. {_sufficiency(summary)}</p>",
        _table(known[:half], "Metrics"),
        _table(known[half:], "Metrics, continued"),
        '<div class="after"></div>',
        _unknown(unknown),
        "<h2>Glucose by time of day</h2>",
        profile_picture(profile(census.traces)),
        "<h2>The last days</h2>",
        days_picture(census),
        _legend(),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _sufficiency(summary: Summary) -> str:
    rule = definitions().sufficiency
    asked = f"{rule['days']} days with {rule['share']} % of the readings"
    if summary.evidence["mean_mg_dl"].sufficient:
        return f"Enough for the consensus metrics, which ask for {asked}."
    return f"Not enough for the consensus metrics, which ask for {asked}."


def _legend() -> str:
    table = definitions()
    ranges, events = table.ranges, table.events
    return (
        f'<p class="note">Triangles mark where events begin: pointing down, below {ranges.low} mg/dL (filled: below '
        f"{ranges.very_low}); pointing up, above {ranges.very_high} mg/dL (filled: {events.extended_high_minimum} "
        f"minutes of it within {events.extended_high_within}). The band is {ranges.low} to {ranges.high} mg/dL. "
        f"\u2020: an indication only. Definitions: edition {table.edition} of the table, by the ids above.</p>"
    )


def _table(shown: list[Evidence], caption: str) -> str:
    head = (
        '<th scope="col">metric and definition</th><th scope="col" class="n">value</th><th scope="col" class="n">n</th>'
    )
    rows = [f'<table class="half"><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>']
    for each in shown:
        doubt = "" if each.sufficient else " \u2020"
        told = f" by {each.by}" if each.by else ""
        says = escape(definitions().metrics[each.name].says)
        name = f'{_name(each.name)}{doubt} <span class="note">{escape(each.definition)}{told}</span>'
        value = f'<td class="n">{_shown(each)}</td><td class="n">{each.n:,}</td>'
        rows.append(f'<tr><th scope="row" title="{says}">{name}</th>{value}</tr>')
    return "\n".join([*rows, "</tbody></table>"])


def _name(name: str) -> str:
    for ending in ("_mg_dl", "_percent"):
        name = name.removesuffix(ending)
    return name.replace("_", " ")


def _shown(each: Evidence) -> str:
    if each.unit in ("days", "nights"):
        return f"{each.value} of {each.n}"
    if each.unit == "events":
        return f"{each.value}"
    return f"{each.value:.1f} {escape(each.unit)}".strip()


def _unknown(missing: list[Evidence]) -> str:
    if not missing:
        return ""
    reasons: dict[str, list[str]] = {}
    for each in missing:
        reasons.setdefault(each.why, []).append(_name(each.name))
    said = "; ".join(f"{', '.join(names)}: {escape(why)}" for why, names in reasons.items())
    return f'<p class="note">Unknown: {said}.</p>'
