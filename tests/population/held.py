"""Python cases as the tables of a population in memory, and a policy's SQL over them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from priorauth.engines.sql.compile import compile_policy
from priorauth.facts.case import Case
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.tree import Criterion, Policy
from priorauth.population import duck, tables


def held(cases: Sequence[Case]) -> dict[str, pa.Table]:
    columns = tables.Columns()
    for member, case in enumerate(cases):
        columns.member(member, f"Patient/{member}", case.as_of)
        for rows in case.rows.values():
            for row in rows:
                columns.row(member, row)
    return {name: columns.arrow(name) for name in tables.SCHEMAS}


def decided(
    policy: Policy,
    cases: Sequence[Case],
    vocabulary: Vocabulary,
    common: tuple[Criterion, ...] = (),
    *,
    as_of: int | None = None,
) -> list[dict[str, object]]:
    """Give one row a case, in their order."""
    query = compile_policy(policy, vocabulary, common, as_of=as_of)
    result = duck.run(duck.in_memory(held(cases), threads=2), query)
    names = [column[0] for column in result.description]
    rows = sorted(result.fetchall())
    return [dict(zip(names, row, strict=True)) for row in rows]
