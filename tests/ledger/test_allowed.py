"""Who may do what, and in which state: every pair of the two tables tried by real acts on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pytest
import yaml

from priorauth.ledger import allowed
from priorauth.ledger.acts import audit, messages, policies, setup, tokens
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.events import Who
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import HANDLERS, Act, CaseAct, Done, Refused, perform
from tests.ledger.house import (
    ADMIN,
    APPEALS,
    BELOW,
    COORDINATOR,
    DIRECTOR,
    FIRST,
    LICENCE,
    NOW,
    NURSE,
    OTHER_CLINIC,
    REASON,
    SYSTEM,
    TENANT,
    done,
    furnish,
    refused,
)
from tests.ledger.standing import ACTS, ASK, FITTED, STATES, Undone, adverse, case, sent

TABLE: Final = yaml.safe_load((Path(allowed.__file__).parent / "data" / "states.yaml").read_text("utf-8"))
NEW: Final = {
    "appeal": {"with-director"},
    "reauthorize": {"with-nurse", "with-clinic"},
    "revise": {"with-nurse", "with-clinic"},
}
"""By act that begins a case, the states in which the new case may stand."""
TOKEN: Final = {
    "act": "MakeToken", "token": "a", "sha256": "0" * 64, "title": "a script", "role": "system",
    "valid_until": NOW + timedelta(days=1),
}  # fmt: skip
LETTERS: Final = {"make-notice", "check-notice", "record-mailing"}
"""Acts of the letters, tried beside the letters."""
PROPOSING: Final = {"read-document", "propose-facts"}
"""Acts that settle nothing, and take a case out of nobody's hands."""
RULE: Final = Who(TENANT, None, "rule")
PRESCRIBER: Final = Who(TENANT, "petra", "prescriber", "clinic")
SUPPLIER: Final = Who(TENANT, "susi", "supplier", "clinic")
ANALYST: Final = Who(TENANT, "anna", "analyst")
MANAGER: Final = Who(TENANT, "mona", "manager")
PEOPLE: Final = {
    "C": COORDINATOR, "P": PRESCRIBER, "S": SUPPLIER, "N": NURSE, "D": DIRECTOR, "A": APPEALS,
    "y": ANALYST, "m": MANAGER, "x": ADMIN, "r": RULE, "s": SYSTEM,
}  # fmt: skip
RIGHTS: Final = """
                   C P S N D A y m x r s
receive            o o o f . . . . . . x
file-document      o o o f . . . . . . x
answer             o o o f . . . . . . x
withdraw           o o o f . . . . . . x
cancel-item        o o o f . . . . . . x
cancel             o o o f . . . . . . x
update-item        o o o f . . . . . . x
run                . . . x x x . . . x x
ask                . . . x x x . . . x .
propose            . . . x x x . . . . .
settle             . . . x 1 1 . . . . .
judge              . . . . 1 1 . . . . .
take-back          . . . x x x . . . . .
approve            . . . 1 1 1 . . . x .
decide-adversely   . . . . 2 2 . . . . .
decide-in-part     . . . . 2 2 . . . . .
authorize-by-law   . . . x x x . . . . .
send-elsewhere     . . . x x x . . . x .
close-duplicate    . . . x x x . . . . .
close-not-ours     . . . x x x . . . . .
close-in-error     . . . x x x . . . . .
extend             . . . . x x . . . . .
assign             . . . x x x . . . . .
take               . . . x x x . . . . .
hand-over          . . . x x x . . . . .
snooze             . . . x x x . . . . .
route-to-nurse     . . . x x x . . . . .
route-to-director  . . . x x x . . . . .
climb              . . . . . . . . . . x
miss-clock         . . . . . . . . . . x
note-finding       . . . . x x . . . . .
offer-call         . . . x x x . . . . .
book-call          o o . x x x . . . . .
record-call        o o . x x x . . . . .
note               . . . x x x . . . . .
make-notice        . . . x x x . . . x x
check-notice       . . . x x x . . . . .
record-mailing     . . . x x x . . . . x
appeal             o o . f . f . . . . .
reauthorize        o o o f . . . . . . x
revise             o o o f . . . . . . x
end-approval       o o o f x x . . . . .
file-in-error      o o o x x x . . . . .
read-document      . . . . . . . . . . x
propose-facts      o o o x x x . . . . x
confirm-proposal   o o . x 1 1 . . . . .
reject-proposal    o o . x 1 1 . . . . .
tie-words          o o . x 1 1 . . . . .
see-paper          . . . x 1 1 . . . . .
read               o o o x x x . x . . x
retry-message      . . . . . . . x x . x
drop-message       . . . . . . . x x . x
propose-reading    . . . . . . x . . . .
withdraw-reading   . . . . . . x . . . .
publish-reading    . . . . x . . . . . .
refuse-reading     . . . . x . . . . . .
name-cases         . . . . x . x x . . .
manage-people      . . . . . . . . x . x
grant-role         . . . . . . . . x . x
make-token         . . . . . . . . . . x
revoke-token       . . . . . . . . x . x
set-up             . . . . . . . . x . x
look-into          . . . . . . . x . . x
"""
"""By hand. x: may. o: on a case of her own organisation. f: for the clinic that asked. 1: not who decided what is
appealed, nor who stands below her. 2: neither that, nor who prepared the case as its nurse.
"""
STATES_BY_HAND: Final = """
                   c w n d A P a l e v u o x
file-document      ? ? ? k = = = = = = = = =
answer             ? ? ? k . . . . . . . . .
run                ? ? ? k . . . . . . . . .
cancel-item        ? ? ? k . . . . . . . . .
cancel             ? ? ? k = = = = = = = = =
update-item        ? ? ? k . . . . . . . . .
ask                c . c c . . . . . . . . .
propose            . . = = . . . . . . . . .
settle             . . ? k . . . . . . . . .
judge              . . ? k . . . . . . . . .
take-back          . . ? k . . . . . . . . .
approve            A A A A . . . . . . . . .
decide-adversely   . . . a . . . . . . . . .
decide-in-part     . . . P . . . . . . . . .
authorize-by-law   l l l l . . . . . . . . .
send-elsewhere     e e e e . . . . . . . . .
withdraw           v v v v . . . . . . . . .
close-duplicate    u u u u . . . . . . . . .
close-not-ours     o o o o . . . . . . . . .
close-in-error     x x x x . . . . . . . . .
extend             = = = = . . . . . . . . .
assign             = = = = . . . . . . . . .
take               = = = = . . . . . . . . .
hand-over          = = = = . . . . . . . . .
snooze             = = = = . . . . . . . . .
miss-clock         = = = = . . . . . . . . .
route-to-nurse     n n . n . . . . . . . . .
route-to-director  d d d . . . . . . . . . .
climb              n n d . . . . . . . . . .
note-finding       . . = = . . . . . . . . .
offer-call         = = = = = = = = = = = = =
book-call          = = = = = = = = = = = = =
record-call        = = = = = = = = = = = = =
note               = = = = = = = = = = = = =
make-notice        = = = = = = = = = = = = =
check-notice       = = = = = = = = = = = = =
record-mailing     = = = = = = = = = = = = =
appeal             . . . . . = = = . . . . .
reauthorize        . . . . = = . = . . . . .
revise             . . . . = = = = = = = = =
end-approval       . . . . = = . = . . . . .
file-in-error      ? ? ? k = = = = = = = = =
read-document      ? ? k k . . . . . . . . .
propose-facts      ? ? k k . . . . . . . . .
confirm-proposal   ? ? ? k . . . . . . . . .
reject-proposal    ? ? ? k . . . . . . . . .
tie-words          ? ? ? k . . . . . . . . .
see-paper          ? ? ? k . . . . . . . . .
read               = = = = = = = = = = = = =
"""
"""By hand: in which state an act is done, and which state follows. ?: as the run says that it makes. k: so, but it
stays with her who has it. =: the same."""
LETTERED: Final = {
    "c": "with-clinic", "w": "waiting", "n": "with-nurse", "d": "with-director", "A": "approved",
    "P": "partly-approved", "a": "adverse", "l": "authorized-by-law", "e": "sent-elsewhere", "v": "withdrawn",
    "u": "duplicate", "o": "not-ours", "x": "filed-in-error", "?": "by-outcome", "k": "kept",
    "=": "stays",
}  # fmt: skip
OUTCOMES: Final = {
    "approve": "with-nurse", "request-information": "with-clinic", "not-yet": "waiting",
    "clinical-review": "with-nurse", "not-required": "sent-elsewhere", "not-applicable": "sent-elsewhere",
    "other-criteria": "sent-elsewhere",
}  # fmt: skip
"""By hand: what a run makes of an open case. Nothing of it is against the request."""
CONDITIONS: Final = {
    "x": set(), "o": {"own"}, "f": {"for-clinic"}, "1": {"not-first-reviewer"},
    "2": {"not-its-nurse", "not-first-reviewer"},
}  # fmt: skip


