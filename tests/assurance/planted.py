"""A policy with faults planted on purpose, written into a folder, and the catalog that has it."""

from __future__ import annotations

from pathlib import Path

from priorauth.engines.solver.outcome import World, world
from priorauth.policy.catalog import Catalog, open_catalog

HEAD = """
policy: payer-x/monitors
title: Monitors
version: "{day}"
effective: {{from: {day}, until: {until}, by: request date}}
encoding: 1
source: {{document: Made for a test}}
applies: {{products: [E0784]}}
authorization: always
"""

SOUND = """
pathways:
  - pathway: first
    title: First
    when: request_kind is initial
    require:
      all:
        - {id: A.1, title: HbA1c above 7, when: latest hba1c within 12 months > 7.0 %}
        - {id: A.2, title: Motivated, when: motivated}
excluded:
  - {id: X.1, title: Only for convenience, when: judged only_for_convenience}
documents:
  - {id: D.1, title: Notes, when: documented clinical_notes_dated within 12 months}
"""

FAULTY = """
pathways:
  - pathway: first
    title: First
    when: request_kind is initial
    require:
      all:
        - {id: A.1, title: HbA1c above 7, when: latest hba1c within 12 months > 7.0 %}
        - {id: A.2, title: HbA1c above 6, when: latest hba1c within 12 months > 6.0 %}
        - id: A.3
          title: Motivated
          any:
            - {id: A.3.a, title: Says so, when: motivated}
            - {id: A.3.b, title: "Says so, and is at least 18", all: [motivated, age >= 18 years]}
        - id: A.4
          title: Either
          any:
            - {id: A.4.a, title: Diet, when: follows_diet_and_exercise}
            - {id: A.4.b, title: Two ages at once, all: [age < 18 years, age >= 21 years]}
  - pathway: again
    title: Again
    when: {all: [request_kind is initial, product_code is E0784]}
    require: {id: B.1, title: Works, when: current_pump_works}
  - pathway: renewal
    title: Renewal
    when: request_kind is continued
    require: {id: C.1, title: Skill, when: pump_skill_demonstrated}
excluded:
  - {id: X.1, title: Skill shown, only when: request_kind is continued, when: pump_skill_demonstrated}
"""


def catalog(folder: Path, **versions: str) -> Catalog:
    """Write versions of the policy (``d2020``: from 2020-01-01) and open the catalog."""
    place = folder / "payer-x" / "monitors"
    place.mkdir(parents=True, exist_ok=True)
    (folder / "payer-x" / "payer.yaml").write_text(
        "payer: payer-x\nname: Payer X\nnames: [Payer X]\n", encoding="utf-8"
    )
    years = sorted(versions)
    for name, text in versions.items():
        later = [other for other in years if other > name]
        until = f"{int(later[0][1:]) - 1}-12-31" if later else "open"
        day = f"{name[1:]}-01-01"
        (place / f"{day}.yaml").write_text(HEAD.format(day=day, until=until) + text, encoding="utf-8")
    return open_catalog(folder)


def laid(known: Catalog) -> World:
    """Lay one patient under every version of the planted policy, the oldest first."""
    return world(known.versions("payer-x/monitors"), known.vocabulary, known.common, folders=known.folders[1:])
