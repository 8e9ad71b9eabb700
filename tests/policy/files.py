"""Policy files for tests: the smallest that loads, and a folder to put it in."""

from __future__ import annotations

from pathlib import Path

SMALL = """\
policy: payer-x/pumps
title: Pumps
version: one
effective: {from: 2020-01-01, until: open, by: request date}
encoding: 1
source: {document: A text}
applies:
  products: [E0784]
authorization: always
pathways:
  - pathway: only
    title: The only way
    require:
      id: "1"
      title: HbA1c above 7
      when: latest hba1c within 12 months > 7.0 %
"""

NOTICE = """\
policy: payer-x/pumps
title: Pumps anew
version: two
effective: {from: 2026-06-01, until: open, by: request date, assumed: Nobody knows.}
source: {document: Another text}
says: A newer text was not read.
"""


def folder(place: Path, text: str = SMALL, policy: str = "payer-x/pumps", first: str = "2020-01-01") -> Path:
    """Write a policy into a folder of policies; gives the policy's file."""
    payer, _, name = policy.partition("/")
    (place / payer / name).mkdir(parents=True, exist_ok=True)
    (place / payer / "payer.yaml").write_text(f"payer: {payer}\nname: Payer {payer}\n", encoding="utf-8")
    file = place / payer / name / f"{first}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def ordered(place: Path, payer: str, *policies: str) -> None:
    """Say in a payer's file which of its policies decides first."""
    with (place / payer / "payer.yaml").open("a", encoding="utf-8") as file:
        file.write(f"order: [{', '.join(policies)}]\n")


def require(lines: str) -> str:
    """Give the smallest policy with another tree; ``lines`` stand under ``require:``, indented by six."""
    head, _, _ = SMALL.partition('      id: "1"')
    return head + "\n".join(f"      {line}" for line in lines.splitlines()) + "\n"


def unread(place: Path, text: str = NOTICE, first: str = "2026-06-01") -> Path:
    """Write the smallest policy, and a newer text that was not read beside it; gives the file of the latter."""
    file = folder(place).parent / f"{first}.unread.yaml"
    file.write_text(text, encoding="utf-8")
    return file
