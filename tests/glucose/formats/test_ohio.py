from tests.glucose.logs import count, fixture, lines, read, refusal


def test_the_sensor_and_the_fingersticks_of_one_person_are_read() -> None:
    log = fixture("formats/ohio_t1dm.xml")
    assert (count(log, "cgm"), log.patients) == (10, ("999",))
    assert lines(log, "meter") == [(16, "2026-03-14 07:10", 131, "")]


def test_the_day_stands_first_also_where_nothing_tells() -> None:
    text = '<patient id="1"><glucose_level><event ts="03-04-2026 07:10:00" value="120"/></glucose_level></patient>'
    assert lines(read(text), "cgm") == [(1, "2026-04-03 07:10", 120, "")]


def test_a_person_within_a_person_and_a_file_cut_short_are_refused() -> None:
    inner = '<patient id="1"><patient id="2"><glucose_level/></patient></patient>'
    assert "a second patient" in refusal(inner)
    assert "expected well-formed XML" in refusal('<patient id="1"><glucose_level>')
    assert "nests deeper" in refusal('<patient id="1">' + "<a>" * 30 + "</a>" * 30 + "</patient>")
