"""``priorauth policies list``: every version, one a line, with what is assumed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import Capture, printed, refusal
from tests.policy.files import folder


def test_policies_alone_lists_every_version(capsys: Capture) -> None:
    alone = printed(capsys, "policies")
    assert printed(capsys, "policies", "list") == alone
    assert alone.splitlines()[0].split() == ["id", "version", "from", "until", "currency", "assumed"]
    assert "masshealth/insulin-pumps                      undated" in alone


def test_the_list_as_json_says_what_is_assumed(capsys: Capture) -> None:
    rows = json.loads(printed(capsys, "policies", "list", "--json"))["policies"]
    (found,) = [row for row in rows if row["id"] == "masshealth/insulin-pumps"]
    assert (found["from"], found["until"]) == ("2016-01-01", None)
    assert found["assumed"] == "The text bears no date."
    assert found["currency"] == "superseded-candidate"


def test_policies_of_ones_own_are_listed_too(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path)
    assert "\npayer-x/pumps  " in printed(capsys, "policies", "list", "--policies", tmp_path)


def test_a_folder_that_is_not_there_is_refused(capsys: Capture) -> None:
    assert refusal(capsys, "policies", "list", "--policies", "/nowhere") == "/nowhere: expected a folder of policies\n"


def test_a_text_that_was_not_read_is_listed_by_its_day_and_apart_in_json(capsys: Capture) -> None:
    (line,) = [line for line in printed(capsys, "policies", "list").splitlines() if "  unread  " in line]
    assert line.split()[:5] == ["masshealth/insulin-pumps", "not", "read", "2026-11-28", "-"]
    (found,) = json.loads(printed(capsys, "policies", "list", "--json"))["unread"]
    assert (found["id"], found["from"], found["currency"]) == ("masshealth/insulin-pumps", "2026-11-28", "unread")
    assert found["assumed"].startswith("The payer's first day is not known")