class Furnished(NamedTuple):
    """A store with a case in each state, in which nothing that is tried stays."""

    store: Undone
    cases: Mapping[str, str]
    fitted: Mapping[tuple[str, str], str]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    file = tmp_path_factory.mktemp("plan") / "ledger.db"
    url = f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgresql").fresh()
    store = open_store(url)
    furnish(store)
    for who in (PRESCRIBER, SUPPLIER, ANALYST, MANAGER):
        hire(store, who)
    sent(store, ASK)
    cases = {state: make(store) for state, make in STATES.items()}
    fitted = {pair: make(store) for pair, make in FITTED.items()}
    yield Furnished(Undone(store.engine, store.name), cases, fitted)
    store.close()


def hire(store: Store, who: Who) -> None:
    person = str(who.person)
    done(store, setup.AddPerson(person=person, title=person.title(), organisation=who.organisation))
    done(store, setup.GrantRole(person=person, role=who.role, valid_from=FIRST))


def matrix() -> dict[str, dict[str, str]]:
    head, *lines = RIGHTS.strip().splitlines()
    return {name: dict(zip(head.split(), marks, strict=True)) for name, *marks in map(str.split, lines)}


# ---- states


def after(act: str, state: str) -> str | None:
    row: Mapping[str, str] = TABLE["acts"][act]
    whether = "open" if TABLE["states"][state]["open"] else "closed"
    return row.get(state) or row.get(whether)


