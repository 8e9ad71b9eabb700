"""Random acts by everybody, on both databases, held against a model: whatever they do, and in whatever order, only a
fit clinician decides adversely, nothing that is refused leaves a row, and what is so now is what the events leave.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final, TypeVar

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Connection, func, select, text

from priorauth.ledger import events, rebuild, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import decisions, intake, setup
from priorauth.ledger.acts.decisions import DecideAdversely, DecideInPart
from priorauth.ledger.compose import Composed
from priorauth.ledger.events import Who
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect
from priorauth.ledger.work import QUIET, CaseAct, Done, Refused, perform
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
    SECOND_NURSE,
    SYSTEM,
    TENANT,
    done,
    example,
    furnish,
)
from tests.ledger.standing import ACTS, ASK, LATE, TWO
from tests.ledger.test_allowed import PEOPLE, TABLE, after, lands, matrix

T = TypeVar("T")
BOTH: Final = Who(TENANT, "nina", "director")
"""A nurse who is a director too."""
RULE: Final = Who(TENANT, None, "rule")
ANALYST: Final = Who(TENANT, "anna", "analyst")
WHO: Final = (
    COORDINATOR,
    OTHER_CLINIC,
    NURSE,
    NURSE._replace(behalf="clinic"),
    SECOND_NURSE,
    DIRECTOR,
    BOTH,
    BELOW,
    APPEALS,
    ADMIN,
    ANALYST,
    RULE,
    SYSTEM,
)
FIT: Final = {"dora": LICENCE, "dirk": f"{LICENCE}-dirk", "apu": f"{LICENCE}-apu", "nina": "N-1"}
"""Who has a licence that fits."""
REQUESTS: Final = {
    "ask": ASK, "two": TWO, "late": LATE, "approve": example("approve"), "not-yet": example("not-yet"),
    "review": example("review"),
}  # fmt: skip
JUMPS: Final = tuple(timedelta(hours=hours) for hours in (-72, -5, 0, 1, 30, 100, 200, 400))
COLUMN: Final = {who.role: letter for letter, who in PEOPLE.items()}
DECIDES: Final = {
    "approve", "decide-adversely", "decide-in-part", "authorize-by-law", "send-elsewhere", "withdraw", "cancel-item",
    "close-duplicate", "close-not-ours", "close-in-error",
}  # fmt: skip
BEFORE: Final = {
    "hand-over": (("take", NURSE),),
    "take-back": (("route-to-director", None), ("settle", DIRECTOR)),
    "propose-facts": (("file-document", COORDINATOR), ("read-document", SYSTEM)),
    "confirm-proposal": (("file-document", COORDINATOR), ("read-document", SYSTEM)),
    "reject-proposal": (("file-document", COORDINATOR), ("read-document", SYSTEM)),
    "read-document": (("file-document", COORDINATOR),),
    "tie-words": (("file-document", COORDINATOR),),
    "see-paper": (("file-document", COORDINATOR),),
}
"""By act what has to be done before it."""
MOST_CASES: Final = 4
AT_ONCE: Final = 3
COUNTED: Final[Counter[tuple[str, str]]] = Counter()
"""Acts by name and result."""
DECIDED: Final[Counter[tuple[str, str, str]]] = Counter()
"""Decisions by kind, and by whom in which role."""


class Drawn:
    """Choices that a seed makes: hypothesis draws the seed, for of many small choices it draws too few that differ."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def choice(self, listed: Sequence[T]) -> T:
        return listed[int(self.rng.integers(len(listed)))]


