"""The tenants of a server."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from priorauth.errors import LedgerRefused, PolicyFaults
from priorauth.ledger.acts.policies import ProposeReading, PublishReading
from priorauth.ledger.acts.setup import AddPerson, GrantRole
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server import tenants
from tests.ledger import house
from tests.server.running import Moment


def _titles(stores: dict[str, Store]) -> dict[str, tuple[str, dict[str, object]]]:
    from sqlalchemy import select

    from priorauth.ledger import tables as t

    found = {}
    for name, store in stores.items():
        with store.reading(name) as connection:
            row = connection.execute(select(t.tenant).where(t.tenant.c.tenant == name)).mappings().one()
        found[name] = (row["name"], row["settings"])
    return found


def test_a_new_database_gets_the_tenant_that_is_named(url: str) -> None:
    with ExitStack() as closing:
        stores = tenants.opened(url, "north", None, Moment(), closing)
        assert _titles(stores) == {"north": ("north", {})}


def test_a_file_keeps_its_tenant(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    for name in ("north", None):
        with ExitStack() as closing:
            assert list(tenants.opened(url, name, None, Moment(), closing)) == ["north"]
    with ExitStack() as closing, pytest.raises(LedgerRefused, match="one file holds one tenant"):
        tenants.opened(url, "south", None, Moment(), closing)


def test_a_folder_holds_a_file_for_each_tenant_and_its_settings_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "north.yaml").write_text("title: North\nsettings: {approve_by_rule: 'no'}\n", "utf-8")
    (tmp_path / "south.yaml").write_text(f"title: South\ndb: sqlite:///{tmp_path / 'elsewhere.db'}\n", "utf-8")
    with ExitStack() as closing:
        found = _titles(tenants.opened(None, None, tmp_path, Moment(), closing))
    assert found == {"north": ("North", {"approve_by_rule": False}), "south": ("South", {})}
    assert {path.name for path in tmp_path.glob("*.db")} == {"north.db", "elsewhere.db"}
    (tmp_path / "north.yaml").write_text("title: North of here\n", "utf-8")
    with ExitStack() as closing:
        stores = tenants.opened(None, "north", tmp_path, Moment(), closing)
        assert _titles(stores) == {"north": ("North of here", {})}


def test_a_file_of_settings_leaves_what_two_people_published(tmp_path: Path) -> None:
    (tmp_path / "north.yaml").write_text("title: North\n", "utf-8")
    with ExitStack() as closing:
        store = tenants.opened(None, None, tmp_path, Moment(), closing)["north"]
        for person, role in (("ana", "analyst"), ("dora", "director")):
            house.done(store, AddPerson(person=person, title=person), Who("north", None, "system"))
            granted = GrantRole(person=person, role=role, valid_from=house.FIRST)
            house.done(store, granted, Who("north", None, "system"))
        act = ProposeReading(
            policy="masshealth/insulin-pumps",
            reading="hba1c_age",
            value="6 months",
            first=house.NOW.date(),
            why="as agreed",
        )
        number = house.done(store, act, Who("north", "ana", "analyst")).more["proposal"]
        house.done(store, PublishReading(proposal=number, why="I agree"), Who("north", "dora", "director"))
    for text in ("title: North\n", "title: North\nsettings: {log_zone: UTC}\n"):
        (tmp_path / "north.yaml").write_text(text, "utf-8")
        with ExitStack() as closing:
            _, settings = _titles(tenants.opened(None, None, tmp_path, Moment(), closing))["north"]
        assert "6 months" in str(settings.pop("published"))
        assert settings == ({"log_zone": "UTC"} if "settings" in text else {})


def test_one_database_of_a_server_may_hold_every_tenant_of_a_folder(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "tenants"
    folder.mkdir()
    for name in ("north", "south"):
        (folder / f"{name}.yaml").write_text(f"title: {name.title()}\n", "utf-8")
    with ExitStack() as closing:
        stores = tenants.opened(url, None, folder, Moment(), closing)
        assert {name: title for name, (title, _) in _titles(stores).items()} == {"north": "North", "south": "South"}
        assert (stores["north"] is stores["south"]) == (not url.startswith("sqlite"))


@pytest.mark.parametrize("text", ["titel: North\n", "settings: none\n"])
def test_a_tenants_file_with_a_slip_names_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "north.yaml").write_text(text, "utf-8")
    with ExitStack() as closing, pytest.raises(PolicyFaults, match=r"north\.yaml:1: expected"):
        tenants.opened(None, None, tmp_path, Moment(), closing)


def test_a_folder_without_tenants_and_a_name_that_cannot_be_one_are_refused(tmp_path: Path) -> None:
    with ExitStack() as closing, pytest.raises(LedgerRefused, match=r"NAME\.yaml"):
        tenants.opened(None, None, tmp_path, Moment(), closing)
    with pytest.raises(LedgerRefused, match="letters, digits"):
        tenants.named("a plan")
