"""C-CDA: narrative as a person reads it, with its lists and tables; who it is of and who signed."""

from __future__ import annotations

from typing import Final

import pytest

from priorauth.documents import read
from priorauth.errors import InputRefused
from tests.documents import papers

HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Progress note</title><effectiveTime value="20261006101500-0500"/>
<recordTarget><patientRole><id root="1.2" extension="00418827"/><patient><name><given>Jane</given> <family>Roe</family>
</name><birthTime value="19800304"/></patient></patientRole></recordTarget>
<author><assignedAuthor><assignedPerson><name><given>Ann</given> <family>Lee</family><suffix>MD</suffix></name>
</assignedPerson></assignedAuthor></author>
<legalAuthenticator><time value="20261007"/><assignedEntity><assignedPerson><name>Ann Lee, MD</name></assignedPerson>
</assignedEntity></legalAuthenticator>"""
BODY: Final = """<component><structuredBody><component><section><title>Results</title><text>
<table><thead><tr><th>Test</th><th>Result</th></tr></thead>
<tbody><tr><td>HbA1c</td><td ID="r1">8.4 %</td></tr></tbody></table></text></section></component>
<component><section><title>Assessment</title><text><paragraph>Type 1 diabetes,
<content styleCode="Bold">poorly</content> controlled.</paragraph><list><item>Denies ketoacidosis<list><item>none since
<content revised="delete">2017</content>2019</item></list></item>
<item>Wears a sensor</item></list></text></section></component></structuredBody></component></ClinicalDocument>"""


def test_the_head_says_of_whom_by_whom_and_when() -> None:
    lines = papers.text((HEAD + BODY).encode()).split("\n")
    assert lines[:5] == [
        "Progress note",
        "Patient: Jane Roe   DOB: 1980-03-04   MRN: 00418827",
        "Date: 2026-10-06",
        "Author: Ann Lee MD",
        "Electronically signed by Ann Lee, MD on 2026-10-07",
    ]


def test_sections_are_told_under_their_titles_rows_and_items_a_line_each() -> None:
    text = papers.text((HEAD + BODY).encode())
    lines = [line.strip() for line in text.split("\n") if line.strip()][5:]
    assert lines == [
        "RESULTS",
        "Test    Result",
        "HbA1c   8.4 %",
        "ASSESSMENT",
        "Type 1 diabetes, poorly controlled.",
        "Denies ketoacidosis",
        "none since 2019",
        "Wears a sensor",
    ]


def test_one_without_a_section_that_can_be_read_says_so() -> None:
    found = read.read((HEAD + "</ClinicalDocument>").encode())
    assert found.kind == "ccda"
    assert found.notes == ("the C-CDA has no section that a person can read",)
    assert "Jane Roe" in found.text


def test_one_that_holds_a_file_says_that_the_file_was_not_read() -> None:
    body = '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">JVBERi0x</text></nonXMLBody>'
    found = read.read((HEAD + body + "</component></ClinicalDocument>").encode())
    assert found.notes == ("the C-CDA holds a file (application/pdf) that was not read: send it alone",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            HEAD.replace("<ClinicalDocument", '<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument') + BODY,
            "declares a document type",
        ),
        (HEAD, "no well-formed XML"),
    ],
)
def test_what_no_c_cda_needs_is_refused(content: str, said: str) -> None:
    with pytest.raises(InputRefused, match=said):
        papers.text(content.encode())


def test_an_encoding_that_has_a_document_type_hidden_is_refused_too() -> None:
    content = HEAD.replace("UTF-8", "UTF-16").replace(
        "<ClinicalDocument", '<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument'
    )
    with pytest.raises(InputRefused, match="declares a document type"):
        papers.text((content + BODY).encode("utf-16"))
