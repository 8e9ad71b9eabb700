import msgspec

from priorauth.fhir.forms import QuestionnaireResponse


def test_items_nest_under_items_and_under_answers() -> None:
    text = b"""{"resourceType":"QuestionnaireResponse","item":[{"linkId":"a","item":[{"linkId":"b"}],
        "answer":[{"valueDecimal":7.10,"item":[{"linkId":"c"}]}]}]}"""
    (item,) = msgspec.json.decode(text, type=QuestionnaireResponse).item
    assert [inner.link_id for inner in item.item] == ["b"]
    assert [inner.link_id for inner in item.answer[0].item] == ["c"]
    assert str(item.answer[0].value_decimal) == "7.10"


def test_an_answer_that_was_not_given_is_not_false() -> None:
    text = b'{"resourceType":"QuestionnaireResponse","item":[{"linkId":"a","answer":[{}]}]}'
    assert msgspec.json.decode(text, type=QuestionnaireResponse).item[0].answer[0].value_boolean is None