def lands(act: str, state: str, wanted: str, found: Done) -> set[str]:
    """Return the states in which a case may stand after an act that was done."""
    if wanted == "stays":
        return {state}
    if wanted not in ("by-outcome", "kept"):
        return {wanted}
    if act in ("cancel-item", "cancel"):  # its only item
        return {"withdrawn"}
    if "outcomes" not in found.more:  # a paper, which no run reads
        return {state}
    states = {TABLE["outcomes"][outcome] for outcome in found.more["outcomes"].values()}
    return states if wanted == "by-outcome" or states == {"sent-elsewhere"} else {state}


def test_the_table_of_states_is_the_one_that_was_written_by_hand() -> None:
    head, *lines = STATES_BY_HAND.strip().splitlines()
    names = [LETTERED[one] for one in head.split()]
    assert names == list(TABLE["states"])
    acts_found = {"receive"}
    for line in lines:
        act, *marks = line.split()
        acts_found.add(act)
        wanted = {state: LETTERED[mark] for state, mark in zip(names, marks, strict=True) if mark != "."}
        assert {state: then for state in names if (then := after(act, state))} == wanted, act
    assert acts_found == set(TABLE["acts"])
    assert TABLE["acts"]["receive"] == {"new": "by-outcome"}
    assert TABLE["outcomes"] == OUTCOMES


def test_a_case_comes_into_every_state_by_real_acts(plan: Furnished) -> None:
    assert set(STATES) == set(TABLE["states"])
    assert {state: case(plan.store, number)["state"] for state, number in plan.cases.items()} == {
        state: state for state in STATES
    }


def test_every_act_on_a_case_is_tried_in_every_state() -> None:
    there = {name for act, (name, _) in HANDLERS.items() if issubclass(act, CaseAct)}
    assert there - LETTERS == set(ACTS)
    assert set(TABLE["acts"]) == set(ACTS) | LETTERS | {"receive"}


def test_no_act_at_all_names_a_state_that_is_not_there() -> None:
    for act, row in TABLE["acts"].items():
        assert set(row) <= {*TABLE["states"], "open", "closed", "new"}, act
        assert set(row.values()) <= {*TABLE["states"], "by-outcome", "kept", "stays"}, act


