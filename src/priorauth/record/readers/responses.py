"""What a payer's answer (ClaimResponse) decides: its review actions, and whether it settles the claim it answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.fhir.elements import Extension
from priorauth.fhir.structs import Adjudication, ClaimResponse, Organization
from priorauth.record.chart import Chart, codings
from priorauth.record.claims import Asked
from priorauth.record.readers.coverage import of_this_payer
from priorauth.record.tables import APPROVED, DECIDED

_ACTION: Final = "reviewActionCode"


def actions(adjudications: list[Adjudication]) -> list[str]:
    """Return the codes of the review actions."""
    return [code for one in adjudications for code in _actions(one.extension)]


def approves(adjudications: list[Adjudication]) -> bool:
    """Return whether the review actions approve: each of them does, and there is one."""
    codes = actions(adjudications)
    return bool(codes) and all(code in APPROVED for code in codes)


def decided(chart: Chart, asked: Asked) -> ClaimResponse | None:
    """Return the answer by which the payer of a request has already decided it, None where there is none.

    An answer whose insurer is not named may be this payer's. What is only pended is not decided.
    """
    return next(
        (one for one in asked.answers if _decides(one) and not _of_another(chart, asked, one)),
        None,
    )


def _decides(response: ClaimResponse) -> bool:
    listed = [
        response.adjudication,
        *(one.adjudication for one in response.item),
        *(one.adjudication for one in response.add_item),
    ]
    codes = [code for part in listed for code in actions(part)]
    if codes:
        return any(code in DECIDED for code in codes)
    return response.outcome == "complete"


def _of_another(chart: Chart, asked: Asked, response: ClaimResponse) -> bool:
    """Return whether an answer certainly comes from another payer."""
    insurer = response.insurer
    if insurer is None or of_this_payer(chart, asked, insurer):
        return False
    found = chart.references.find(insurer, response)
    return isinstance(found, Organization) or (insurer.identifier is not None and bool(insurer.identifier.value))


def _actions(extensions: list[Extension]) -> Iterator[str]:
    for extension in extensions:
        if extension.url.endswith(_ACTION):
            yield from (coding.code for coding in codings(extension.value_codeable_concept))
        yield from _actions(extension.extension)
