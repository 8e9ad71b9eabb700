"""What the commands of the solver share: the world that they ask about, and patients as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec

from priorauth.cli import files, output, parameters
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.assurance.compare import Between, Compared
    from priorauth.engines.solver.outcome import World
    from priorauth.policy.tree import Policy

Given = ParamSpec("Given")
NOT_READ: Final = "the text is known and was not read: a person decides every request from that day on"
EXTRA: Final = "the solver is not installed: pip install 'priorauth[assurance]'"


def solving(run: Callable[Given, int]) -> Callable[Given, int]:
    """Return the command with two more refusals: no solver is here; solver and evaluator say different things."""

    @wraps(run)
    def told(*args: Given.args, **options: Given.kwargs) -> int:
        try:
            from priorauth.assurance.replay import Contradicted
        except ImportError:
            raise refused(EXTRA) from None
        try:
            return run(*args, **options)
        except Contradicted as fault:
            output.fault(f"priorauth: the evaluator contradicts the solver: {fault}")
            return 1

    return told


def laid(folders: tuple[Path, ...], *policies: Policy) -> World:
    """Return the world of one patient under some policies."""
    from priorauth.engines.solver.outcome import world

    known = parameters.opened(folders)
    return world(policies, known.vocabulary, known.common, folders=known.folders[1:])


def unread(*policies: Policy, as_json: bool) -> bool:
    """Whether one of some versions is a text that was not read: that is printed, for nothing can be asked of it."""
    found = [policy for policy in policies if policy.unread]
    if found and as_json:
        output.as_json({"unread": [label(policy) for policy in found]})
    elif found:
        for policy in found:
            output.line(f"{label(policy)}: {NOT_READ}")
    return bool(found)


def refuse_unread(policy: Policy) -> None:
    """Refuse a text that was not read."""
    if policy.unread:
        raise refused(f"{label(policy)}: {NOT_READ}")


def label(policy: Policy) -> str:
    """Return id and first day of a version."""
    from priorauth.values.dates import iso

    return f"{policy.id}@{iso((policy.unread or policy).effective.first)}"


def compared(part: Compared) -> dict[str, object]:
    """Return how two versions of a pathway stand to each other, as JSON."""
    return {
        "pathway": part.pathway,
        "relation": part.relation,
        "only the first": between(part.here, 1),
        "only the second": between(part.there, 0),
    }


def between(shown: Between | None, against: int) -> dict[str, object] | None:
    """Return a patient whom one side approves and the other does not, as JSON; ``against`` is the other's place."""
    if shown is None:
        return None
    return {
        "outcomes": list(shown.outcomes),
        "in the way": list(shown.hurdles[against]),
        "patient": list(shown.witness.words()),
    }


def write(folder: Path, name: str, shown: Between | None, payer: str) -> None:
    """Write a patient as a Bundle, and the judgments that go with it."""
    if shown is None:
        return
    bundle, judged = shown.witness.bundle(payer, name)
    shapes = {f"{name}.json": indented(bundle), f"{name}-judgments.json": indented(judged)}
    files.write_into(folder, "--out", shapes)


def indented(value: object) -> str:
    """Return JSON as the files of patients hold it."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
