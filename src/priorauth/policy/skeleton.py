"""The first files of a policy: what every file has, one criterion that a person judges, and a case."""

from __future__ import annotations

from typing import NamedTuple

_POLICY = """\
policy: {policy}
title: {title}
version: first draft                     # what the payer calls this text
effective: {{from: {first}, until: open, by: request date}}   # by: request date, service date or receipt date
encoding: 1
source: {{document: The title of the payer's text and where it stands}}
applies:
  products: [{product}]                     # every HCPCS code that the text speaks about
authorization: always
pathways:
  - pathway: initial
    title: A first request
    grants: {{months: 12}}
    require:
      all:
        - id: "1"                          # the text's own paragraph; one criterion for each
          title: What the first paragraph asks, in your own words
          when: judged other_indication_accepted   # a line of the language: `priorauth policies facts WORD` finds facts
"""
_CASES = """\
policy: {policy}
version: {first}
request: {first}
cases:
  - name: Until its rules are written, a clinician decides every request
    given: {{product_code: {product}}}
    expect: {{"1": unknown}}
    outcome: clinical-review
"""
_PAYER = """\
payer: {payer}
name: {name}
names: [{name}]                          # as its plans call it in a Coverage
"""


class Skeleton(NamedTuple):
    """The files of a new policy."""

    version: dict[str, str]
    """Text by name, of those in the folder of the policy."""
    payer: str
    """The text of payer.yaml."""


def skeleton(policy: str, first: str, product: str) -> Skeleton:
    """Return the first files of a policy; ``first`` is its first day, YYYY-MM-DD."""
    payer, _, name = policy.partition("/")
    words = {"policy": policy, "first": first, "product": product, "title": _spoken(name)}
    version = {f"{first}.yaml": _POLICY.format(**words), f"{first}.cases.yaml": _CASES.format(**words)}
    return Skeleton(version, _PAYER.format(payer=payer, name=_spoken(payer)))


def _spoken(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()
