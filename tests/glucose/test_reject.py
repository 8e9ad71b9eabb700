import pickle

from priorauth.glucose.reject import DETAILED, Reject, RejectReason, Tally, log_refused


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
    error = log_refused("a\nb.csv", "expected a glucose log", row=7)
    assert str(error) == "a?b.csv, row 7: expected a glucose log"


def test_an_error_survives_the_way_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(log_refused("a.csv", "empty", row=3)))  # noqa: S301  (our own bytes)
    assert str(error) == "a.csv, row 3: empty"


def test_a_name_is_shown_up_to_a_hundred_and_twenty_characters_and_the_row_only_where_there_is_one() -> None:
    assert str(log_refused("x" * 121, "empty")) == "x" * 120 + ": empty"


def test_rejects_of_one_row_stand_in_the_order_of_the_reasons() -> None:
    tally = Tally()
    tally.add(RejectReason.SCAN, [4])
    tally.add(RejectReason.NO_VALUE, [4])
    tally.add(RejectReason.NO_VALUE, [5])
    assert tally.rejects() == (
        Reject(4, RejectReason.NO_VALUE),
        Reject(4, RejectReason.SCAN),
        Reject(5, RejectReason.NO_VALUE),
    )
    assert tally.counts() == {"no-value": 2, "scan": 1}
    assert list(tally.counts()) == ["no-value", "scan"]


def test_the_first_thousand_of_each_reason_are_kept_and_a_thousand_of_all_are_given() -> None:
    tally = Tally()
    tally.add(RejectReason.SCAN, range(1, 1000))
    tally.add(RejectReason.SCAN, range(5001, 5003))
    tally.add(RejectReason.NO_VALUE, [1001])
    assert [reject.row for reject in tally.rejects()][-2:] == [999, 1001]
    assert DETAILED == 1000
