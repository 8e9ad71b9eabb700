"""The HL7 validator, asked once of all that a run has sent and was told, each by the guides of its version.

What it says is an error of ours, save what suppressions.yaml lists: what the kits themselves leave aside, and what
cannot be judged where a guide or a terminology is not at hand.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from tests.parts import need

ROOT: Final = Path(__file__).resolve().parents[3]
HOME: Final = ROOT / "tests" / "peers" / "validator"
BUILT: Final = HOME / "target" / "classpath"
BUILD: Final = "mvn -q -B -f tests/peers/validator/pom.xml process-classes"
SUPPRESSED: Final = Path(__file__).with_name("suppressions.yaml")
PACKAGES: Final = {"2.0": ("packages/2.0",), "2.2": ("packages", "packages/2.2")}
Json = dict[str, Any]


class Said(NamedTuple):
    """An error that the validator finds: its kind, the place and the text."""

    kind: str
    place: str
    text: str


class Aside(NamedTuple):
    """Messages that are left aside: of a kind, whose text and place are like this, and why. ``of``: kits or limits."""

    of: str
    kind: str
    text: str
    why: str
    place: str = ""


def name_of(document: Json) -> str:
    """Return the name under which a document is held against the guides."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:24]


@cache
def aside() -> tuple[Aside, ...]:
    """Return what is left aside."""
    said = yaml.load(SUPPRESSED.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(Aside(of=of, **one) for of in ("kits", "limits") for one in said[of])


@cache
def options() -> tuple[str, ...]:
    """Return what the validator is told of guides and terminologies that are not at hand."""
    said = yaml.load(SUPPRESSED.read_text("utf-8"), Loader=yaml.CSafeLoader)
    listed = [("--take", said["taken"]), ("--stand-in", said["stand-ins"])]
    return ("--no-terminology", *(part for name, urls in listed for url in urls for part in (name, url)))


def left(said: Said) -> Aside | None:
    """Return by which rule a message is left aside; None where it counts."""
    return next(
        (
            one
            for one in aside()
            if re.fullmatch(one.kind, said.kind) and re.search(one.text, said.text) and re.search(one.place, said.place)
        ),
        None,
    )


def asked(folder: Path, documents: Mapping[str, Iterable[Json]]) -> dict[str, list[Said]]:
    """Return by name what is wrong with documents, by version of the guides; what is left aside is among it."""
    need(shutil.which("java"), "Java 17 runs the HL7 validator: apt install openjdk-17-jdk-headless maven")
    need(BUILT.is_file(), f"the HL7 validator is not built: {BUILD}")
    jars = BUILT.read_text("utf-8")
    command = ["java", "-Xmx3g", "-cp", f"{BUILT.parent / 'classes'}:{jars}", "Validate"]
    count, found = 0, {}
    for place, (version, listed) in enumerate(documents.items()):
        within = folder / version
        within.mkdir()
        for one in listed:
            (within / f"{name_of(one)}.json").write_text(json.dumps(one, ensure_ascii=False), "utf-8")
            found[name_of(one)] = list[Said]()
        count += len(list(within.iterdir()))
        guides = [path for name in PACKAGES[version] for path in sorted((HOME / name).glob("*.tgz"))]
        parts = [part for path in guides for part in ("--package", str(path))]
        command += [*(["--and"] if place else []), "--lenient", *options(), *parts, str(within)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=1800)
    *lines, last = ran.stdout.splitlines() or [""]
    assert last.startswith(f"# {count} files"), ran.stderr[-2000:]
    for line in lines:
        _, file, severity, kind, where, text = line.split("\t", 5)
        if severity in {"ERROR", "FATAL"}:
            found[file.removesuffix(".json")].append(Said(kind, where, text))
    return found
