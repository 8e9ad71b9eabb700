"""Synthetic members, their coverage, and whom everyone refers to."""

from __future__ import annotations

import json

from priorauth.synthetic import members
from tests.pens import AS_OF, pen, read


def test_every_member_is_born_before_the_export_and_has_an_identifier() -> None:
    found = read(members.patients(pen()))
    assert len({one["id"] for one in found}) == 300
    assert all(one["birthDate"] < "2026-11-21" for one in found)
    assert all(one["identifier"][0]["value"] == f"M{one['id']}" for one in found)


def test_every_payor_is_an_organization_of_the_export() -> None:
    organizations = {f"Organization/{json.loads(line)['id']}" for line in members.organizations().splitlines()}
    found = read(members.coverages(pen(1_000)))
    assert {one["payor"][0]["reference"] for one in found} <= organizations
    assert 980 < len(found) <= 1_000
    assert all(one["period"].get("end", "9999") >= one["period"]["start"] for one in found)
    assert AS_OF > 0


def test_clinicians_differ() -> None:
    found = read(members.practitioners())
    assert len({one["id"] for one in found}) == len({one["identifier"][0]["value"] for one in found}) == len(found)
