"""``priorauth policies compare``: who asks what for the same product."""

from __future__ import annotations

import pytest

from tests.cli.running import Capture, printed, refusal

MASSHEALTH, ANTHEM = "masshealth/insulin-pumps", "anthem/cg-dme-01@2014-07-01"


def test_it_writes_a_table_in_markdown(capsys: Capture) -> None:
    table = printed(capsys, "policies", "compare", MASSHEALTH, ANTHEM, "--product", "E0784")
    assert table.startswith("# Who asks what: product E0784, initial request\n")
    other = printed(capsys, "policies", "compare", MASSHEALTH, ANTHEM, "--kind", "replacement")
    assert other.startswith("# Who asks what: ")
    assert "replacement request" in other.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none",), "no policy is named 'none'"),
        ((MASSHEALTH, "none"), "no policy is named 'none'"),
        ((MASSHEALTH, "--product", "E1"), "--product: expected one of E0779"),
        ((MASSHEALTH, "--kind", "x"), "--kind: expected one of initial"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(words: tuple[str, ...], said: str, capsys: Capture) -> None:
    assert refusal(capsys, "policies", "compare", *words).startswith(said)
