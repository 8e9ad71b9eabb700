from tests.glucose.logs import fixture, lines, local_times, read, stream

HEADER = "Sensorid\tnr\tUnixTime\tYYYY-mm-dd-HH:MM:SS\tTZ\tMin\tmmol/L\tRate\tChangeLabel\n"


def test_the_instant_and_the_offset_place_each_reading() -> None:
    log = fixture("formats/juggluco.tsv")
    assert local_times(stream(log, "cgm"))[0] == "2026-03-14 01:00"
    assert set(stream(log, "cgm").offsets.tolist()) == {60}


def test_an_instant_that_is_none_and_a_value_that_is_missing_are_counted() -> None:
    log = read(
        HEADER
        + "A\t1\t1773446400\tx\t0\t0\t6.7\t0\t\nA\t2\tnow\tx\t0\t1\t6.7\t0\t\nA\t3\t1773446520\tx\t99\t2\t\t0\t\n"
    )
    assert lines(log, "cgm") == [(2, "2026-03-14 00:00", 121, "")]
    assert log.counts == {"unreadable-time": 1, "no-value": 1}
