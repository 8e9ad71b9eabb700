"""The synthetic file of each format: in which format it is, and how many readings of a sensor and of a meter it holds.

Of an archive or a workbook the readings of all its logs, each once.
"""

from typing import Final, NamedTuple

from tests.glucose.logs import DATA

FORMS: Final = DATA / "formats"


class Form(NamedTuple):
    """What a file holds."""

    format: str
    cgm: int
    meter: int
    left_out: dict[str, int]
    total: int = 1177
    """The sum of the sensor's readings, mg/dL: of the ten that most files share."""


LIBRE: Final = Form("libreview", 10, 1, {"scan": 1})
HELD: Final = {
    "accuchek_guide_en.csv": Form("accuchek", 0, 5, {"control-solution": 1}, 0),
    "accuchek_mobile_de.csv": Form("accuchek", 0, 2, {"control-solution": 1}, 0),
    "apple_health.xml": Form("apple-health", 10, 2, {"device-unknown": 1}),
    "apple_health.zip": Form("apple-health", 10, 2, {"device-unknown": 1}),
    "carelink_us_typed.csv": Form("carelink", 0, 5, {}, 0),
    "clarity_translated_de.csv": Form("clarity", 10, 1, {"copy-of-fingerstick": 1}, 1167),
    "contour_de.csv": Form("contour", 0, 2, {}, 0),
    "contour_en.csv": Form("contour", 0, 4, {"control-solution": 1}, 0),
    "dexcom_studio.txt": Form("dexcom-studio", 10, 1, {}, 1318),
    "diasend.xlsx": Form("diasend", 10, 2, {}),
    "diasend_cgm.csv": Form("diasend", 10, 0, {}),
    "diasend_meter.csv": Form("diasend", 0, 2, {}, 0),
    "eversense.csv": Form("eversense", 10, 0, {"no-value": 1, "copy-of-fingerstick": 1}),
    "glooko.zip": Form("glooko", 10, 2, {}),
    "glooko_camaps_de.csv": Form("glooko", 12, 0, {}, 1856),
    "juggluco.tsv": Form("juggluco", 10, 0, {}),
    "libre_de.txt": LIBRE,
    "libre_es.txt": LIBRE,
    "libre_fr.txt": LIBRE,
    "libre_it.txt": LIBRE,
    "libre_nl.txt": LIBRE,
    "librelinkup.json": Form("librelinkup", 10, 0, {}),
    "libreview_2018.csv": Form("libreview", 10, 1, {}, 1176),
    "libreview_de.csv": LIBRE,
    "libreview_es.csv": LIBRE,
    "libreview_fr.csv": LIBRE,
    "libreview_it.csv": LIBRE,
    "libreview_nl.csv": LIBRE,
    "libreview_quoted.csv": LIBRE,
    "mysugr_de.csv": Form("mysugr", 0, 2, {}, 0),
    "mysugr_en.csv": Form("mysugr", 0, 3, {}, 0),
    "nightscout.ndjson": Form("nightscout", 10, 0, {}),
    "nightscout_entries.tsv": Form("nightscout", 10, 0, {}),
    "nightscout_mongoexport.json": Form("nightscout", 10, 0, {}),
    "nightscout_treatments.json": Form("nightscout", 0, 3, {"not-glucose": 1, "device-unknown": 1}, 0),
    "nightscout_v3.json": Form("nightscout", 10, 0, {"withdrawn": 1}),
    "ohio_t1dm.xml": Form("ohio-t1dm", 10, 1, {}),
    "onetouch_de.csv": Form("onetouch", 0, 2, {}, 0),
    "onetouch_en.csv": Form("onetouch", 0, 3, {"test-without-value": 1}, 0),
    "openmhealth.json": Form("open-mhealth", 10, 1, {"not-glucose": 1, "device-unknown": 1}),
    "sugarmate.csv": Form("sugarmate", 10, 0, {}),
    "sugarmate.xlsx": Form("sugarmate", 10, 0, {}),
    "tconnect.csv": Form("tconnect", 10, 1, {"copy-of-fingerstick": 1}),
    "tidepool.xlsx": Form("tidepool-workbook", 10, 2, {}),
    "xdrip_sidiary.csv": Form("xdrip", 10, 1, {}),
}
