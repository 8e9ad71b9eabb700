import pickle

from priorauth.glucose.reject import DETAILED, GlucoseFileError, Reject, RejectReason, Tally


def test_every_reject_is_counted_and_only_the_first_thousand_are_listed() -> None:
    tally = Tally()
    tally.add(RejectReason.NO_VALUE, range(1, 100_001))
    assert tally.counts() == {"no-value": 100_000}
    assert len(tally.rejects()) == DETAILED
    assert tally.rejects()[0] == Reject(1, RejectReason.NO_VALUE)


def test_rejects_stand_in_the_order_of_the_file_whatever_the_order_in_which_they_were_found() -> None:
    tally = Tally()
    tally.add(RejectReason.SCAN, [9, 4])
    tally.add(RejectReason.NO_VALUE, [7])
    assert [reject.row for reject in tally.rejects()] == [4, 7, 9]


def test_nothing_left_out_is_no_count_at_all() -> None:
    tally = Tally()
    tally.add(RejectReason.DUPLICATE, [])
    assert tally.counts() == {}


def test_an_error_is_one_line_that_names_file_and_row() -> None:
    error = GlucoseFileError("a\nb.csv", "expected a glucose log", row=7)
    assert str(error) == "a?b.csv, row 7: expected a glucose log"


def test_an_error_survives_the_way_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(GlucoseFileError("a.csv", "empty", row=3)))  # noqa: S301  (our own bytes)
    assert str(error) == "a.csv, row 3: empty"
