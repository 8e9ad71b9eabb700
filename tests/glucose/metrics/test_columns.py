from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.metrics import columns as c


def test_compiled_code_knows_the_flags_by_the_same_bits() -> None:
    plain = (c.FLAG_LOW, c.FLAG_HIGH, c.FLAG_BEFORE_MEAL, c.FLAG_FASTING, c.FLAG_AFTER_MEAL, c.FLAG_TYPED)
    assert plain == (Flag.LOW, Flag.HIGH, Flag.BEFORE_MEAL, Flag.FASTING, Flag.AFTER_MEAL, Flag.MANUAL)


def test_the_last_column_of_a_day_row_is_the_last() -> None:
    assert c.TESTS_SPACED == c.DAY_COLUMNS - 1
    assert c.LAST == c.EVENT_COLUMNS - 1
    assert c.HYPER_EXTENDED == c.KINDS - 1
