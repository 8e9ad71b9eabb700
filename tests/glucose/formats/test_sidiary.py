from tests.glucose.logs import fixture, lines, read, refusal


def test_the_sensor_and_the_fingersticks_have_a_column_each() -> None:
    log = fixture("formats/xdrip_sidiary.csv")
    assert len(lines(log, "cgm")) == 10
    assert lines(log, "meter") == [(12, "2026-03-14 07:10", 131, "MANUAL")]


def test_codes_of_the_receiver_and_the_ends_of_its_range_are_told() -> None:
    rows = "".join(f"14.03.2026;00:{5 * n:02};{value};;;;\n" for n, value in enumerate((5, 39, 401, 120)))
    log = read("DAY;TIME;UDT_CGMS;BG_LEVEL;CH_GR;BOLUS;REMARK\n" + rows)
    assert [row[2:] for row in lines(log, "cgm")] == [(39, "LOW"), (401, "HIGH"), (120, "")]
    assert log.counts == {"error-code": 1}


def test_values_in_mmol_are_refused() -> None:
    rows = "".join(f"14.03.2026;00:{5 * n:02};6.{n};;;;\n" for n in range(4))
    assert "no readings" in refusal("DAY;TIME;UDT_CGMS\n" + rows) or "cannot be in the unit" in refusal(
        "DAY;TIME;UDT_CGMS\n" + rows
    )
