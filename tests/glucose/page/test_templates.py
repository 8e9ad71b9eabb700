"""What a template is given is shown as text, never as HTML; what it is not given is an error."""

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from priorauth.glucose.page.templates import _environment, render


def test_a_value_is_text_and_never_html() -> None:
    made = _environment().from_string("<b>{{ name }}</b>").render(name="<script>'&\"")
    assert made == "<b>&lt;script&gt;&#39;&amp;&#34;</b>"


def test_a_value_that_a_template_names_and_was_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="name"):
        _environment().from_string("{{ name }}").render()


def test_a_template_that_is_not_in_the_package_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("none.html")


def test_figures_have_one_digit_none_or_commas_as_the_filter_says() -> None:
    made = _environment().from_string("{{ x | tenths }} {{ x | whole }} {{ n | thousands }}").render(x=12.34, n=1234567)
    assert made == "12.3 12 1,234,567"
