"""The page of a run: every number stands in a table, drawings are told in words, small counts can be hidden."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from priorauth.errors import PopulationError
from priorauth.population.dataset import About
from priorauth.population.funnel import page
from tests.population.funnels import ABOUT, SHA


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_page_says_what_decided_and_every_number_once_as_text() -> None:
    text = words(page(ABOUT))
    for said in ("payer-x/pumps, version 3, sha256 " + SHA, "hba1c_age = 6 months", "product_code=E0784 (of 1,200)"):
        assert said in text
    for said in ("request-information 700 53.8 %", "approve 400 30.8 %", "not-applicable 7 0.5 %", "motivated 9"):
        assert said in text
    assert "A Title &lt;A&gt; 800 80 91 9 20 820 12" in text
    assert "B Title &lt;B&gt; 500 250 250 0 0 8 3" in text
    assert "Pumps &amp; more" in text
    assert "replacement: 300 members The run left this pathway out." in text


def test_each_drawing_has_a_title_and_a_description_and_bars_as_wide_as_their_counts() -> None:
    drawn = re.findall(r"<svg.*?</svg>", page(ABOUT), re.DOTALL)
    drawings = [ET.fromstring(one) for one in drawn]  # noqa: S314 - our own text
    assert len(drawings) == 3
    ids = [each.get("id") for one in drawings for each in one.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == 6
    for one in drawings:
        assert (one.get("role"), (one.get("aria-labelledby") or "").split()) == (
            "img",
            [one[0].get("id"), one[1].get("id")],
        )
    bars = {rect.get("class"): float(rect.get("width") or 0) for rect in drawings[1].iter("rect")}
    assert bars == {
        "met": 480.0,
        "not-met": 48.0,
        "unknown": 54.6,
        "conflict": 5.4,
        "not-applicable": 12.0,
        "left": 492.0,
    }


def test_small_counts_are_hidden_and_one_more_where_the_total_would_give_one_away() -> None:
    text = page(ABOUT, 11)
    said = words(text)
    assert "Counts of 1 to 10 members are hidden" in said
    assert "clinical-review hidden not-applicable hidden" in said
    assert "approve 400" in said
    assert "A Title &lt;A&gt; 800 80 91 hidden hidden 820 12" in said
    assert "B Title &lt;B&gt; 500 250 250 0 0 hidden hidden" in said
    assert "motivated hidden" in said
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert 'class="conflict"' not in drawings[1]
    assert 'class="left"' not in drawings[2]


def test_the_page_stands_alone_without_a_script() -> None:
    text = page(ABOUT)
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?!#)', text)
    assert "url(" not in text
    targets = re.findall(r'href="#([^"]+)"', text)
    assert len(targets) == 4
    assert all(f'id="{one}"' in text for one in targets)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_words_and_bars_stand_out_in_light_dark_and_on_paper() -> None:
    themes = re.findall(r":root \{([^}]*)\}", page(ABOUT))
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", theme))
        back = luminance(colours.pop("back"))
        colours.pop("line")
        for name, colour in colours.items():
            low, high = sorted((back, luminance(colour)))
            wanted = 4.5 if name in {"text", "soft", "link"} else 3.0
            assert (high + 0.05) / (low + 0.05) >= wanted, (name, colour)


def test_what_is_no_summary_is_refused() -> None:
    with pytest.raises(PopulationError, match="expected the summary of a run"):
        page(About(policy=ABOUT.policy, parts=(), summary={"members": 1}))
