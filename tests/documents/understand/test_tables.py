"""Results in rows."""

from __future__ import annotations

from priorauth.documents.pages import Page
from priorauth.documents.understand import head, rules, tables

LAB = """LABORATORY FINAL REPORT
Patient: Roe, Jane     DOB: 07/21/1958     Collected: 09/21/2026 08:12    Reported: 09/22/2026 06:40

Test                          Result        Flag   Units           Reference        Prior (03/10/2026)
Hemoglobin A1c               9.3           H      %               4.0-5.6          8.8
Estimated average glucose    220                  mg/dL
Creatinine                   1.62          H      mg/dL           0.70-1.30        1.48
eGFR                         45            L      mL/min/1.73m2   >59
Creatinine, urine            85.0                 mg/dL           20-320
GAD-65 Antibody              250           H      IU/mL           <5
"""


def found(text: str) -> list[tuple[str, str, str | None]]:
    page = Page(number=1, text=text)
    known = rules.load()
    made = list(tables.results(page, known, head.head([page], known), [page]))
    for one in made:
        assert text[one.start : one.start + len(one.quote)] == one.quote
    return [(one.fact, one.value, one.date) for one in made]


def test_a_row_has_its_value_of_the_sample_and_that_of_an_earlier_one() -> None:
    assert found(LAB) == [
        ("hba1c", "9.3 %", "2026-09-21"),
        ("hba1c", "8.8 %", "2026-03-10"),
        ("serum_creatinine", "1.62 mg/dL", "2026-09-21"),
        ("serum_creatinine", "1.48 mg/dL", "2026-03-10"),
        ("beta_cell_autoantibody", "positive", "2026-09-21"),
    ]


def test_days_that_head_columns_date_what_stands_beneath() -> None:
    text = (
        "Laboratory trend      04/21/2026    04/22/2026    04/24/2026\n"
        "  Glucose             512           163           149\n"
        "  Creatinine          1.41          0.90          0.82\n"
    )
    assert found(text) == [
        ("serum_creatinine", "1.41 mg/dL", "2026-04-21"),
        ("serum_creatinine", "0.90 mg/dL", "2026-04-22"),
        ("serum_creatinine", "0.82 mg/dL", "2026-04-24"),
    ]


def test_rows_of_days_and_values_go_on_under_their_label() -> None:
    assert found(
        "CLINIC NOTE\nHbA1c\n   03/30/2026  8.1 %\n   11/18/2025  8.9 %\n   10/20/2025  84 %   (poor copy)\n"
    ) == [
        ("hba1c", "8.1 %", "2026-03-30"),
        ("hba1c", "8.9 %", "2025-11-18"),
    ]
