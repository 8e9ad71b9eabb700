"""The first files of a policy pass the check, and approve nothing."""

from __future__ import annotations

from pathlib import Path

from priorauth.cli.policies.check import check_all
from priorauth.policy.catalog import open_catalog
from priorauth.policy.skeleton import skeleton
from tests.cli.running import Capture


def test_a_skeleton_passes_the_check_with_its_case(tmp_path: Path, capsys: Capture) -> None:
    made = skeleton("payer-x/insulin-pumps", "2027-01-01", "E0784")
    place = tmp_path / "payer-x" / "insulin-pumps"
    place.mkdir(parents=True)
    (place.parent / "payer.yaml").write_text(made.payer, encoding="utf-8")
    for name, text in made.version.items():
        (place / name).write_text(text, encoding="utf-8")
    assert check_all([tmp_path], ()) == 0
    assert capsys.readouterr().out.endswith("1 leaves, 1 cases, all come out\n")
    (policy,) = open_catalog(tmp_path).versions("payer-x/insulin-pumps")
    assert (policy.title, policy.products) == ("Insulin pumps", ("E0784",))
    assert open_catalog(tmp_path).payers["payer-x"].name == "Payer x"