@dataclass
class Model:
    """What a case should be: its state and version, of whom it is; and what each key was answered."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[Any, Who, Done]] = field(default_factory=dict)
    signed: int = 0

    def refuses(self, act: CaseAct, who: Who) -> str | None:
        """Return the code with which an act is refused; None where it may be done, or refused on finer grounds."""
        case = self.cases.get(act.case)
        clinic = COLUMN[who.role] in "CPS"
        if case is None or (clinic and case["organisation"] != who.organisation):
            return "not-found"
        mark = matrix()[act.name][COLUMN[who.role]]
        if mark == "." or (mark == "f" and not who.behalf) or who.person == "anna":
            return "no-right"
        if who.behalf and case["organisation"] not in (None, who.behalf):
            return "no-right"
        first = case["first"] & {who.person, "dora" if who.person == "dirk" else None}
        if (mark in "12" and first) or (mark == "2" and who.person in case["nurses"]):
            return "no-right"
        if act.version is not None and act.version != case["version"]:
            return "stale" if act.version < case["version"] else "invalid"
        return None if after(act.name, case["state"]) else "state"

    def did(self, act: CaseAct, who: Who, found: Done) -> set[str]:
        """Take over what an act left; return the states in which that may be."""
        case = self.cases[act.case]
        was, wanted = case["state"], after(act.name, case["state"])
        assert wanted is not None
        if act.name not in QUIET:
            case["version"] += 1
        if who.role == "nurse" and act.name != "read":
            case["nurses"].add(who.person)
        if act.name in DECIDES and who.person:
            case["signed"].add(who.person)
        if act.name in ("decide-adversely", "decide-in-part"):
            self.signed += 1
            assert FIT[str(who.person)]
            assert who.role in ("director", "appeals")
        if found.case != act.case:  # an appeal, a continued use
            appeal = act.name == "appeal"
            self.began(found, case["organisation"] or who.behalf or who.organisation)
            self.cases[str(found.case)]["nurses"] |= case["nurses"] if appeal else set()
            self.cases[str(found.case)]["first"] |= case["first"] | case["signed"] if appeal else set()
            return set()
        states = {was} if act.name == "appeal" else lands(act.name, was, wanted, found)
        case["state"] = found.state
        if wanted != "by-outcome":
            return states
        late = {"with-nurse"} if states & {"with-clinic", "waiting"} else set()  # half of the clock is gone
        return states | late | {"approved"}  # by rule

    def began(self, found: Done, organisation: str | None) -> None:
        """Take over a new case: who prepared it as a nurse, who decided in it, who decided what it appeals."""
        nobody: dict[str, set[str]] = {"nurses": set(), "signed": set(), "first": set()}
        self.cases[str(found.case)] = {"state": found.state, "version": 1, "organisation": organisation, **nobody}


class Ledger(RuleBasedStateMachine):
    """Acts on a furnished plan, one store an example."""

    fresh: ClassVar[Callable[[], tuple[Store, Callable[[], None]]]]

    def __init__(self) -> None:
        super().__init__()
        self.store, self.gone = type(self).fresh()
        self.model = Model()
        self.number = count(1)

    def teardown(self) -> None:
        with self.store.reading(TENANT) as connection:
            assert list(rebuild.differences(connection, TENANT)) == []
            self.chains(connection)
            self.signers(connection)
            one = t.decision.c
            query = select(one.kind, func.coalesce(one.signer, "nobody"), one.role, func.count())
            for kind, signer, role, many in connection.execute(query.group_by(one.kind, one.signer, one.role)):
                DECIDED[kind, signer, role] += many
        self.store.close()
        self.gone()

    # ---- acts

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.receive(Drawn(seed), COORDINATOR)

    @rule(seed=st.integers(0, 2**32))
    def anybody(self, seed: int) -> None:
        """Let somebody try an act, right or not, on the version that she saw or another, whatever her clock says."""
        drawn = Drawn(seed)
        for _ in range(AT_ONCE):
            back = drawn.choice((None, None, None, 0, 0, 1, -1))
            self.act(drawn.choice(sorted(ACTS)), drawn, drawn.choice(WHO), back, NOW + drawn.choice(JUMPS))

    @rule(seed=st.integers(0, 2**32))
    def who_may(self, seed: int) -> None:
        """Let somebody do an act who may, of those which the table admits as the case stands."""
        drawn = Drawn(seed)
        for _ in range(AT_ONCE):
            cases = {name: row["state"] for name, row in self.model.cases.items()}
            pairs = sorted((name, case) for name in ACTS for case, state in cases.items() if after(name, state))
            name, case = drawn.choice(pairs)
            for first, who in BEFORE.get(name, ()):
                self.act(first, drawn, who, None, None, case)
            self.act(name, drawn, None, drawn.choice((None, 0)), None, case)

    @rule(seed=st.integers(0, 2**32))
    def decide(self, seed: int) -> None:
        """Route a case to the directors and decide it against the request."""
        drawn = Drawn(seed)
        by, kind = drawn.choice((DIRECTOR, DIRECTOR, BELOW, APPEALS, BOTH)), drawn.choice(("adversely", "in-part"))
        case = drawn.choice(sorted(self.model.cases) or [""])
        self.act("route-to-director", drawn, None, None, None, case)
        self.act(f"decide-{kind}", drawn, by, None, None, case)

    @rule(seed=st.integers(0, 2**32))
    def come(self, seed: int) -> None:
        """Let somebody send a request."""
        drawn = Drawn(seed)
        self.receive(drawn, drawn.choice((COORDINATOR, OTHER_CLINIC, *WHO[2:4], SYSTEM, RULE, ADMIN)))

    @rule(seed=st.integers(0, 2**32))
    def again(self, seed: int) -> None:
        """Do again what had a key, or let somebody else try it under the same."""
        if not self.model.keys:
            return
        drawn = Drawn(seed)
        act, who, first = self.model.keys[drawn.choice(sorted(self.model.keys))]
        asks = drawn.choice((who, SECOND_NURSE))
        before = self.counts()
        found = perform(self.store, act, asks, NOW)
        self.tell("again", found)
        assert found == first if who == asks else isinstance(found, Refused)
        assert self.counts() == before

    def receive(self, drawn: Drawn, who: Who) -> None:
        if len(self.model.cases) >= MOST_CASES:
            return
        before = self.counts()
        act = intake.Receive(bundle=REQUESTS[drawn.choice(sorted(REQUESTS))])
        found = perform(self.store, act, who, NOW + drawn.choice(JUMPS))
        self.tell("receive", found)
        mark = matrix()["receive"][COLUMN[who.role]]
        assert isinstance(found, Refused) == (mark == "." or (mark == "f" and not who.behalf))
        if isinstance(found, Refused):
            assert self.counts() == before
            return
        self.model.began(found, who.behalf or who.organisation)
        if who.role == "nurse":
            self.model.cases[str(found.case)]["nurses"].add(who.person)
        self.hold(str(found.case))

    def act(  # noqa: PLR0913, PLR0917 - an act has these
        self, name: str, drawn: Drawn, who: Who | None, back: int | None, at: datetime | None, on: str | None = None
    ) -> None:
        if not self.model.cases:
            return
        case = on or drawn.choice(sorted(self.model.cases))
        tried = ACTS[name](self.store, case)
        who = who or tried.who
        act: Any = tried.act
        if isinstance(act, DecideAdversely | DecideInPart):
            act = _signed(act, who)
        version = None if back is None else self.model.cases[case]["version"] - back
        key = f"key-{next(self.number)}" if back == 0 else None
        act = type(act)(**{**{one: getattr(act, one) for one in act.__struct_fields__}, "version": version, "key": key})
        before, refuses = self.counts(), self.model.refuses(act, who)
        found = perform(self.store, act, who, at or tried.at)
        self.tell(name, found)
        if isinstance(found, Refused):
            assert refuses in (None, found.code), (act, who, found)
            assert refuses or found.code not in ("state", "stale", "key", "not-known"), found
            assert self.counts() == before, (act, who, found)
        else:
            assert refuses is None, (act, who, found)
            states = self.model.did(act, who, found)
            assert found.case != case or found.state in states, (act, found, states)
            if key is not None:
                self.model.keys[key] = (act, who, found)
        self.hold(case)

    def tell(self, name: str, found: Done | Refused) -> None:
        COUNTED[name, "done" if isinstance(found, Done) else found.code] += 1

    # ---- what holds

    def counts(self) -> tuple[Any, ...]:
        """Count the rows of every table, and the versions of all cases."""
        parts = [f'(SELECT count(*) FROM "{table.name}")' for table in t.METADATA.sorted_tables]
        query = f"SELECT {', '.join(parts)}, (SELECT sum(version + 100 * events) FROM cases)"
        with self.store.reading(TENANT) as connection:
            return tuple(connection.execute(text(query)).one())

    def hold(self, case: str) -> None:
        """See that a case is as the model has it, that its chain holds, and that nobody unfit has signed."""
        model = self.model.cases[case]
        with self.store.reading(TENANT) as connection:
            row = connection.execute(select(t.cases).where(t.cases.c.case_no == case)).mappings().one()
            assert (row["state"], row["version"]) == (model["state"], model["version"])
            state = TABLE["states"][row["state"]]
            assert (row["closed_at"] is None) == state["open"]
            assert row["queue"] in (state.get("queue"), "appeals" if row["kind"] == "appeal" else None)
            self.chain(connection, case)
            self.signers(connection)

    def chains(self, connection: Connection) -> None:
        for case in ("", *self.model.cases):
            self.chain(connection, case)

    def chain(self, connection: Connection, case: str) -> None:
        one = t.event
        found = connection.execute(select(one).where(one.c.case_no == case).order_by(one.c.number)).all()
        assert events.broken(found) is None
        assert all(first.at <= second.at for first, second in pairwise(found))

    def signers(self, connection: Connection) -> None:
        """Whatever was done, a decision against the request bears a fit signer, and no approval was cut short."""
        against = connection.execute(select(t.decision).where(t.decision.c.kind.in_(("adverse", "part")))).all()
        for row in against:
            assert FIT[row.signer] == row.licence
            assert row.role in ("director", "appeals")
        assert len(against) == self.model.signed
        cut = select(func.count()).where(t.approval_end.c.why.not_in(("used", "asked")))
        assert connection.execute(cut).scalar() == 0


def _signed(act: DecideAdversely | DecideInPart, who: Who) -> DecideAdversely | DecideInPart:
    """Return the act under her own licence, where she has one."""
    licence = FIT.get(str(who.person), LICENCE)
    if isinstance(act, DecideAdversely):
        return decisions.DecideAdversely(case=act.case, licence=licence, reasons=(REASON,))
    return decisions.DecideInPart(case=act.case, licence=licence, reasons=(REASON,), quantities=act.quantities)


# ---- runs


def _furnished(url: str) -> None:
    store = open_store(url)
    furnish(store)
    done(store, setup.GrantRole(person="nina", role="director", valid_from=FIRST))
    licence: dict[str, Any] = {"specialty": "", "valid_from": FIRST, "valid_until": FIRST.replace(year=2030)}
    done(store, setup.AddLicence(person="nina", licence="N-1", kind="MD", state="MA", **licence))
    store.close()


@pytest.fixture(scope="module", autouse=True)
def _decided_once() -> Iterator[None]:
    """Decide the same record under the same settings once: a determination is the same whenever it is made."""
    real = runs.ran
    kept: dict[Any, Any] = {}

    def ran(composed: Composed, settings: Any, names: Any = ("request", "words")) -> Any:
        key = (composed, json.dumps(settings, sort_keys=True), tuple(names))
        if key not in kept:
            kept[key] = real(composed, settings, names)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "ran", ran)
        yield


def _tried(fresh: Callable[[], tuple[Store, Callable[[], None]]], examples: int, steps: int) -> None:
    COUNTED.clear()
    DECIDED.clear()
    machine = type("Tried", (Ledger,), {"fresh": staticmethod(fresh)})
    checks = list(HealthCheck)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            phases=[Phase.generate],  # a seed does not shrink
        ),
    )
    print(f"\n{sum(COUNTED.values())} acts of {examples} sequences")
    print("  in all:", ", ".join(f"{code} {n}" for code, n in sorted(_results().items())))
    print("  decided:", ", ".join(f"{' '.join(one)} {n}" for one, n in sorted(DECIDED.items())))
    for name in sorted({name for name, _ in COUNTED}):
        print(f"  {name:18}", ", ".join(f"{code} {n}" for (one, code), n in sorted(COUNTED.items()) if one == name))


def _sqlite(folder: Path) -> Callable[[], tuple[Store, Callable[[], None]]]:
    first = folder / "first.db"
    _furnished(f"sqlite:///{first}")
    numbers = count(1)

    def fresh() -> tuple[Store, Callable[[], None]]:
        file = folder / f"{next(numbers)}.db"
        shutil.copy(first, file)

        def gone() -> None:
            for one in folder.glob(f"{file.name}*"):
                one.unlink()

        return connect(f"sqlite:///{file}"), gone

    return fresh


def _results() -> dict[str, int]:
    found: Counter[str] = Counter()
    for (_, code), number in COUNTED.items():
        found[code] += number
    return found


def _done() -> set[str]:
    return {name for name, code in COUNTED if code == "done"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: nothing here asks whether a disk keeps what it is given."""
    if not (memory := Path("/dev/shm")).is_dir():  # noqa: S108 - a folder of its own is made in it
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as made:
        yield Path(made)


