"""Each kind of letter is one struct, known by its tag."""

import pytest

from priorauth.letters.kinds import Kind, kind_of
from priorauth.letters.templates import FOLDER
from tests.letterbook import KINDS, facts


@pytest.mark.parametrize("kind", KINDS)
def test_the_tag_of_what_a_letter_says_is_its_kind_and_has_a_template(kind: Kind) -> None:
    assert kind_of(facts(kind).says) == kind
    assert (FOLDER / f"{kind}.html").is_file()
