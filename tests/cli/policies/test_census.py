"""``priorauth policies census``: what the criteria need, counted."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Capture, printed, refusal
from tests.policy.files import folder


def test_it_writes_markdown_of_the_newest_versions(tmp_path: Path, capsys: Capture) -> None:
    shipped = printed(capsys, "policies", "census")
    assert shipped.startswith("# Census of the policies\n")
    folder(tmp_path)
    both = printed(capsys, "policies", "census", "--policies", tmp_path)
    assert "payer-x/pumps" in both
    assert "payer-x/pumps" not in shipped


def test_a_folder_that_is_not_there_is_refused(capsys: Capture) -> None:
    assert "expected a folder of policies" in refusal(capsys, "policies", "census", "--policies", "/nowhere")
