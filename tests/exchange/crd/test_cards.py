"""Cards: an instruction and a link a policy, in words that any system can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.decide.decided import Applied, Effective
from priorauth.exchange.crd import cards
from priorauth.exchange.crd.cards import Touched
from priorauth.exchange.crd.options import Options
from priorauth.exchange.plan import VERSIONS, Payer, Plan
from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import Json, example, hooked, moment, order_of, said
from tests.exchange.house import Exchange, exchanging

SIGN = "/cds-services/order-sign-crd"
TERMS = {"terms": "https://plan.example/policies/{policy}"}
POLICY = Applied("p/q", "The title of a policy", "1", Effective("2020-01-01", None), "0" * 64, "current")
WORDS = st.text(min_size=0, max_size=300)
TOUCHED = st.builds(
    Touched,
    policy=st.just(POLICY)
    | st.just(Applied("p/r", "t" * 400, "1", Effective("2020-01-01", None), "0" * 64, "current")),
    order=st.sampled_from(["DeviceRequest/1", "DeviceRequest/2", "DeviceRequest/"]),
    said=WORDS,
    open=st.lists(WORDS, max_size=3).map(tuple),
    done=WORDS,
    address=st.none() | st.just("https://plan.example/p"),
)


@pytest.mark.shall(
    "CRD 2.2.1/resp-4", "CRD 2.2.1/resp-5", "CRD 2.2.1/resp-13", "CRD 2.2.1/resp-17",
    "CRD 2.2.1/resp-18", "CRD 2.2.1/resp-19", "CRD 2.2.1/resp-22", "CRD 2.2.1/resp-23", "CRD 2.2.1/resp-24",
    "CRD 2.0.1/258", "CRD 2.0.1/259", "CDS Hooks/3", "CDS Hooks/80", "CDS Hooks/83", "CDS Hooks/85",
    "CDS Hooks/87", "CDS Hooks/88", "CDS Hooks/89", "CDS Hooks/90", "CDS Hooks/103", "CDS Hooks/105", "CDS Hooks/107",
    "CDS Hooks/115", "CDS Hooks/138", "CDS Hooks/139", "CDS Hooks/141", "CDS Hooks/142", "CDS Hooks/147",
    "CDS Hooks/216", "CDS Hooks/217", "CDS Hooks/218", "CDS Hooks/220",
)  # fmt: skip
@given(touched=st.lists(TOUCHED, max_size=4), version=st.sampled_from(VERSIONS), most=st.integers(0, 5))
def test_whatever_the_words_a_card_has_the_shape_of_its_kind(touched: list[Touched], version: str, most: int) -> None:
    plan = Plan(payer=Payer(name="A Plan", website="https://plan.example"))
    found = cards.cards(touched, Options(cards=most), plan, version, "instance")  # type: ignore[arg-type]
    assert len(found) <= most
    assert len({one["uuid"] for one in found}) == len(found)
    for one in found:
        assert 0 < len(one["summary"]) < 140
        assert one["indicator"] in ("info", "warning", "critical")
        assert one["source"]["label"] == "A Plan"
        assert one["source"]["url"].startswith("https://")
        assert one["source"]["topic"].keys() == {"system", "code", "display"}
        assert one["detail"]
        assert "suggestions" not in one
        assert all(one.values())
        for link in one.get("links", ()):
            assert link.keys() == {"label", "url", "type"}
            assert link["type"] == "absolute"
            assert link["url"].startswith("https://plan.example/p")


def shown(exchange: Exchange, body: Json, version: str = "2.2") -> list[Json]:
    found: list[Json] = exchange.post(SIGN, body, version).json()["cards"]
    return found


@pytest.mark.shall("CRD 2.0.1/247", "CRD 2.0.1/248", "CRD 2.0.1/249", "CRD 2.2.1/found-13", "CRD 2.0.1/26")
@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_of_a_policy_has_an_instruction_and_a_link_to_the_policy(store: Store, version: str) -> None:
    bundle = example("ask")
    with exchanging(store, TERMS) as exchange:
        exchange.running.clock.now = moment(bundle)
        instruction, link = shown(exchange, hooked(bundle), version)
    assert instruction["summary"] == "6 things are still open for prior authorization: E0784"
    assert "links" not in instruction
    assert link["links"][0]["url"] == "https://plan.example/policies/masshealth/insulin-pumps"
    assert instruction["source"]["topic"]["code"] == "coverage-info"
    assert link["source"]["topic"]["code"] == "guideline"


@pytest.mark.shall("CRD 2.2.1/resp-72", "CDS Hooks/144", "CDS Hooks/142")
@pytest.mark.parametrize("name", ["ask", "conflict"])
def test_where_the_plan_has_an_app_a_card_opens_it_for_what_is_open(store: Store, name: str) -> None:
    bundle = example(name)
    with exchanging(store, {"launch": "https://forms.example/launch"}) as exchange:
        exchange.running.clock.now = moment(bundle)
        answer = exchange.post(SIGN, hooked(bundle)).json()
    links = [link for one in answer["cards"] for link in one.get("links", ())]
    (assertion,) = said(answer)["coverage-assertion-id"]
    expected = {"url": "https://forms.example/launch", "type": "smart", "appContext": assertion}
    assert [{key: link[key] for key in expected} for link in links] == ([expected] if name == "ask" else [])


@pytest.mark.shall("CRD 2.2.1/dev-24", "CRD 2.0.1/140")
def test_a_card_of_one_of_several_orders_names_it(store: Store) -> None:
    bundle = example("ask")
    pump = order_of(bundle)
    other = {
        **order_of(bundle),
        "id": "bed",
        "codeCodeableConcept": {"coding": [{"code": "E0250", "display": "A bed"}]},
    }
    with exchanging(store, TERMS) as exchange:
        exchange.running.clock.now = moment(bundle)
        found = shown(exchange, hooked(bundle, orders=[pump, other]))
    for one in found:
        assert "E0784" in one["detail"]
        assert "E0250" not in one["detail"]
        assert one["extension"]["davinci-crd.associated-resource"] == [{"reference": f"DeviceRequest/{pump['id']}"}]


@pytest.mark.shall("CRD 2.2.1/found-13", "CRD 2.0.1/26")
def test_of_what_no_policy_here_speaks_there_is_no_card(exchange: Exchange) -> None:
    bed = {**order_of(example("ask")), "codeCodeableConcept": {"coding": [{"code": "E0250"}]}}
    assert shown(exchange, hooked(example("ask"), orders=[bed])) == []


def test_words_of_an_order_are_no_markdown(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    order = order_of(bundle)
    order["codeCodeableConcept"]["text"] = "[click](https://evil.example) <b>now</b>\n# loud"
    (card,) = shown(exchange, hooked(bundle, orders=[order]))
    assert "\\[click\\]" in card["detail"]
    assert "\n# loud" not in card["detail"]
