"""A made page is read back: all of its words, and our own among them."""

from priorauth.letters import page

HTML = (
    "<head><title>T</title><style>p{}</style></head><body><h1>Head</h1>"
    '<p>Call <span class="given">555</span> now. <span class="cite given">(1 CFR 2)</span></p>'
    "<ul><li>One</li></ul></body>"
)


def test_all_words_are_read_and_neither_style_nor_title() -> None:
    assert page.text(HTML).split("\n") == ["Head", "Call 555 now. (1 CFR 2)", "One"]


def test_of_our_own_words_a_value_is_something_and_a_citation_nothing() -> None:
    assert page.own_words(HTML) == ("Head", "Call something now.", "One")


def test_paragraphs_and_points_of_lists_are_read_as_sentences_and_headings_are_not() -> None:
    assert page.own_paragraphs(HTML) == ("Call something now.", "One")
