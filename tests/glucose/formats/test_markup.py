import pytest

from priorauth.glucose.formats.markup import is_markup
from tests.glucose.logs import refusal

BOMB = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'<?xml version="1.0"?><!DOCTYPE HealthData [<!ENTITY a "aa">{BOMB}]><HealthData>&j;</HealthData>',
            "declares entities",
        ),
        ('<!DOCTYPE HealthData [<!ENTITY a SYSTEM "file:///etc/passwd">]><HealthData/>', "declares entities"),
        ('<!DOCTYPE HealthData [<!ENTITY % a SYSTEM "http://x/">]><HealthData/>', "declares entities"),
        ("<ClinicalDocument/>", "XML of another kind"),
        ("<a", "expected the root"),
        ("<a b></a>", "expected well-formed XML"),
        ("<?xml version='1.0'?>", "expected the root"),
    ],
)
def test_xml_that_is_no_log_is_refused_in_one_line(text: str, said: str) -> None:
    assert said in refusal(text)
    assert "\n" not in refusal(text)


@pytest.mark.parametrize(
    ("head", "is_it"), [(b"<a/>", True), (b"\xef\xbb\xbf\n <a/>", True), (b"a<", False), (b"", False), (b"[<", False)]
)
def test_xml_begins_with_a_bracket(head: bytes, is_it: bool) -> None:  # noqa: FBT001  (a column of the table)
    assert is_markup(head) is is_it
