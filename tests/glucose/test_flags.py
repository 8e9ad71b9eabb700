import subprocess
import sys

from priorauth.glucose.flags import Flag


def test_each_flag_is_a_bit_of_its_own() -> None:
    assert sorted(flag.value for flag in Flag) == [1 << place for place in range(len(Flag))]


def test_readings_without_a_low_one_are_read_without_numpy() -> None:
    code = "import sys, priorauth.glucose.evidence, priorauth.record.read; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
