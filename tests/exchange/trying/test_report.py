"""What was found, as lines, as JSON and as JUnit's XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.trying import report
from priorauth.exchange.trying.found import Result

FOUND = [
    Result("submit.answers", "passed", "200", "", 0.5),
    Result("submit.time", "failed", "within <15> s & more", '16.0 "s"', 0.25),
    Result("submit.denied", "not applicable", "a reason", "no item is answered A3", 0.0),
]


def test_a_check_is_a_line_and_one_that_failed_says_what_was_expected() -> None:
    assert list(report.lines(FOUND)) == [
        "passed  submit.answers",
        'FAILED  submit.time: 16.0 "s"',
        "          expected within <15> s & more",
        "n/a     submit.denied: no item is answered A3",
    ]
    assert report.summary(FOUND) == "1 passed, 1 failed, 1 not applicable"


def test_a_program_gets_everything() -> None:
    found = report.as_json(FOUND, "https://a.example", "2.2")
    assert (found["server"], found["version"], len(found["results"])) == ("https://a.example", "2.2", 3)
    assert found["results"][1] == {
        "name": "submit.time", "stand": "failed", "expected": "within <15> s & more", "found": '16.0 "s"',
        "seconds": 0.25,
    }  # fmt: skip


def test_junit_counts_and_names_each() -> None:
    suite = ET.fromstring(report.junit(FOUND, "https://a.example", "2.2").encode())  # noqa: S314 - our own
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped", "errors", "time")} == {
        "tests": "3", "failures": "1", "skipped": "1", "errors": "0", "time": "0.750",
    }  # fmt: skip
    cases = suite.findall("testcase")
    assert [(one.get("classname"), one.get("name")) for one in cases] == [
        ("submit", "answers"), ("submit", "time"), ("submit", "denied"),
    ]  # fmt: skip
    failure, skipped = cases[1].find("failure"), cases[2].find("skipped")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ('16.0 "s"', "expected within <15> s & more")
    assert skipped is not None
    assert skipped.get("message") == "no item is answered A3"


@given(st.text())
def test_whatever_a_server_said_the_xml_can_be_read_and_a_line_stays_one(said: str) -> None:
    one = Result("submit.time", "failed", "something", said, 0.0)
    suite = ET.fromstring(report.junit([one], said, "2.2").encode())  # noqa: S314 - our own
    assert len(suite) == 1
