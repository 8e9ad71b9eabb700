"""The software bill of materials: sbom.json in CycloneDX 1.6, written from the lock files and from nothing else.

Scope says who needs a package: `required` everyone, `optional` one of the extras, `excluded` only its builders.
No time, no serial number: the same lock files give the same bytes. Hashes of every archive stand in the lock files.

    python tools/sbom.py            write sbom.json
"""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SBOM = ROOT / "sbom.json"

# Narrowest first: a package has the scope of the first lock file that holds it.
SCOPES = {"runtime.lock": "required", "all.lock": "optional", "dev.lock": "excluded"}

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)")
WANTED_BY = re.compile(r"    #(?: via|  ) (?P<name>[a-z0-9][a-z0-9._-]*)(?: \(.*\))?")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package at one version in a lock file, with the names of the packages that want it."""

    name: str
    version: str
    wanted_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        """The package's URL, which is also its name within the SBOM."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(text: str) -> list[Pin]:
    """Read the pins of one lock file in its order."""
    pins: list[Pin] = []
    for line in text.splitlines():
        if pin := PIN.match(line):
            pins.append(Pin(pin["name"], pin["version"], ()))
        elif pins and (by := WANTED_BY.fullmatch(line)):
            last = pins[-1]
            pins[-1] = Pin(last.name, last.version, (*last.wanted_by, by["name"]))
    return pins


def sbom(root: Path) -> dict[str, object]:
    """Build the bill of materials of the project that stands in `root`."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    locks = {lock: read_lock((root / "requirements" / lock).read_text("utf-8")) for lock in SCOPES}
    scope: dict[str, str] = {}
    for lock, pins in locks.items():
        for pin in pins:
            scope.setdefault(pin.purl, SCOPES[lock])

    everything = sorted(locks["dev.lock"], key=lambda pin: pin.purl)
    itself = f"pkg:pypi/{project['name']}@{project['version']}"
    refs = {project["name"]: [itself]}
    for pin in everything:
        refs.setdefault(pin.name, []).append(pin.purl)
    needs: dict[str, list[str]] = {ref: [] for names in refs.values() for ref in names}
    for pin in everything:
        for name in pin.wanted_by:
            for ref in refs[name]:
                needs[ref].append(pin.purl)

    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": itself,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": itself,
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": pin.purl,
                "name": pin.name,
                "version": pin.version,
                "scope": scope[pin.purl],
                "purl": pin.purl,
            }
            for pin in everything
        ],
        "dependencies": [{"ref": ref, "dependsOn": needs[ref]} for ref in sorted(needs)],
    }


def as_text(bill: dict[str, object]) -> str:
    """Spell a bill of materials as it stands in sbom.json."""
    return json.dumps(bill, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SBOM.write_text(as_text(sbom(ROOT)), "utf-8")
    print(f"{SBOM.name}: written")
