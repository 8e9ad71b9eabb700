"""Who is let in, over HTTP: by which token to what, with which certificate, and what each of the others is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from priorauth.exchange.guard.proxy import thumbprint
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.store import Store
from priorauth.server.limits import Buckets
from tests.exchange.guard.partner import (
    ALGORITHMS,
    BASE,
    HOOK,
    HOST,
    Door,
    Speaker,
    at,
    bytes_as,
    certificate,
    guarding,
    key,
    partners,
    signed,
    text,
)
from tests.exchange.house import PLAN, both
from tests.ledger import house
from tests.ledger.conftest import copied

EHR = Speaker()


@both
@pytest.mark.shall("CDS Hooks/176", "CDS Hooks/199", "CRD 2.2.1/sec-1", "CRD 2.0.1/87")
@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_hook_is_called_with_a_token_that_its_client_signed(store: Store, alg: str) -> None:
    with guarding(store) as door:
        found = door.hook(Speaker(key=key(alg, alg)).hook(door.now))
        assert (found.status_code, found.json()["client"]) == (200, "clinic-ehr")


@pytest.mark.parametrize(
    "aud",
    [HOOK, f"{HOOK}/", f"{BASE}/2.2/cds-services", f"{BASE}/2.2/cds-services/", ["https://x.example", HOOK]],
)
def test_the_token_of_a_hook_is_for_its_address_or_for_that_of_discovery(door: Door, aud: object) -> None:
    assert door.hook(EHR.hook(door.now, aud=aud)).status_code == 200


@pytest.mark.shall("CDS Hooks/176", "CDS Hooks/201", "CDS Hooks/203")
@pytest.mark.parametrize(
    ("lies", "said"),
    [
        ({"aud": BASE}, "aud"),
        ({"aud": f"{BASE}/2.0/cds-services/order-sign-crd"}, "aud"),
        ({"aud": "https://other.example/plan/2.2/cds-services/order-sign-crd"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": None}, "aud"),
        ({"iss": "https://ehr.clinic.example.evil"}, "iss"),
        ({"iss": None}, "iss"),
        ({"jti": None}, "jti"),
        ({"iat": None}, "iat"),
        ({"exp": None}, "exp"),
        ({"exp": 10**400}, "exp"),
        ({"exp": True}, "exp"),
    ],
)
def test_the_token_of_a_hook_that_says_something_else_is_refused_and_nothing_is_done(
    door: Door, lies: dict[str, Any], said: str
) -> None:
    found = door.hook(EHR.hook(door.now, **lies))
    assert found.status_code == 401
    assert found.json()["issue"][0]["diagnostics"].startswith(said)
    assert 'error="invalid_token"' in found.headers["www-authenticate"]


@pytest.mark.shall("CDS Hooks/201", "CDS Hooks/203")
def test_unsigned_wrongly_signed_late_and_early_tokens_are_refused(door: Door) -> None:
    claims = EHR.hook_claims(door.now)
    strange = [
        f"{text({'alg': 'none', 'kid': 'one', 'typ': 'JWT'})}.{text(claims)}.",
        signed({"alg": "HS256", "kid": "one", "typ": "JWT"}, claims, key()),
        signed({"alg": "ES384", "kid": "one", "typ": "JWT"}, claims, key("ES384", "other")),
        EHR.hook(door.now, exp=at(door.now, minutes=-2)),
        EHR.hook(door.now, exp=at(door.now, minutes=30)),
        EHR.hook(door.now, iat=at(door.now, minutes=2)),
        EHR.hook(door.now, nbf=at(door.now, minutes=2)),
        EHR.hook(door.now, header={"kid": "unknown"}),
        EHR.hook(door.now, header={"kid": None}),
        EHR.hook(door.now, header={"crit": ["exp"]}),
        EHR.hook(door.now, header={"typ": "at+jwt"}),
    ]
    assert [door.hook(one).status_code for one in strange] == [401] * len(strange)


@both
@pytest.mark.shall("CDS Hooks/176")
def test_the_token_of_a_hook_is_used_once_by_whichever_server(store: Store) -> None:
    with guarding(store) as one, guarding(store) as other:
        said = EHR.hook(one.now)
        assert [door.hook(said).status_code for door in (one, other, one)] == [200, 401, 401]


def test_an_address_of_keys_that_a_token_names_has_to_be_the_registered_one_and_is_never_asked(store: Store) -> None:
    asked: list[str] = []
    at_home = "https://ehr.clinic.example/jwks"
    with guarding(store, {"partners": partners(jwks_uri=at_home)}) as door:

        async def ask(address: str, _: object) -> bytes:
            asked.append(address)
            return b'{"keys": []}'

        door.guard.ring._ask = ask  # noqa: SLF001 - what would be asked of the world
        assert door.hook(EHR.hook(door.now, header={"jku": at_home})).status_code == 200
        for jku in ("https://evil.example/jwks", f"{at_home}/", "http://169.254.169.254/"):
            found = door.hook(EHR.hook(door.now, header={"jku": jku}))
            assert (found.status_code, "jku" in found.text) == (401, True)
        assert asked == []


def test_a_partner_that_names_its_tenants_calls_for_those_alone(store: Store) -> None:
    with guarding(store, {"partners": partners(tenants=["north"])}) as door:
        said = [EHR.hook(door.now, tenant=one) for one in ("north", "south", None)]
        assert [door.hook(one).status_code for one in said] == [200, 401, 401]


def test_feedback_is_sent_with_a_token_for_the_service_or_for_its_feedback(door: Door) -> None:
    for aud in (HOOK, f"{HOOK}/feedback"):
        found = door.hook(EHR.hook(door.now, aud=aud), "order-sign-crd/feedback")
        assert found.status_code == 200, found.text


@pytest.mark.shall(
    *("DTR 2.2.0/spec-120", "DTR 2.0.1/151", "DTR 2.0.1/24", "DTR 2.0.1/331", "DTR 2.0.1/333", "DTR 2.0.1/335"),
    *("PAS 2.0.1/196", "PAS 2.0.1/198", "CRD 2.0.1/84", "CRD 2.0.1/86"),
)
def test_without_a_token_nothing_is_told_but_what_everybody_may_know(door: Door) -> None:
    for path in ("/2.2/fhir/Claim/$submit", "/2.0/fhir/Claim/$inquire", "/2.2/cds-services/order-sign-crd"):
        found = door.submit(None, path)
        assert found.status_code == 401
        assert found.json()["resourceType"] == "OperationOutcome"
        assert found.headers["www-authenticate"].startswith(f'Bearer realm="{BASE}"')
    for path in ("/2.2/cds-services", "/2.2/fhir/metadata", "/2.0/fhir/.well-known/smart-configuration"):
        assert door.running.client.get(f"/plan{path}").status_code == 200


def test_a_token_opens_what_its_scopes_say(door: Door) -> None:
    writes = door.token(scope="system/Claim.c")
    assert door.submit(writes).status_code == 200
    found = door.submit(writes, "/2.2/fhir/Claim/$inquire")
    assert found.status_code == 403
    assert 'error="insufficient_scope"' in found.headers["www-authenticate"]
    assert "system/Claim.r" in found.headers["www-authenticate"]
    assert door.submit(door.token(scope="system/*.read"), "/2.2/fhir/Claim/$inquire").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä", "x" * 20_000, f"patoken.plan.{'t' * 43}"])
def test_what_is_no_token_of_ours_opens_nothing(door: Door, token: str) -> None:
    assert door.submit(None, Authorization=f"Bearer {token}".encode()).status_code == 401  # type: ignore[arg-type] # bytes are sent as they are
    assert door.submit(None, Authorization=f"Basic {token}".encode()).status_code == 401  # type: ignore[arg-type] # as above


def test_the_assertion_itself_and_the_token_of_a_hook_are_no_access_tokens(door: Door) -> None:
    for said in (EHR.assertion(door.now), EHR.hook(door.now), EHR.assertion(door.now, header={"typ": "at+jwt"})):
        assert door.submit(said).status_code == 401
    assert door.hook(door.token()).status_code == 401


def test_the_token_of_one_plan_is_nothing_to_another(store: Store, migrated: Path) -> None:
    with copied(migrated) as elsewhere, guarding(store) as door:
        said = {"exchange": {**PLAN, "base": HOST, "partners": partners()}}
        who = house.SYSTEM._replace(tenant="other")
        house.done(elsewhere, SetUp(title="Another plan", zone="America/New_York", settings=said), who)
        door.running.service.stores["other"] = elsewhere  # type: ignore[index] # a dict, in a test
        there = Door(door.running, "other")
        assert there.submit(door.token()).status_code == 401
        assert there.ask(door.form()).status_code == 401
        other = Speaker()
        own = there.ask(there.form(client_assertion=other.assertion(there.now, aud=f"{HOST}/other/oauth/token")))
        assert there.submit(own.json()["access_token"]).status_code == 200
        assert door.submit(own.json()["access_token"]).status_code == 401


@pytest.mark.shall("CDS Hooks/176")
def test_the_token_of_a_hook_of_one_plan_is_nothing_to_another(store: Store, migrated: Path) -> None:
    with copied(migrated) as elsewhere, guarding(store) as door:
        said = {"exchange": {**PLAN, "base": HOST, "partners": partners()}}
        who = house.SYSTEM._replace(tenant="other")
        house.done(elsewhere, SetUp(title="Another plan", zone="America/New_York", settings=said), who)
        door.running.service.stores["other"] = elsewhere  # type: ignore[index] # a dict, in a test
        assert Door(door.running, "other").hook(EHR.hook(door.now)).status_code == 401
        assert door.hook(EHR.hook(door.now)).status_code == 200


def test_a_token_ends_with_the_key_by_which_it_was_asked_for_and_with_its_partner(store: Store) -> None:
    with guarding(store) as door:
        found, other = door.token(), door.token(Speaker(key=key("RS384", "RS384")))

        def registered(**more: Any) -> None:
            said = {**PLAN, "base": HOST, **more}
            house.done(store, SetUp(title="A plan", zone="America/New_York", settings={"exchange": said}))

        registered(partners=partners(jwks={"keys": [key("RS384", "RS384").as_dict(private=False)]}))
        assert [door.submit(one).status_code for one in (found, other)] == [401, 200]
        registered(partners={"other-ehr": partners()["other-ehr"]})
        assert [door.submit(one).status_code for one in (found, other)] == [401, 401]


def test_a_partner_that_lists_a_certificate_from_now_on_comes_with_it_from_now_on(store: Store) -> None:
    with guarding(store) as door:
        found = door.token()
        own = {"certificate_header": "Client-Cert", "partners": partners(certificates=[thumbprint(certificate())])}
        said = {"exchange": {**PLAN, "base": HOST, **own}}
        house.done(store, SetUp(title="A plan", zone="America/New_York", settings=said))
        assert door.submit(found).status_code == 401


def test_for_whom_a_token_is_says_the_plan_and_never_the_request(store: Store) -> None:
    with guarding(store, {"base": None}) as door:
        here = "http://localhost/plan/2.2/cds-services/order-sign-crd"
        assert door.hook(EHR.hook(door.now, aud=here)).status_code == 401


@pytest.mark.shall("PAS 2.2.1/spec-4", "CRD 2.2.1/sec-1", "DTR 2.2.0/sec-1")
def test_a_hook_may_be_called_with_a_certificate_instead_of_a_token(store: Store) -> None:
    own, strange = certificate(), certificate("stranger")
    plan = {"certificate_header": "Client-Cert", "partners": partners(certificates=[thumbprint(own)])}
    with guarding(store, plan) as door:
        assert door.hook(None, **{"Client-Cert": bytes_as(own)}).json()["client"] == "clinic-ehr"
        assert door.hook(None, **{"Client-Cert": bytes_as(strange)}).status_code == 401
        assert door.hook(EHR.hook(door.now)).status_code == 401
        assert door.hook(EHR.hook(door.now), **{"Client-Cert": bytes_as(own)}).status_code == 200
        assert door.submit(None, **{"Client-Cert": bytes_as(own)}).status_code == 401
        assert door.hook(None, **{"Client-Cert": "nonsense"}).status_code == 401
        door.wait(days=60)
        assert door.hook(None, **{"Client-Cert": bytes_as(own)}).status_code == 401


def test_a_certificate_is_believed_of_a_listed_proxy_alone(store: Store) -> None:
    own = certificate()
    listed = {"partners": partners(certificates=[thumbprint(own)]), "certificate_header": "Client-Cert"}
    with guarding(store, {**listed, "proxies": ["10.9.0.0/16"]}) as door:
        found = door.hook(None, **{"Client-Cert": bytes_as(own)})
        assert found.status_code == 403


@pytest.mark.shall(
    *("CDS Hooks/2", "CDS Hooks/168", "CRD 2.2.1/sec-1", "CRD 2.2.1/sec-2", "CRD 2.0.1/89", "CRD 2.0.1/83"),
    *("CRD 2.0.1/85", "CRD 2.0.1/100", "DTR 2.2.0/sec-1", "DTR 2.0.1/332", "DTR 2.0.1/334", "PAS 2.2.1/spec-4"),
)
def test_a_call_that_did_not_come_over_tls_is_refused(store: Store) -> None:
    with guarding(store) as door:
        said = EHR.hook(door.now)
        assert door.hook(said, **{"X-Forwarded-Proto": "http"}).status_code == 403
        assert door.hook(said, **{"X-Forwarded-Proto": "https"}).status_code == 200
        smart = "/plan/2.2/fhir/.well-known/smart-configuration"
        assert door.running.client.get(smart, headers={"X-Forwarded-Proto": "http"}).status_code == 403
    with guarding(store, {}) as door:
        assert door.running.client.get(smart).status_code == 200


def test_who_comes_too_often_waits_each_partner_for_itself(store: Store) -> None:
    with guarding(store, {"partners": partners(rate=0.001, burst=2)}) as door:
        answers = [door.hook(EHR.hook(door.now)) for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert int(answers[-1].headers["retry-after"]) > 60
        assert answers[-1].json()["issue"][0]["code"] == "throttled"
        other = Speaker("other-ehr", key("ES384", "other"), "https://other.example")
        assert door.hook(other.hook(door.now)).status_code == 200
        door.running.service.buckets = Buckets(rate=0.001, burst=1)
        assert [door.hook("a.b.c").status_code for _ in range(2)] == [401, 429]


def test_a_registered_set_that_cannot_be_read_lets_nobody_in(store: Store) -> None:
    private = {"keys": [key().as_dict(private=True)]}
    with guarding(store, {"partners": partners(jwks=private)}) as door:
        assert door.hook(EHR.hook(door.now)).status_code == 401
        assert door.ask(door.form()).status_code == 401


def test_an_open_server_asks_nobody_who_she_is_and_takes_the_name_of_a_partner(store: Store) -> None:
    with guarding(store, open_to_all=True) as door:
        named = [door.submit(None, **headers) for headers in ({}, {"X-Client": "clinic-ehr"}, {"X-Client": "nobody"})]
        assert [one.status_code for one in named] == [200, 200, 401]
        assert [one.json()["client"] for one in named[:2]] == ["open", "clinic-ehr"]
