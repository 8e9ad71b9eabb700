import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.metrics.profile import Profile
from priorauth.glucose.page.curve import between, crossed, curves, runs

VALUES = st.lists(
    st.one_of(st.none(), st.lists(st.integers(40, 400), min_size=5, max_size=5).map(sorted)), min_size=24, max_size=24
)


def made(rows: list[list[int] | None]) -> Profile:
    values = np.array([[np.nan] * 5 if row is None else [float(value) for value in row] for row in rows])
    width = 1440 // len(rows)
    none = np.zeros(len(rows), np.int64)
    return Profile("x", (5, 25, 50, 75, 95), np.arange(len(rows)) * width, width, values, values, none, 0)


@given(VALUES)
def test_a_curve_goes_through_the_middles_and_never_beyond_its_neighbours(rows: list[list[int] | None]) -> None:
    for piece in curves(made(rows)):
        assert not np.isnan(piece.values).any()
        assert (np.diff(piece.values, axis=1) >= 0).all()  # the percentiles never cross
        for minute, values in zip(piece.minutes.tolist(), piece.values.tolist(), strict=True):
            place = (minute - 30) / 60
            near = [rows[int(np.floor(place)) % 24], rows[int(np.ceil(place)) % 24]]
            known = [row for row in near if row is not None]
            for level, value in enumerate(values):
                assert min(row[level] for row in known) - 1e-6 <= value <= max(row[level] for row in known) + 1e-6
            if minute % 60 == 30 and known:
                assert np.allclose(values, known[0])


@given(VALUES)
def test_the_curves_cover_the_hours_that_have_percentiles_and_no_others(rows: list[list[int] | None]) -> None:
    covered = sum(float(piece.minutes[-1] - piece.minutes[0]) for piece in curves(made(rows)))
    assert covered == 60 * sum(row is not None for row in rows)


def test_midnight_is_no_edge() -> None:
    rows: list[list[int] | None] = [[100 + hour] * 5 for hour in range(24)]
    (piece,) = curves(made(rows))
    assert piece.values[0].tolist() == piece.values[-1].tolist()


def test_one_hour_alone_is_level() -> None:
    (piece,) = curves(made([[90] * 5, *[None] * 23]))
    assert (piece.minutes[0], piece.minutes[-1], set(piece.values.ravel().tolist())) == (0, 60, {90.0})


def test_where_a_line_crosses_a_level_a_point_is_added() -> None:
    x, columns = crossed(np.array([0.0, 10, 20]), np.array([[60.0], [80], [80]]), [70.0])
    assert (x.tolist(), columns[:, 0].tolist()) == ([0, 5, 10, 20], [60, 70, 80, 80])


def test_the_area_between_two_lines_is_cut_at_the_levels() -> None:
    x = np.array([0.0, 10, 20])
    (outline,) = between(x, np.array([0.0, 0, 0]), np.array([5.0, 10, 20]), 10, 100)
    assert outline == [(10, 10), (20, 20), (20, 10), (10, 10)]


@given(st.lists(st.booleans(), max_size=40))
def test_runs_are_the_stretches_of_true_values(known: list[bool]) -> None:
    filled = [False] * len(known)
    for begin, end in runs(np.array(known, bool)):
        filled[begin:end] = [True] * (end - begin)
    assert filled == known
