"""The command glucose: its JSON, its page, its text, and what it refuses."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from priorauth.cli.last import REFUSED
from priorauth.cli.main import main
from tests.glucose.logs import DATA, FIXTURES
from tests.policy import files

CLARITY = str(DATA / "Clarity_Export_synthetic.csv")
CARELINK = str(DATA / "carelink_semicolon.csv")
METRICS = [
    "mean_mg_dl", "sd_mg_dl", "cv_percent", "gmi_percent", "time_70_180_percent", "time_below_70_percent",
    "time_below_54_percent", "time_above_180_percent", "time_above_250_percent", "mage_mg_dl", "hypo_level_1_events",
    "hypo_level_2_events", "active_percent", "tests_per_day",
]  # fmt: skip


def printed(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert main(["glucose", *args]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert main(["glucose", *args]) == REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("name", FIXTURES)
def test_every_format_gives_the_same_shape(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    streams = json.loads(printed(capsys, str(DATA / name), "--json"))["streams"]
    sensor, meter = FIXTURES[name]
    assert {one["device"]: one["readings"] for one in streams} == {
        device: count for device, count in (("cgm", sensor), ("meter", meter)) if count
    }
    for one in streams:
        assert list(one) == ["device", "format", "readings", "rejected", "from", "until", "metrics"]
        assert list(one["metrics"]) == METRICS
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["from"])


def test_what_a_device_cannot_tell_is_null_and_never_zero(capsys: pytest.CaptureFixture[str]) -> None:
    sensor, meter = json.loads(printed(capsys, CARELINK, "--json"))["streams"]
    assert sensor["metrics"]["tests_per_day"] is None
    assert (meter["metrics"]["gmi_percent"], meter["metrics"]["active_percent"]) == (None, None)
    assert meter["metrics"]["tests_per_day"] > 0


def test_rows_left_out_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    (libre,) = json.loads(printed(capsys, str(DATA / "FreeStyle_Libre_3_synthetic.csv"), "--json"))["streams"]
    assert (libre["readings"], libre["rejected"]) == (4305, 316)


def test_several_files_are_one_person(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(DATA / name) for name in ("plain_meter.csv", "glooko_bg.csv", "Clarity_Export_synthetic.csv")]
    sensor, meter = json.loads(printed(capsys, *files, "--json"))["streams"]
    assert (sensor["format"], meter["format"], meter["readings"]) == ("clarity", "glooko + plain", 10)


def test_the_text_names_the_days_that_prove_a_statement(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys, CLARITY)
    assert "Sensor: 3,922 readings, 1961-04-12 to 1961-04-25" in said
    assert "(as of 1961-04-25;" in said
    assert re.search(
        r"\+ any episode of hypoglycemia at night .*\n +1961-04-12 +\(Clarity_\w+\.csv lines 43 to 84\)", said
    )
    assert "Gagarin" not in said


def test_windows_count_back_from_the_day_that_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert "+ episode of hypoglycemia on" in printed(capsys, CLARITY)
    later = printed(capsys, CLARITY, "--as-of", "1962-04-25")
    assert "? episode of hypoglycemia on" in later
    assert "(as of 1962-04-25;" in later


def test_statements_of_further_policies_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files.folder(tmp_path, files.require("id: '1'\ntitle: Lows\nwhen: count of hypoglycemia within 5 months >= 2"))
    assert "[payer-x]" not in printed(capsys, CLARITY)
    assert "[payer-x]" in printed(capsys, CLARITY, "--policies", str(tmp_path))


def test_the_page_has_pictures_that_can_be_heard_and_needs_no_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, CLARITY, "--html", str(tmp_path / "page.html")) == ""
    page = (tmp_path / "page.html").read_text("utf-8")
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        found = ET.fromstring(picture)  # noqa: S314 - written a line above
        assert found.get("role") == "img"
        assert [part.tag.rpartition("}")[2] for part in found[:2]] == ["title", "desc"]
    assert '<aside aria-label="Statements of the policies">' in page
    assert not re.search(r"<script|<link|<img|src=|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", page)


def test_each_picture_is_a_file_of_its_own_for_each_device(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, CARELINK, "--svg", str(tmp_path / "pictures"), "--unit", "mmol/L", "--goals", "older") == ""
    files = sorted((tmp_path / "pictures").iterdir())
    assert [file.name for file in files] == [
        f"{device}-{name}.svg" for device in ("meter", "sensor") for name in ("agp", "daily", "ranges")
    ]
    for file in files:
        assert ET.parse(file).getroot().get("role") == "img"  # noqa: S314 - written a line above
        assert "mmol/L" in file.read_text("utf-8")


@pytest.mark.slow
def test_each_picture_may_be_a_png_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, str(DATA / "plain_meter.csv"), "--png", str(tmp_path)) == ""
    assert sorted(file.name for file in tmp_path.iterdir()) == ["meter-agp.png", "meter-daily.png", "meter-ranges.png"]


def test_the_report_is_of_the_days_the_goals_and_the_unit_that_were_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    printed(capsys, CLARITY, "--html", str(page), "--days", "7", "--goals", "pregnancy", "--unit", "mmol/L")
    text = page.read_text("utf-8")
    assert "7 days, 1961-04-19 to 1961-04-25" in text
    assert "goals: pregnancy, type 1" in text
    assert "3.5 to 7.8 mmol/L" in text


def test_a_report_ends_with_the_day_that_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    printed(capsys, CLARITY, "--html", str(page), "--as-of", "1961-04-20")
    assert "9 days, 1961-04-12 to 1961-04-20" in page.read_text("utf-8")


def test_one_policy_s_statements_say_what_counts_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys, CLARITY, "--policy", "masshealth/insulin-pumps", "--as-of", "1961-05-10")
    assert "masshealth/insulin-pumps, version " in said
    assert "? sensor reading on \u2265 70 % of days (30 days): at least 46.7 % of days;" in said
    assert "      days      1961-04-11..1961-05-10, 30 days\n      readings  3,922 readings on 14 of 30 days\n" in said
    assert "      missing   readings on 16 of the 30 days: 1961-04-11, 1961-04-26..1961-05-10\n" in said
    assert "caresource" not in said


def test_one_policy_s_statements_stand_in_the_json_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(printed(capsys, CLARITY, "--policy", "masshealth/insulin-pumps", "--json"))
    assert list(told) == ["streams", "policy"]
    policy = told["policy"]
    assert (policy["policy"], policy["as_of"]) == ("masshealth/insulin-pumps", "1961-04-25")
    lows = next(one for one in policy["statements"] if one["says"].startswith("episodes of hypoglycemia < 54"))
    assert (lows["status"], lows["criteria"], lows["missing"]) == ("met", ["II.A.T.8.a"], [])
    assert lows["window"] == {"from": "1960-10-26", "until": "1961-04-25", "days": 182}
    assert lows["readings"] == {"count": 3922, "days": 14}
    assert lows["counts"]["passing"] == len(lows["shown"]) == 31
    assert lows["shown"][0] == {
        "days": "1961-04-12", "value": "40 mg/dL", "reference": "Clarity_Export_synthetic.csv lines 43 to 84",
    }  # fmt: skip


def test_the_page_of_one_policy_has_its_statements_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, CLARITY, "--html", str(tmp_path / "page.html"), "--policy", "masshealth/insulin-pumps")
    assert "What masshealth/insulin-pumps asks by these readings alone" in (tmp_path / "page.html").read_text("utf-8")


def test_the_same_log_gives_the_same_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [tmp_path / name for name in ("one.html", "two.html")]
    for page in pages:
        printed(capsys, CARELINK, "--html", str(page))
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_a_page_of_sensor_and_meter_tells_of_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, CARELINK, "--html", str(tmp_path / "page.html"))
    assert "Meter: 4 readings" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["/none.csv"], "none.csv: cannot be read"),
        ([CLARITY, CLARITY], "given twice"),
        ([CLARITY, "--zone", "Mars/Olympus"], "expected an IANA time zone"),
        ([CLARITY, "--as-of", "June"], "--as-of: expected a FHIR date"),
        ([str(DATA / "README.md")], "README.md: format not recognised"),
        ([CLARITY, "--html", "/none/page.html"], "/none/page.html: cannot be written"),
        ([CLARITY, "--svg", f"{CLARITY}/pictures"], "--svg: "),
        ([CLARITY, "--unit", "mg"], "expected one of mg/dL, mmol/L, found 'mg'"),
        ([CLARITY, "--goals", "child"], "expected one of adult, older, pregnancy, found 'child'"),
        ([CLARITY, "--days", "0"], "expected at least 1, found 0"),
        ([CLARITY, "--policy", "none/such"], "none/such"),
        ([CLARITY, str(DATA / "nightscout_entries.json")], "expected --zone for this log"),
    ],
)
def test_what_is_refused_is_refused_in_one_line(args: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert says in refused(capsys, *args)


@pytest.mark.parametrize("how", [["--json"], []])
def test_each_engine_prints_the_same(how: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = {printed(capsys, CARELINK, CLARITY, *how, "--engine", engine) for engine in ("auto", "numpy", "numba")}
    assert said == {printed(capsys, CARELINK, CLARITY, *how)}


def test_each_engine_draws_the_same_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = set()
    for engine in ("numpy", "numba"):
        printed(capsys, CLARITY, "--html", str(tmp_path / "page.html"), "--engine", engine)
        pages.add((tmp_path / "page.html").read_bytes())
    assert len(pages) == 1


def test_an_engine_that_is_not_installed_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert "--engine: the engine numba is not installed: pip install 'priorauth[fast]'" in refused(
        capsys, CLARITY, "--engine", "numba"
    )
    assert printed(capsys, CLARITY, "--json", "--engine", "auto")


def test_what_a_file_is_called_cannot_become_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "<img src=x>&.csv"
    path.write_bytes((DATA / "plain_meter.csv").read_bytes())
    printed(capsys, str(path), "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<img" not in page
    assert "&lt;img src=x&gt;&amp;.csv" in page
