"""The public face: what ``import priorauth`` gives, at what cost, and how a user's own script sees it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import priorauth

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "examples" / "approve.json").read_bytes()
LOG = ROOT / "tests" / "data" / "glucose" / "Clarity_Export_synthetic.csv"
SCRIPT = """
from __future__ import annotations

import sys
from pathlib import Path

import priorauth


def outcome(path: Path) -> tuple[str, ...]:
    try:
        found: list[priorauth.Determination] = priorauth.determine(path.read_bytes(), as_of=None)
    except priorauth.PriorAuthError as refused:
        faults: tuple[priorauth.Fault, ...] = refused.faults
        return tuple(f"{fault.place or fault.file}: {fault.message}" for fault in faults)
    again = priorauth.Determination.from_json(found[0].to_json())
    page: str = again.to_text(full=True)
    return (again.outcome, page.splitlines()[0])


print(outcome(Path(sys.argv[1])))
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_every_public_name_is_there() -> None:
    for name in priorauth.__all__:
        assert getattr(priorauth, name) is not None
    assert set(priorauth.__all__) <= set(dir(priorauth))


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'deny'"):
        _ = priorauth.deny  # type: ignore[attr-defined]


def test_importing_the_package_loads_no_room_and_no_library() -> None:
    said = "import sys, priorauth; print([one for one in sys.modules if one.startswith(('priorauth.', 'msgspec'))])"
    assert run(sys.executable, "-c", said).stdout == "[]\n"


def test_a_determination_is_read_back_from_json_and_written_as_text() -> None:
    (found,) = priorauth.determine(EXAMPLE)
    assert priorauth.Determination.from_json(found.to_json()) == found
    assert "APPROVE" in found.to_text().upper()
    assert len(found.to_text(full=True)) > len(found.to_text())


def test_json_that_is_no_determination_is_refused() -> None:
    with pytest.raises(priorauth.InputRefused, match="expected a determination"):
        priorauth.Determination.from_json("{}")


def test_a_refusal_speaks_of_arguments() -> None:
    with pytest.raises(priorauth.InputRefused) as refused:
        priorauth.determine(EXAMPLE, as_of="tomorrow")
    (fault,) = refused.value.faults
    assert fault.argument == "as_of"
    assert str(fault).startswith("as_of: ")


@pytest.mark.slow
def test_a_users_script_passes_strict_types_and_runs(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    cache = f"--cache-dir={tmp_path / 'cache'}"
    typed = run(sys.executable, "-m", "mypy", "--strict", "--config-file=", cache, str(script))
    assert typed.returncode == 0, typed.stdout
    ran = run(sys.executable, str(script), str(ROOT / "examples" / "approve.json"))
    assert ran.stdout.startswith("('approve', ")
    script.write_text(SCRIPT.replace("as_of=None", "as_of=3"), encoding="utf-8")
    typed = run(sys.executable, "-m", "mypy", "--strict", "--config-file=", cache, str(script))
    assert 'Argument "as_of" to "determine" has incompatible type "int"' in typed.stdout


@pytest.mark.parametrize("module", ["priorauth", "priorauth.cli.main"])
def test_a_refusal_under_python_m_is_one_line_and_no_traceback(module: str, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_bytes(b"{}")
    said = run(sys.executable, "-m", module, "determine", str(case))
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "case.json: expected resourceType Bundle, found nothing\n"


def test_a_glucose_log_gives_its_readings_and_metrics_from_a_path_or_from_bytes() -> None:
    found = priorauth.read_glucose(LOG)
    sensor = found.of("cgm")
    assert sensor is not None
    assert sensor.metrics["mean_mg_dl"] == sensor.summary.value("mean_mg_dl")
    times, values = zip(*sensor.readings(), strict=True)
    assert list(times) == sorted(times)
    assert len(values) == sensor.summary.readings
    assert min(values) >= 20
    assert found.of("meter") is None
    assert priorauth.read_glucose(LOG.read_bytes()).as_json() == found.as_json()


def test_a_log_given_twice_in_bytes_counts_once() -> None:
    data = LOG.read_bytes()
    assert priorauth.read_glucose(data, data).of("cgm").summary == priorauth.read_glucose(data).of("cgm").summary  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sources", "said"),
    [((b"no log",), "log: "), ((), "expected at least one log"), (("none.csv",), "none.csv: cannot be read")],
)
def test_what_is_no_glucose_log_is_refused(sources: tuple[bytes | str, ...], said: str) -> None:
    with pytest.raises(priorauth.LogRefused) as refused:
        priorauth.read_glucose(*sources)
    assert str(refused.value).startswith(said)


def test_a_catalog_says_which_policies_payers_and_versions_there_are() -> None:
    catalog = priorauth.Catalog.open()
    assert "masshealth/insulin-pumps" in catalog.policies
    assert catalog.payers["masshealth"].name == "MassHealth"
    first, last = catalog.listed("caresource/insulin-infusion-pump")
    assert (first.first, last.first) == (date(2025, 2, 26), date(2026, 5, 1))
    assert len(catalog.listed()) > len(catalog.policies)


def test_a_catalog_says_which_version_is_in_force_on_a_day() -> None:
    catalog = priorauth.Catalog.open()
    (found,) = catalog.on("2026-05-01", "caresource/insulin-infusion-pump")
    assert found.first == date(2026, 5, 1)
    assert catalog.on(date(2026, 5, 1), "caresource/insulin-infusion-pump") == (found,)
    (before,) = catalog.on(date(2026, 4, 30), "caresource/insulin-infusion-pump")
    assert before.first == date(2025, 2, 26)
    assert catalog.on("1990-01-01") == ()


def test_a_policy_or_a_day_that_there_is_not_is_refused() -> None:
    catalog = priorauth.Catalog.open()
    with pytest.raises(priorauth.InputRefused, match="no policy is named 'acme/pumps'"):
        catalog.listed("acme/pumps")
    with pytest.raises(priorauth.InputRefused, match=r"^day: "):
        catalog.on("May")


def test_a_folder_that_is_none_is_a_fault_of_policies() -> None:
    with pytest.raises(priorauth.PolicyFaults, match="expected a folder of policies"):
        priorauth.Catalog.open("/nowhere")
