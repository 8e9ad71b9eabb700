"""Passkeys, with an authenticator in software."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request

from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import passkeys, sessions
from priorauth.workbench.signin.passkeys import Site
from priorauth.workbench.signin.sessions import Session
from tests.ledger.house import NOW, TENANT, furnish
from tests.workbench.signin.key import PRESENT, Key
from tests.workbench.signin.plan import told

HERE = Site("localhost", ("https://localhost", "http://localhost"))
MINUTE = timedelta(minutes=1)


def _session(store: Store, who: str = "dora") -> Session:
    return sessions.begin(store, TENANT, who, NOW, strong=False).session


def _added(store: Store, session: Session, key: Key) -> None:
    options = passkeys.ask_new(store, session, HERE, NOW)
    passkeys.add(store, session, HERE, key.made(options), NOW, title="laptop")


def _proved(store: Store, key: Key, at: Site = HERE, person: str | None = None, bound: str = "browser") -> str | None:
    options = passkeys.ask_proof(store, TENANT, at, NOW, bound="browser", person=person)
    return passkeys.proved(store, TENANT, at, key.proof(options), NOW, bound=bound, person=person)


def test_a_passkey_is_added_and_signs_in_without_a_name(store: Store) -> None:
    furnish(store)
    key, session = Key(), _session(store)
    _added(store, session, key)
    assert _proved(store, key) == "dora"
    assert _proved(store, key) == "dora"
    (one,) = passkeys.listed(store, TENANT, "dora")
    assert (one.title, one.made_at, one.used_at, one.synced) == ("laptop", NOW, NOW, False)
    assert [found["person"] for found in told(store, "passkey-added")] == ["dora"]


def test_the_browser_is_asked_for_a_key_that_verifies_its_person_and_not_for_one_that_is_there(store: Store) -> None:
    furnish(store)
    key, session = Key(), _session(store)
    _added(store, session, key)
    asked = passkeys.ask_new(store, session, HERE, NOW)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["rp"]["id"] == "localhost"
    assert len(asked["excludeCredentials"]) == 1
    assert "dora" not in asked["user"]["id"]
    proof = passkeys.ask_proof(store, TENANT, HERE, NOW, bound="browser")
    assert (proof["userVerification"], proof.get("allowCredentials", [])) == ("required", [])
    again = passkeys.ask_proof(store, TENANT, HERE, NOW, bound="browser", person="dora")
    assert [one["transports"] for one in again["allowCredentials"]] == [["internal"]]


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}, {"flags": 0}],
    ids=["another origin", "another site", "nobody verified", "nobody there"],
)
def test_what_was_made_elsewhere_or_without_its_person_is_not_kept(store: Store, wrong: dict[str, Any]) -> None:
    furnish(store)
    with pytest.raises(Refusal, match="does not hold"):
        _added(store, _session(store), Key(**wrong))
    good = Key()
    _added(store, _session(store), good)
    bad = Key(private=good.private, **wrong)
    assert _proved(store, bad) is None
    assert [one["how"] for one in told(store, "sign-in-failed")] == ["passkey"]


def test_an_answer_counts_once_in_time_and_where_it_was_asked(store: Store) -> None:
    furnish(store)
    key, session = Key(), _session(store)
    options = passkeys.ask_new(store, session, HERE, NOW)
    for other, now in ((_session(store), NOW), (_session(store, "nina"), NOW), (session, NOW)):
        with pytest.raises(Refusal, match="too long, or was asked elsewhere"):
            passkeys.add(store, other, HERE, key.made(options), now, title="")
    options = passkeys.ask_new(store, session, HERE, NOW)
    with pytest.raises(Refusal, match="too long"):
        passkeys.add(store, session, HERE, key.made(options), NOW + 5 * MINUTE, title="")
    _added(store, session, key)
    asked = passkeys.ask_proof(store, TENANT, HERE, NOW, bound="browser")
    answer = key.proof(asked)
    assert passkeys.proved(store, TENANT, HERE, answer, NOW, bound="browser") == "dora"
    assert passkeys.proved(store, TENANT, HERE, answer, NOW, bound="browser") is None
    assert _proved(store, key, bound="another browser") is None
    asked = passkeys.ask_proof(store, TENANT, HERE, NOW, bound="browser")
    assert passkeys.proved(store, TENANT, HERE, key.proof(asked), NOW + 5 * MINUTE, bound="browser") is None


def test_to_sign_it_has_to_be_her_own_and_asked_for_that(store: Store) -> None:
    furnish(store)
    hers, other = Key(), Key(id=b"another passkey")
    _added(store, _session(store), hers)
    _added(store, _session(store, "nina"), other)
    assert _proved(store, hers, person="dora") == "dora"
    assert _proved(store, other, person="dora") is None
    asked = passkeys.ask_proof(store, TENANT, HERE, NOW, bound="browser")
    assert passkeys.proved(store, TENANT, HERE, hers.proof(asked), NOW, bound="browser", person="dora") is None


def test_a_copy_whose_counter_is_behind_is_refused(store: Store) -> None:
    furnish(store)
    key = Key()
    _added(store, _session(store), key)
    copy = Key(private=key.private)
    assert [_proved(store, key) for _ in range(3)] == ["dora"] * 3
    assert _proved(store, copy) is None


def test_a_forgers_key_is_refused(store: Store) -> None:
    furnish(store)
    _added(store, _session(store), Key())
    assert _proved(store, Key()) is None
    assert _proved(store, Key(id=b"nobody's")) is None


def test_the_same_passkey_is_kept_once_and_a_person_has_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(store)
    session, key = _session(store), Key()
    _added(store, session, key)
    with pytest.raises(Refusal, match="is kept already"):
        _added(store, session, key)
    monkeypatch.setattr(passkeys, "MOST", 1)
    with pytest.raises(Refusal, match="at most 1 passkeys"):
        _added(store, session, Key(id=b"a second"))


def test_she_removes_her_own_alone(store: Store) -> None:
    furnish(store)
    key = Key()
    _added(store, _session(store), key)
    (one,) = passkeys.listed(store, TENANT, "dora")
    assert not passkeys.remove(store, _session(store, "nina"), one.id, NOW)
    assert passkeys.remove(store, _session(store), one.id, NOW)
    assert passkeys.listed(store, TENANT, "dora") == []
    assert _proved(store, key) is None
    assert [found["person"] for found in told(store, "passkey-removed")] == ["dora"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"response": {}},
        {"response": {"clientDataJSON": "!"}},
        {"response": {"clientDataJSON": "W10"}},
        {"response": 7},
        {"id": 7, "response": {"clientDataJSON": None}},
    ],
)
def test_nonsense_is_no_answer(store: Store, answer: dict[str, Any]) -> None:
    furnish(store)
    assert passkeys.proved(store, TENANT, HERE, answer, NOW, bound="browser") is None
    with pytest.raises(Refusal):
        passkeys.add(store, _session(store), HERE, answer, NOW, title="")


def test_an_answer_with_the_right_challenge_and_nonsense_beside_it_does_not_hold(store: Store) -> None:
    furnish(store)
    key, session = Key(), _session(store)
    options = passkeys.ask_new(store, session, HERE, NOW)
    answer = key.made(options)
    answer["response"]["attestationObject"] = "AAAA"
    answer["response"]["transports"] = "usb"
    with pytest.raises(Refusal, match="does not hold"):
        passkeys.add(store, session, HERE, answer, NOW, title="")
    _added(store, session, key)
    for name in ("signature", "authenticatorData"):
        asked = passkeys.ask_proof(store, TENANT, HERE, NOW, bound="browser")
        proof = key.proof(asked)
        proof["response"][name] = "AAAA"
        assert passkeys.proved(store, TENANT, HERE, proof, NOW, bound="browser") is None


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("pa.example", Site("pa.example", ("https://pa.example",))),
        ("pa.example:8443", Site("pa.example", ("https://pa.example:8443",))),
        ("localhost:8080", Site("localhost", ("https://localhost:8080", "http://localhost:8080"))),
    ],
)
def test_a_passkey_is_for_the_host_that_was_asked(host: str, site: Site) -> None:
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [(b"host", host.encode())]})
    assert passkeys.site(request) == site
