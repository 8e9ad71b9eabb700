"""The page of the interface is made from its description."""

from __future__ import annotations

from priorauth.server import pages
from tests.server.running import Running


def test_the_page_has_every_address_and_every_shape(served: Running) -> None:
    api = served.client.get("/api/v1/openapi.json").json()
    found = served.client.get("/api/v1/docs").text
    for path, methods in api["paths"].items():
        assert path in found
        assert all(f'id="{said["operationId"]}"' in found for said in methods.values())
    for name in api["components"]["schemas"]:
        assert f'id="{name}"' in found


def test_what_a_plan_is_called_is_text_and_no_page() -> None:
    found = pages.first(anybody=True, tenants={"plan": "<b>A plan</b>"})
    assert "&lt;b&gt;A plan" in found


def test_what_is_not_done_is_said_as_text_to_whoever_takes_pages() -> None:
    assert pages.wanted({"accept": "text/html,*/*;q=0.8"})
    assert not pages.wanted({"accept": "*/*"})
    assert not pages.wanted({})
    found = pages.trouble("Not Found", "no <b>page</b>")
    assert "<p>No &lt;b&gt;page&lt;/b&gt;.</p>" in found
    assert "<p>Not Found" not in pages.trouble("Not Found", "Not Found")
    assert "<p>." not in pages.trouble("Not Found", "")


def test_the_type_of_a_value_is_said_in_a_few_words() -> None:
    said = {
        "anyOf": [
            {"type": "array", "items": {"$ref": "#/components/schemas/File"}},
            {"enum": ["a", "b"]},
            {"type": "null"},
        ]
    }
    assert pages.kind_of(said) == "list of #File or a | b or null"
    assert pages.kind_of({}) == "anything"
    assert pages.kind_of({"type": "string", "format": "date"}) == "date"
