"""The trees of a policy by their names, and the pathway that a request takes."""

from __future__ import annotations

from priorauth.engines.cql.outcome import named, taken
from priorauth.policy.roots import roots
from tests.engines.cql.test_compile import CATALOG


def test_every_tree_of_every_policy_has_a_name_of_its_own() -> None:
    for policy in CATALOG.all():
        names = [name for name, _ in named(policy, CATALOG.common)]
        assert len(set(names)) == len(names) == len(list(roots(policy, CATALOG.common)))


def test_a_tree_is_named_by_what_it_stands_for() -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    names = [name for name, _ in named(policy, CATALOG.common)]
    assert names[:3] == ["elsewhere 0.3", "pathway initial-trial when", "pathway initial-trial"]
    assert {"exclusion 1", "document 1", "hand-off 1", "note 1"} <= set(names)


def test_the_first_pathway_whose_condition_holds_is_taken() -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    names = {name: f"<{name}>" for name, _ in named(policy)}
    first, second = (f"<pathway {name} when>" for name in ("initial-trial", "continued-use"))
    assert (
        taken(policy, names).split()
        == (
            f"if not {first}.canFail then 'initial-trial' else if {first}.canHold then null else"
            f" if not {second}.canFail then 'continued-use' else if {second}.canHold then null else null"
        ).split()
    )