@pytest.mark.parametrize("state", TABLE["states"])
def test_in_this_state_an_act_is_done_or_refused_as_the_table_has_it(plan: Furnished, state: str) -> None:
    wrong: dict[str, tuple[str | None, Done | Refused]] = {}
    for name, tried in ACTS.items():
        number = plan.fitted.get((state, name), plan.cases[state])
        one = tried(plan.store, number)
        found, wanted = perform(plan.store, one.act, one.who, one.at), after(name, state)
        if isinstance(found, Refused):
            if (found.code == "state") != (wanted is None) or (wanted and not _by_its_law(name, found)):
                wrong[name] = (wanted, found)
        elif wanted is None or found.state not in (NEW.get(name) or lands(name, state, wanted, found)):
            wrong[name] = (wanted, found)
    assert wrong == {}


def _by_its_law(act: str, found: Refused) -> bool:
    """Whether an act, which the state admits, is refused because the law of the clock is another."""
    return act == "authorize-by-law" and found.code == "invalid" and "does not authorize" in found.reason


def test_each_act_that_makes_a_run_leaves_a_case_with_a_director_who_has_it() -> None:
    for act, row in TABLE["acts"].items():
        if "by-outcome" in {value for state, value in row.items() if state != "new"}:
            assert after(act, "with-director") == "kept", act
        hands = {"with-director", "with-nurse"} if act in PROPOSING else {"with-director"}
        assert {state for state, value in row.items() if value == "kept"} <= hands, act


def test_an_appeal_and_a_continued_use_leave_the_decided_case_as_it_was(plan: Furnished) -> None:
    for state, name in (("adverse", "appeal"), ("approved", "reauthorize")):
        one = ACTS[name](plan.store, plan.cases[state])
        found = perform(plan.store, one.act, one.who, one.at)
        assert isinstance(found, Done)
        assert found.case != plan.cases[state]
        assert case(plan.store, plan.cases[state])["state"] == state


# ---- rights


def acts(number: str) -> dict[str, Act]:
    """Return for each act on no case one that may be tried."""
    return {
        "receive": Receive(bundle=ASK),
        "manage-people": setup.AddOrganisation(organisation="clinic", kind="clinic", title=number),
        "grant-role": setup.GrantRole(person="nora", role="manager", valid_from=FIRST),
        "retry-message": messages.RetryMessage(number=1, why="the receiver is back"),
        "drop-message": messages.DropMessage(number=1, why="the receiver is gone"),
        "make-token": msgspec.convert(TOKEN, tokens.MakeToken),
        "revoke-token": msgspec.convert({"act": "RevokeToken", "token": "a"}, tokens.RevokeToken),
        "look-into": audit.LookInto(of=audit.OF[0]),
        "propose-reading": policies.ProposeReading(
            policy="masshealth/insulin-pumps", reading="hba1c_age", value="6 months", first=NOW.date(), why="as agreed"
        ),
        "withdraw-reading": policies.WithdrawReading(proposal="reading-1"),
        "publish-reading": policies.PublishReading(proposal="reading-1", why="so be it"),
        "refuse-reading": policies.RefuseReading(proposal="reading-1", why="no"),
        "name-cases": policies.NameCases(policy="masshealth/insulin-pumps", change="", cases=()),
        "set-up": setup.MaySign(line="commercial", kind="DO", state="*"),
    }


def tried(plan: Furnished, act: str, number: str, who: Who) -> Done | Refused:
    one = acts(number).get(act) or ACTS[act](plan.store, number).act
    return perform(plan.store, one, who, NOW)


def as_may(letter: str) -> Who:
    """Return somebody of a column, who enters it for the clinic where that is her way."""
    who = PEOPLE[letter]
    return who._replace(behalf="clinic") if letter in "NA" else who


def test_the_table_of_rights_says_what_the_matrix_says() -> None:
    roles = {letter: who.role for letter, who in PEOPLE.items()}
    kept = {
        act: {roles[letter]: CONDITIONS[mark] for letter, mark in row.items() if mark != "."}
        for act, row in matrix().items()
    }
    table = allowed.rights()
    assert set(table.roles) == set(roles.values())
    assert {
        act: {role: set(conditions) for role, conditions in row.items()} for act, row in table.rights.items()
    } == kept


@pytest.mark.parametrize("letter", PEOPLE)
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(plan: Furnished, letter: str) -> None:
    number = plan.cases["withdrawn"]
    wrong = {}
    for act, row in matrix().items():
        if act in LETTERS:
            continue
        found = tried(plan, act, number, as_may(letter))
        may = not (isinstance(found, Refused) and found.code == "no-right")
        if may != (row[letter] != "."):
            wrong[act] = found
    assert wrong == {}


