"""The application: alive, ready, its figures, its pages; nothing of it asks another host."""

from __future__ import annotations

import re

import pytest

from priorauth.ledger.schema import open_store
from tests.ledger import house
from tests.server.running import Running, running, token

PAGES = ("/", "/api/v1/docs", "/plain.css")


def test_a_server_is_alive_and_ready(served: Running) -> None:
    assert served.client.get("/healthz").json() == {"alive": True}
    found = served.client.get("/readyz")
    assert (found.status_code, found.json()) == (200, {"ready": True, "wrong": []})


def test_a_server_whose_workers_are_silent_is_not_ready(served: Running) -> None:
    served.service.workers = True
    found = served.client.get("/readyz")
    assert (found.status_code, found.json()["wrong"]) == (
        503,
        ["worker sweep", "worker outbox", "worker documents"],
    )


def test_a_server_without_its_database_is_not_ready_and_says_busy(tmp_path: object) -> None:
    store = open_store(f"sqlite:///{tmp_path}/one.db")
    house.furnish(store)
    with running(store) as found:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
            connection.exec_driver_sql("ALTER TABLE cases RENAME TO elsewhere")
        assert found.client.get("/readyz").json()["wrong"] == ["schema of plan"]
        answer = found.client.get("/api/v1/cases")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
    store.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_anything_of_another_host(served: Running, path: str) -> None:
    found = served.client.get(path)
    assert found.status_code == 200
    assert not re.findall(r"(?:src|href|action|url|@import)\s*[=(]?\s*[\"']?(?:https?:)?//[^\"')\s]+", found.text)
    assert "<script" not in found.text
    assert "style=" not in found.text


def test_the_first_page_says_that_anybody_may_do_anything(served: Running) -> None:
    assert "anybody on this machine may do anything here" in served.client.get("/").text


def test_the_first_page_of_a_closed_server_names_no_plan(closed: Running) -> None:
    assert "A plan" not in closed.client.get("/").text


def test_figures_are_for_whoever_bears_a_token_of_the_right_role(closed: Running) -> None:
    assert closed.client.get("/metrics").status_code == 401
    nurse = token(closed.store, "nina", "nurse")
    assert closed.client.get("/metrics", headers=nurse).status_code == 401
    admin = token(closed.store, "adam", "admin", "a" * 43)
    assert closed.client.get("/metrics", headers=admin).status_code == 200


def test_what_is_not_there_is_a_problem_and_no_page(served: Running) -> None:
    for path in ("/nothing", "/api/v1/nothing", "/api/v1/cases/26-0001/acts/deny"):
        found = served.client.post(path)
        assert found.status_code == 404
        assert found.headers["Content-Type"] == "application/problem+json"
    assert served.client.put("/api/v1/cases").status_code == 405


def test_a_person_reads_a_page_where_there_is_none(served: Running) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    missing = served.client.get("/nothing", headers=headers)
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>Not Found</h1>" in missing.text
    assert served.client.put("/healthz", headers=headers).status_code == 405
