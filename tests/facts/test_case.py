"""A case gives the rows of each fact in the order in which they came."""

from hypothesis import given
from hypothesis import strategies as st

from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Event, Source

events = st.builds(
    Event,
    st.sampled_from(["hypoglycemia", "ketoacidosis", "prescriber_visit"]),
    st.sampled_from(list(Source)),
    st.text("abc", max_size=3),
    first=st.integers(1, 9),
)


@given(st.lists(events))
def test_rows_are_grouped_by_fact_in_their_order_and_none_is_lost(rows: list[Event]) -> None:
    case = Case(739941, by_fact(rows))
    for fact in {row.fact for row in rows}:
        assert list(case.of(fact)) == [row for row in rows if row.fact == fact]
    assert sum(len(listed) for listed in case.rows.values()) == len(rows)


def test_a_fact_without_rows_has_none() -> None:
    assert Case(739941).of("hba1c") == ()
    assert by_fact([]) == {}