def _holds(mark: str) -> list[tuple[str, str]]:
    """Return the pairs of act and column that stand under a condition."""
    return [
        (act, letter) for act, row in matrix().items() for letter, found in row.items()
        if found == mark and act not in LETTERS
    ]  # fmt: skip


def test_a_clinic_finds_no_case_of_another_and_somebody_of_no_organisation_none_at_all(plan: Furnished) -> None:
    number = plan.cases["adverse"]
    for act, letter in _holds("o"):
        who = PEOPLE[letter]
        nobody = tried(plan, act, number, who._replace(organisation=None))
        assert isinstance(nobody, Refused), act
        assert nobody.code in ("not-found", "no-right"), act
        if act != "receive":
            other = tried(plan, act, number, who._replace(organisation="other-clinic"))
            assert isinstance(other, Refused), act
            assert other.code == "not-found", act


def test_the_payer_enters_for_a_clinic_only_if_it_says_for_which(plan: Furnished) -> None:
    for act, letter in _holds("f"):
        silent = tried(plan, act, plan.cases["adverse"], PEOPLE[letter])
        assert isinstance(silent, Refused), act
        assert (silent.code, "for whom" in silent.reason) == ("no-right", True), act


def test_a_director_who_prepared_the_case_as_its_nurse_cannot_decide_it_adversely(plan: Furnished) -> None:
    both = Who(TENANT, "nina", "director")
    store = Store(plan.store.engine, plan.store.name)
    done(store, setup.GrantRole(person="nina", role="director", valid_from=FIRST))
    for act, letter in _holds("2"):
        if letter == "D":
            found = tried(plan, act, plan.cases["with-director"], both)
            assert isinstance(found, Refused)
            assert (found.code, found.reason.endswith("she prepared this case as its nurse")) == ("no-right", True)


def test_an_appeal_is_decided_neither_by_the_first_reviewer_nor_by_somebody_below_her(plan: Furnished) -> None:
    store = Store(plan.store.engine, plan.store.name)
    number = done(store, Appeal(case=plan.cases["adverse"]), COORDINATOR).case
    assert number is not None
    assert case(store, number)["queue"] == "appeals"
    for act, letter in [*_holds("1"), *_holds("2")]:
        who = {"D": DIRECTOR, "A": BELOW, "N": None}[letter]
        if who is not None:
            found = tried(plan, act, number, who)
            assert isinstance(found, Refused), act
            assert (found.code, "first reviewer" in found.reason) == ("no-right", True), act
    assert isinstance(perform(plan.store, adverse(number), APPEALS, NOW), Refused)  # under a licence that is not hers
    own = DecideAdversely(case=number, licence=f"{LICENCE}-apu", reasons=(REASON,))
    assert isinstance(perform(plan.store, own, APPEALS, NOW), Done)


def test_a_role_counts_only_on_the_days_for_which_it_is_held_and_while_she_works_here(plan: Furnished) -> None:
    store = plan.store
    assert refused(store, RouteToDirector(case=plan.cases["with-nurse"]), Who(TENANT, "nina", "appeals")).code == (
        "no-right"
    )
    assert refused(store, RouteToDirector(case=plan.cases["with-nurse"]), NURSE._replace(person="nobody")).code == (
        "no-right"
    )
    real = Store(store.engine, store.name)
    done(real, setup.AddPerson(person="nora", title="Nora", active=False))
    gone = refused(store, RouteToDirector(case=plan.cases["with-nurse"]), Who(TENANT, "nora", "nurse"))
    assert (gone.code, "does not hold" in gone.reason) == ("no-right", True)
    done(real, setup.AddPerson(person="nora", title="Nora"))


def test_an_act_that_nobody_may_do_says_who_could() -> None:
    table = allowed.rights().rights
    assert set(table["decide-adversely"]) == {"director", "appeals"}
    assert not {"nurse", "rule", "system", "analyst", "admin", "coordinator"} & set(table["decide-in-part"])


def test_a_case_of_another_clinic_is_not_there(plan: Furnished) -> None:
    found = refused(plan.store, ACTS["withdraw"](plan.store, plan.cases["with-clinic"]).act, OTHER_CLINIC)
    assert found.code == "not-found"
