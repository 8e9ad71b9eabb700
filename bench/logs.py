"""How fast an Apple Health export is read, and in how much memory: made up, one record in twenty of glucose.

python bench/logs.py [MEGABYTES]    # 1024 if left out; the file is made in a folder of its own and removed
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from priorauth.glucose.stream import read_log

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n'
_GLUCOSE: Final = (
    ' <Record type="HKQuantityTypeIdentifierBloodGlucose" sourceName="Dexcom G7" sourceVersion="2.1.0" unit="mg/dL" '
    'creationDate="{at}" startDate="{at}" endDate="{at}" value="{value}">\n'
    '  <MetadataEntry key="HKMetadataKeySyncVersion" value="1"/>\n </Record>\n'
)
_OTHER: Final = (
    ' <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" sourceVersion="10.1" '
    'device="&lt;&lt;HKDevice: 0x281d5c5a0&gt;, name:Watch, manufacturer:Apple Inc., model:Watch&gt;" unit="count/min" '
    'creationDate="{at}" startDate="{at}" endDate="{at}" value="62"/>\n'
)
_BEGIN: Final = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
_EVERY: Final = 20


def make(path: Path, megabytes: int) -> int:
    """Write an export of at least so many megabytes; return how many readings it holds."""
    readings = written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        while written < megabytes << 20:
            at = (_BEGIN + dt.timedelta(minutes=5 * readings)).strftime("%Y-%m-%d %H:%M:%S %z")
            part = _GLUCOSE.format(at=at, value=100 + readings % 90) + _OTHER.format(at=at) * (_EVERY - 1)
            readings += 1
            written += file.write(part)
        file.write("</HealthData>\n")
    return readings


def most() -> float:
    """Return the most memory that this program had at once, in MiB; Linux tells it without that of who started it."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # macOS counts in bytes
    lines = status.read_text(encoding="ascii").splitlines()
    return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0]) / 1024


def main() -> None:
    """Make, read, and say how fast and in how much memory."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        expected = make(path, megabytes)
        began = time.process_time()
        (stream,) = read_log(path).streams
        seconds = time.process_time() - began
        if len(stream) != expected:
            raise SystemExit(f"expected {expected} readings, found {len(stream)}")
        rate, peak = path.stat().st_size / seconds / 1e6, most()
    print(
        f"{megabytes} MiB, {expected:,} readings: {rate:.0f} MB/s of processor time, at most {peak:.0f} MiB of memory"
    )


if __name__ == "__main__":
    main()