def test_whatever_is_done_only_a_fit_clinician_decides_adversely(folder: Path) -> None:
    _tried(_sqlite(folder), examples=24, steps=10)
    found = _results()
    assert found["done"] >= 60
    assert min(found[code] for code in ("no-right", "not-found", "state", "stale")) >= 1
    assert {"decide-adversely", "receive", "again"} <= _done()


def _all_was_done(least: int) -> None:
    """See that the property holds of something: each act was done, each refusal given."""
    found = _results()
    assert found["done"] >= least
    assert len(set(ACTS) - _done()) <= 2
    against = [one for one in DECIDED if one[0] in ("adverse", "part")]
    assert sum(DECIDED[one] for one in against) >= 15
    assert {role for _, _, role in against} <= {"director", "appeals"}
    assert {signer for _, signer, _ in against} <= set(FIT)
    assert {role for kind, _, role in DECIDED if kind == "approve-by-rule"} == {"rule"}
    assert min(found[code] for code in ("no-right", "not-found", "state", "stale", "invalid")) >= 20
    assert COUNTED["decide-adversely", "done"] >= 10
    assert COUNTED["decide-in-part", "done"] >= 3
    assert COUNTED["decide-adversely", "no-right"] >= 10
    assert COUNTED["again", "done"] >= 10


@pytest.mark.slow
def test_the_same_of_hundreds_of_long_sequences_on_sqlite(folder: Path) -> None:
    _tried(_sqlite(folder), examples=300, steps=30)
    _all_was_done(1500)


@pytest.mark.slow
def test_the_same_of_hundreds_of_long_sequences_on_postgresql(postgresql: Any) -> None:
    _furnished(first := postgresql.fresh())
    numbers = count(1)
    base = first.rpartition("/")[2]

    def fresh() -> tuple[Store, Callable[[], None]]:
        name = f"{base}_{next(numbers)}"
        postgresql.sql(f"CREATE DATABASE {name} OWNER priorauth TEMPLATE {base} STRATEGY file_copy")
        return connect(first.replace(base, name)), lambda: postgresql.sql(f"DROP DATABASE {name}")

    _tried(fresh, examples=200, steps=25)
    _all_was_done(1000)
