"""The bill of materials says what the lock files say, and nothing priorauth needs asks for more than attribution."""

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from tests.parts import need
from tools.sbom import ROOT, SBOM, Pin, as_text, read_lock, sbom

LOCKS = ["runtime.lock", "all.lock", "dev.lock"]
BILL = json.loads(SBOM.read_text("utf-8"))

# Licences that ask for attribution at most, by SPDX id and by the names that older packages use.
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "MIT",
    "MIT License",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Apache Software License",
    "Zlib",
}
# What is neither, and why it may be there all the same.
EXCEPTED = {
    "certifi": {"MPL-2.0"},
    "psycopg": {"LGPL-3.0-only"},  # of the extra `postgresql` alone, an unchanged library beside ours
    "psycopg-binary": {"LGPL-3.0-only"},
    # Words of its own: the binding is BSD-3-Clause or Apache-2.0, "dependency licenses" those of PDFium (BSD) and of
    # what is linked into it, whose texts its wheel has. Copyleft stands in them twice, each time with an exception for
    # who uses the program: scripts that configure ICU, the GCC runtime of wheels for musl. Other words: read anew.
    "pypdfium2": {"BSD-3-Clause, Apache-2.0, dependency licenses"},
    # Of three licences, the third is chosen: the MPL asks nothing of what stands beside its files.
    "pyphen": {
        "GNU General Public License v2 or later (GPLv2+)",
        "GNU Lesser General Public License v2 or later (LGPLv2+)",
        "Mozilla Public License 1.1 (MPL 1.1)",
    },
}


def lock_text(lock: str) -> str:
    return (ROOT / "requirements" / lock).read_text("utf-8")


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z][^\s;\\]*==[^\s;\\]+", lock_text(lock), flags=re.MULTILINE))


def elsewhere() -> set[str]:
    """The packages that the lock has for another machine or another Python than this one."""
    lines = re.findall(r"^([a-z][^\s;\\]*)==[^\s;\\]+ ; ([^\\]+?) \\$", lock_text("dev.lock"), flags=re.MULTILINE)
    here = {name for name, marker in lines if Marker(marker).evaluate()}
    return {name for name, _ in lines} - here


def names(*scopes: str) -> list[str]:
    return sorted({component["name"] for component in BILL["components"] if component["scope"] in scopes})


def licences(package: str) -> set[str]:
    """The licences that an installed package states, in the newest of the three ways in which it may state them."""
    stated = metadata.metadata(package)
    if "License-Expression" in stated:
        return set(re.split(r" AND | OR ", stated["License-Expression"]))
    classifiers = [line for line in stated.get_all("Classifier") or [] if line.startswith("License :: ")]
    return {line.rsplit(" :: ", 1)[1] for line in classifiers} or set(stated.get_all("License") or ["none stated"])


def test_sbom_json_is_what_make_sbom_would_write_today() -> None:
    assert SBOM.read_text("utf-8") == as_text(sbom(ROOT)), "run `make sbom`"


def test_the_sbom_lists_every_locked_package_once_and_no_other() -> None:
    listed = [f"{component['name']}=={component['version']}" for component in BILL["components"]]
    assert sorted(listed) == sorted(pins("dev.lock"))


def test_every_dependency_in_the_sbom_is_a_listed_component() -> None:
    listed = {component["bom-ref"] for component in BILL["components"]} | {BILL["metadata"]["component"]["bom-ref"]}
    assert {entry["ref"] for entry in BILL["dependencies"]} == listed
    assert {ref for entry in BILL["dependencies"] for ref in entry["dependsOn"]} <= listed


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_by_hash(lock: str) -> None:
    unhashed = [
        block.split()[0]
        for block in re.split(r"^(?=[a-z])", lock_text(lock), flags=re.MULTILINE)[1:]
        if "--hash=sha256:" not in block
    ]
    assert unhashed == []


def test_users_and_builders_get_the_same_versions() -> None:
    assert pins("runtime.lock") <= pins("all.lock") <= pins("dev.lock")


def test_every_package_named_in_pyproject_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = project["dependencies"] + [line for extra in sorted(extras) if extra != "spark" for line in extras[extra]]
    bare = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in named} - {"priorauth"}
    assert bare - {pin.split("==")[0] for pin in pins("dev.lock")} == set(), "run `make lock`"


@pytest.mark.parametrize("package", sorted({*names("required", "optional")} - elsewhere()))
def test_no_package_that_users_install_has_a_copyleft_licence(package: str) -> None:
    installed = {canonicalize_name(distribution.name) for distribution in metadata.distributions()}
    need(package in installed, f"{package} has no wheel for this machine")
    assert licences(package) <= PERMISSIVE or licences(package) == EXCEPTED.get(package)


def test_a_lock_says_who_wants_a_package() -> None:
    lock = """\
# This file was autogenerated
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:00
    # via pytest
numpy==2.4.6 \\
    --hash=sha256:00
    # via
    #   -c dev.lock
    #   numba
    #   priorauth (../pyproject.toml)
"""
    assert read_lock(lock) == [Pin("colorama", "0.4.6", ("pytest",)), Pin("numpy", "2.4.6", ("numba", "priorauth"))]


def test_an_sbom_is_the_same_bytes_wherever_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    for lock in LOCKS:
        (tmp_path / "requirements" / lock).write_text(lock_text(lock), "utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    assert as_text(sbom(tmp_path)) == as_text(sbom(ROOT))
