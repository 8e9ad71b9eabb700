"""For each payer a request whose chart lacks two or three facts, and the fax that states them; all of it invented."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from priorauth.ledger.columns import canonical
from tests.casebook.kept import every

Json = dict[str, Any]


class Faxed(NamedTuple):
    """A request and a fax.

    ``case``: the worked case that it is made of; ``lacks``: the answers (by linkId) and resources (by id) that are
    taken out of it; ``text``: the pages of the fax; ``facts``: what a person has to confirm.
    """

    case: str
    lacks: tuple[str, ...]
    text: tuple[str, ...]
    facts: tuple[str, ...]


def _letter(name: str, born: str, day: str, *lines: str) -> str:
    head = ("Lakeside Endocrinology", "114 Harbor Road        Phone 555 0142", "", day, "")
    who = (f"Patient: {name}          DOB: {born}", "", "LETTER OF MEDICAL NECESSITY", "")
    return "\n".join((*head, *who, *lines, "", "Sincerely,", f"Electronically signed by Dana Reyes, MD on {day}"))


FAXES: Final = {
    "anthem": Faxed(
        "group-1-all-met",
        ("a1c-0", "able_to_operate_pump"),
        (
            _letter(
                "Tess Gallo", "07/19/1981", "10/02/2015",
                "Her hemoglobin A1c was 8.4 % on September 19, 2015.",
                "She is able to operate the pump.",
                "She denies any history of diabetic ketoacidosis.",
            ),
        ),
        ("hba1c", "able_to_operate_pump"),
    ),
    "caresource": Faxed(
        "t1-all-met",
        ("a1c-0", "able_to_operate_pump", "diabetes_education_completed"),
        (
            _letter(
                "Lena Abara", "09/04/1988", "06/09/2026",
                "Her hemoglobin A1c was 8.6 % on May 26, 2026.",
                "She is able to operate the pump.",
            ),
            (
                "Patient: Lena Abara          DOB: 09/04/1988\n\nDiabetes education\n"
                "She completed a comprehensive diabetes education program on 02/15/2026."
            ),
        ),
        ("hba1c", "able_to_operate_pump", "diabetes_education_completed"),
    ),
    "husky": Faxed(
        "husky-a-chronic",
        ("infusion_drug", "prescriber_credential"),
        (
            _letter(
                "Ana Member", "02/02/1982", "09/02/2026",
                "She receives deferoxamine by subcutaneous infusion pump over 10 hours each night.",
                "I have treated her for chronic iron overload since 2019.",
            ),
        ),
        ("infusion_drug", "prescriber_credential"),
    ),
    "masshealth": Faxed(
        "initial-approve-record-and-answers",
        ("motivated", "able_to_operate_pump", "follows_diet_and_exercise"),
        (
            _letter(
                "Rosa Almeida", "03/14/1987", "11/12/2026",
                "She is highly motivated to keep her glucose under good control.",
                "She is able to operate the pump.",
                "She follows her diet and exercise plan.",
                "Her mother has type 2 diabetes.",
            ),
        ),
        ("motivated", "able_to_operate_pump", "follows_diet_and_exercise"),
    ),
    "uhc": Faxed(
        "uhc-csii-antibody-coded",
        ("a1c", "glucose_tests_per_day"),
        (
            _letter(
                "Joan Member", "08/22/1955", "10/05/2026",
                "Her hemoglobin A1c was 8.1 % on September 22, 2026.",
                "She has checked her blood glucose 5 times a day since March 1, 2026.",
            ),
        ),
        ("hba1c", "glucose_tests_per_day"),
    ),
}  # fmt: skip


def request(payer: str) -> bytes:
    """Return the request of a payer without what the fax states."""
    wanted = FAXES[payer]
    found = next(one.load() for one in every() if one.name == wanted.case)
    whole: Json = copy.deepcopy(found["bundle"])
    whole["entry"] = list(_entries(whole["entry"], frozenset(wanted.lacks)))
    return canonical(whole)


def _entries(entries: list[Json], lacks: frozenset[str]) -> Iterator[Json]:
    for entry in entries:
        one = entry["resource"]
        if one.get("id") in lacks:
            continue
        if one["resourceType"] == "QuestionnaireResponse":
            one["item"] = [item for item in one["item"] if item["linkId"] not in lacks]
        yield entry
