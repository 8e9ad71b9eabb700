"""Who signs gives her password or passkey again."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from priorauth.server.service import Service
from priorauth.workbench.signin import sessions, signing
from priorauth.workbench.signin.sessions import Session
from tests.ledger.house import TENANT
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import OTHER, PASSWORD


class _App:
    def __init__(self, service: Service) -> None:
        self.state = type("State", (), {"service": service})()


def _asked(door: Door) -> Request:
    app = _App(door.running.service)
    return Request(
        {"type": "http", "method": "POST", "path": "/", "headers": [], "client": ("127.0.0.1", 1), "app": app}
    )


@pytest.fixture
def hers(door: Door) -> Session:
    return sessions.begin(door.store, TENANT, "dora", door.now, strong=False).session


def test_a_password_that_comes_with_the_form_signs_once(door: Door, hers: Session) -> None:
    asked = _asked(door)
    assert signing.unproved(asked, hers, "", door.now) == "Type your password again, or use your passkey, to sign."
    assert "The password is wrong." in str(signing.unproved(asked, hers, OTHER, door.now))
    assert signing.unproved(asked, hers, PASSWORD, door.now) is None
    assert signing.unproved(asked, hers, "", door.now) is not None


def test_a_passkey_that_was_just_used_signs_once(door: Door, hers: Session) -> None:
    sessions.confirm(door.store, hers, door.now)
    assert [signing.unproved(_asked(door), hers, "", door.now) is None for _ in range(2)] == [True, False]


def test_a_wrong_password_does_not_use_what_was_confirmed_and_does_not_sign(door: Door, hers: Session) -> None:
    sessions.confirm(door.store, hers, door.now)
    assert signing.unproved(_asked(door), hers, OTHER, door.now) is not None
    assert signing.unproved(_asked(door), hers, "", door.now) is None


def test_on_an_open_server_nothing_is_asked(open_door: Door) -> None:
    session = sessions.begin(open_door.store, TENANT, "dora", open_door.now, strong=False).session
    assert signing.unproved(_asked(open_door), session, "", open_door.now) is None
