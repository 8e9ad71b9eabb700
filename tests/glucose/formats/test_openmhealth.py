import json

from tests.glucose.logs import left_out, lines, read, refusal


def point(value: object, when: str = "2026-03-14T07:10:00-05:00", who: str = "", **body: object) -> dict[str, object]:
    head: dict[str, object] = {"schema_id": {"namespace": "omh", "name": "blood-glucose"}}
    return {
        "header": head | ({"user_id": who} if who else {}),
        "body": {
            "blood_glucose": {"value": value, "unit": "mg/dL"},
            "effective_time_frame": {"date_time": when},
            **body,
        },
    }


def test_the_specimen_says_what_measured() -> None:
    typed = point(141, "2026-03-14T12:10:00-05:00")
    typed["header"] = {"acquisition_provenance": {"modality": "self-reported"}}
    log = read(
        json.dumps(
            [
                point(120, specimen_source="interstitial fluid"),
                point(131, specimen_source="capillary blood", temporal_relationship_to_meal="before breakfast"),
                point(99, specimen_source="plasma"),
                point(98),
                typed,
                {"header": {}, "body": {"heart_rate": {"value": 70}}},
            ]
        )
    )
    assert lines(log, "cgm") == [(1, "2026-03-14 07:10", 120, "")]
    assert lines(log, "meter") == [
        (2, "2026-03-14 07:10", 131, "BEFORE_MEAL"),
        (5, "2026-03-14 12:10", 141, "MANUAL"),
    ]
    assert left_out(log) == [(3, "not-glucose"), (4, "device-unknown"), (6, "not-glucose")]


def test_a_span_counts_from_its_start() -> None:
    entry = point(120, specimen_source="capillary blood")
    entry["body"] |= {"effective_time_frame": {"time_interval": {"start_date_time": "2026-03-14T08:00:00Z"}}}  # type: ignore[operator]
    assert lines(read(json.dumps([entry])), "meter") == [(1, "2026-03-14 08:00", 120, "")]


def test_points_of_two_people_are_refused() -> None:
    two = [point(120, who=who, specimen_source="capillary blood") for who in ("a", "b")]
    assert refusal(json.dumps(two)) == "log, row 2: more than one user; expected one patient in a file"
