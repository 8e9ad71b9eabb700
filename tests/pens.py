"""A pen over a small cohort, and what it writes, for the tests of synthetic resources."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from priorauth.synthetic import numbers as synthesize_numbers
from priorauth.synthetic.cohort import draw
from priorauth.synthetic.lines import Lines
from priorauth.synthetic.pen import Pen
from priorauth.values.dates import day

AS_OF = day("2026-11-20")


def pen(count: int = 300, seed: int = 5) -> Pen:
    """Give a pen over some members of a registry."""
    rng, numbers = np.random.default_rng(seed), synthesize_numbers.load()
    return Pen(draw(rng, numbers, "registry", AS_OF, 0, count), numbers, rng)


def read(lines: Lines | bytes) -> list[dict[str, Any]]:
    """Give the resources of some lines."""
    data = lines if isinstance(lines, bytes) else b"".join(bytes(block) for block in lines.blocks())
    return [json.loads(line) for line in data.splitlines()]
