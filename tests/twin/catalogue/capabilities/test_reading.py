"""What foreign services say of themselves: each standard, real documents, and what is none."""

import gzip
import json
import time
from datetime import date
from pathlib import Path

import pytest

from tests.factories import capabilities as samples
from twin.catalogue.capabilities import reading
from twin.catalogue.capabilities.description import MOST_ENTRIES, Description, Entry
from twin.catalogue.capabilities.errors import Unreadable


def names(found: Description) -> list[str]:
    return [entry.name for entry in found.entries]


def only(found: Description) -> Entry:
    (entry,) = found.entries
    return entry


def reason(body: bytes, **options: str) -> tuple[str, str]:
    with pytest.raises(Unreadable) as failure:
        reading.read(body, **options)
    return failure.value.reason, failure.value.detail


def as_bytes(document: object) -> bytes:
    return json.dumps(document).encode()


# --- each standard


def test_wms_layers_take_over_what_lies_around_them() -> None:
    inner = samples.wms_layer("baeume", "Bäume", more="<CRS>EPSG:3857</CRS>")
    found = reading.read(samples.wms(samples.wms_layer("", "Grün", inner), samples.wms_layer("wege")))
    assert (found.kind, found.title, found.abstract, found.version) == ("WMS", "Kartendienst", "Karten der Stadt.", "1.3.0")  # fmt: skip
    assert (found.publisher, found.contact.email) == ("Stadt Beispiel", "geo@stadt.example")
    assert names(found) == ["baeume", "wege"]  # neither the root nor the folder has a name to be asked for
    trees, ways = found.entries
    assert (trees.title, trees.group) == ("Bäume", ("Alles", "Grün"))
    assert trees.service["crs"] == ["EPSG:25833", "EPSG:3857", "EPSG:4326"]
    assert ways.service["crs"] == ["EPSG:25833", "EPSG:4326"]
    assert trees.extent == ways.extent == samples.MEISSEN
    assert trees.service["url"] == "https://karten.example/wms?MAP=stadt"
    assert trees.service["formats"] == ["image/jpeg", "image/png"]


def test_address_that_answered_counts_more_than_what_the_document_says() -> None:
    """Behind a proxy it often names the server inside."""
    found = reading.read(samples.wms(samples.wms_layer("a")), url="https://offen.example/wms?REQUEST=GetCapabilities&SERVICE=WMS&map=x")  # fmt: skip
    assert only(found).service["url"] == found.url == "https://offen.example/wms?map=x"


def test_page_where_terms_stand_is_their_address() -> None:
    own = "https://stadt.example/nutzung"
    terms = reading.read(samples.wms(fees=f"Siehe {own}")).licence
    assert (terms.code, terms.url) == ("", own)
    known = "https://www.govdata.de/dl-de/by-2-0"
    terms = reading.read(samples.wms(fees=f"Siehe {own}, Datenlizenz Deutschland – Namensnennung: {known}")).licence  # fmt: skip
    assert (terms.code, terms.url) == ("dl-by-de/2.0", known)


def test_wms_1_1_1_with_its_document_type_is_read() -> None:
    entry = only(reading.read(samples.wms_old()))
    assert (entry.title, entry.extent) == ("Straßen", samples.MEISSEN)
    assert entry.service["crs"] == ["EPSG:4326", "EPSG:31469"]
    assert entry.service["queryable"] is True


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_wfs_types_are_entries(version: str) -> None:
    body = samples.wfs(samples.wfs_type("app:baum", "Baum"), version=version)
    found = reading.read(body if version == "2.0.0" else body.replace(b"DefaultCRS", b"DefaultSRS"))
    entry = only(found)
    assert (entry.name, entry.title, entry.extent) == ("app:baum", "Baum", samples.MEISSEN)
    assert entry.service == {"type": "WFS", "url": "", "layer": "app:baum", "version": version, "crs": ["EPSG:25833"], "formats": ["application/json"], "namespace": "http://stadt.example/app"}  # fmt: skip
    assert (found.licence.code, found.licence.url) == ("dl-zero-de/2.0", "https://www.govdata.de/dl-de/zero-2-0")  # fmt: skip


def test_wmts_layers_name_their_grids() -> None:
    service = only(reading.read(samples.wmts(), url="https://kacheln.example/wmts")).service
    assert (service["matrix_sets"], service["crs"]) == ({"utm33": "EPSG:25833"}, ["EPSG:25833"])
    assert (service["style"], service["template"]) == ("normal", "https://kacheln.example/{TileMatrix}/{TileCol}/{TileRow}.jpg")  # fmt: skip
    assert (service["grid"]["set"], service["grid"]["system"]) == ("utm33", "EPSG:25833")
    far, near = service["grid"]["levels"]
    assert far == {"name": "fern", "resolution": pytest.approx(400 / 256), "origin": [384_000, 5_669_000], "size": [256, 256], "tiles": [10, 10]}  # fmt: skip
    assert near["name"] == "nah"


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        (b"urn:ogc:def:crs:EPSG:6.18:3:25833", b"urn:ogc:def:crs:EPSG::4326"),  # degrees
        (b"384000 5669000", b"384000"),
        (b"384000 5669000", b"NaN 5669000"),
        (b"<ScaleDenominator>", b"<ScaleDenominator>-"),
        (b"<TileWidth>256", b"<TileWidth>0"),
        (b"<MatrixHeight>", b"<MatrixHeight>x"),
    ],
)
def test_grid_that_our_maps_cannot_draw_is_left_out(sound: bytes, broken: bytes) -> None:
    assert sound in samples.wmts()
    found = reading.read(samples.wmts().replace(sound, broken), url="https://kacheln.example/wmts")
    assert only(found).service["grid"] == {}


def test_grid_of_a_real_service_is_the_web_s(shared_data: Path) -> None:
    body = (shared_data / "services/bgr_wmts_capabilities.xml").read_bytes()
    grid = only(reading.read(body, url="https://example.org/wmts")).service["grid"]
    assert (grid["system"], grid["levels"][0]["origin"][0]) == (
        "EPSG:3857",
        pytest.approx(-20_037_508.34, abs=1),
    )
    steps = [one["resolution"] for one in grid["levels"]]
    assert steps == sorted(steps, reverse=True)


def test_landing_page_leads_to_the_collections_as_json() -> None:
    found = reading.read(as_bytes(samples.landing()), url="https://api.example/")
    assert (found.kind, found.title, found.following) == ("OAF", "Geodaten", "https://api.example/collections?f=json")  # fmt: skip
    rows = reading.read(as_bytes(samples.collections("baeume", "wege")), url=found.following)
    assert names(rows) == ["baeume", "wege"]
    assert rows.entries[0].service == {"type": "OAF", "url": "https://api.example", "layer": "baeume", "version": "1.0", "crs": ["EPSG:25833"], "formats": ["application/geo+json"]}  # fmt: skip


def test_csw_leads_to_its_records_page_by_page() -> None:
    asked = reading.read(samples.csw(), url="https://katalog.example/csw?service=CSW").following
    assert asked.startswith("https://katalog.example/csw?SERVICE=CSW&VERSION=2.0.2&REQUEST=GetRecords&")
    assert asked.endswith("startPosition=1")
    page = reading.read(samples.records(samples.record("1", "Bäume"), total=2, following=2), url=asked)
    assert page.following.endswith("startPosition=2")
    assert reading.read(samples.records(samples.record("2", "Wege"), total=2), url=page.following).following == ""  # fmt: skip


def test_hits_alone_are_asked_for_their_records() -> None:
    found = reading.read(samples.records(total=447_773, following=1), url="https://katalog.example/csw")
    assert (names(found), found.total) == ([], 447_773)
    assert found.following.endswith("startPosition=1")


def test_iso_19139_record_is_read() -> None:
    entry = only(reading.read(samples.records(samples.record("abc", "Bäume"))))
    assert (entry.name, entry.title, entry.kind, entry.abstract) == ("abc", "Bäume", "dataset", "Alle Bäume.")
    assert (entry.topics, entry.inspire_themes) == (("environment",), ("Umweltüberwachung",))
    assert (entry.issued, entry.extent) == (date(2024, 5, 6), samples.MEISSEN)
    assert (entry.licence.code, entry.attribution) == ("dl-by-de/2.0", "Stadt Beispiel")
    assert [one.download_url for one in entry.distributions] == ["https://stadt.example/baeume.csv"]


def test_dcat_is_read_in_three_spellings() -> None:
    found = reading.read(samples.turtle(["baeume"], following="https://daten.example/2"))
    entry = only(found)
    assert (found.kind, found.title, found.following) == ("DCAT", "Daten der Stadt", "https://daten.example/2")  # fmt: skip
    assert (entry.title, entry.themes, entry.publisher) == ("Baeume", ("ENVI",), "Stadt Beispiel")
    assert (entry.licence.code, entry.distributions[0].access_url) == ("cc-zero", "https://daten.example/baeume.csv")  # fmt: skip
    xml = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">
    <dcat:Dataset rdf:about="https://daten.example/b"><dct:title>B</dct:title></dcat:Dataset></rdf:RDF>"""
    assert names(reading.read(xml)) == ["https://daten.example/b"]
    json_ld = {"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}, "@id": "https://daten.example/c", "@type": "dcat:Dataset", "dct:title": "C"}  # fmt: skip
    assert names(reading.read(as_bytes(json_ld))) == ["https://daten.example/c"]


def test_arcgis_layers_are_entries_and_folders_are_none() -> None:
    found = reading.read(as_bytes(samples.arcgis()), url="https://gis.example/rest/services/Stadt_Baum/FeatureServer?f=json")  # fmt: skip
    entry = only(found)
    assert (found.kind, found.title) == ("ArcGIS", "Stadt Baum")
    assert (entry.name, entry.title, entry.group) == ("1", "Bäume", ("Ordner",))
    assert entry.extent == pytest.approx((13.2, 51.0, 13.8, 51.4), abs=0.01)


def test_sensorthings_sets_are_entries() -> None:
    found = reading.read(as_bytes(samples.sensorthings("https://sta.example/v1.1")), url="https://sta.example/v1.1/")  # fmt: skip
    assert (found.kind, found.version, names(found)) == ("STA", "1.1", ["Things", "Datastreams"])
    assert found.entries[0].service["address"] == "https://sta.example/v1.1/Things"


# --- real documents

REAL = {
    "services/dwd_wms_1.3.0_capabilities.xml": ("WMS", 178),
    "services/dwd_wfs_2.0.0_capabilities.xml": ("WFS", 55),
    "services/moers_wfs_2.0.0_capabilities.xml": ("WFS", 1),
    "services/bgr_wmts_capabilities.xml": ("WMTS", 1),
    "services/hessen_csw_2.0.2_capabilities.xml": ("CSW", 0),
    "services/gdide_csw_get_records.xml": ("CSW", 10),
    "services/gdide_csw_hits.xml": ("CSW", 0),
    "services/iso19139_service_bayern.xml": ("CSW", 1),
    "services/iso19139_hamburg_3d_service.xml": ("CSW", 1),
    "services/dcatapde_brandenburg.rdf": ("DCAT", 112),
    "services/dcatapde_govdata_catalog-endpoint.rdf": ("DCAT", 6),
    "catalogue/harvest/capabilities_wms_fixture_1.3.0.xml": ("WMS", 8),
    "catalogue/ogcapi/examples/features-Collections.json": ("OAF", 3),
    "catalogue/ogcapi/examples/records-collections.json": ("OAF", 1),
}


@pytest.mark.parametrize("name", REAL)
def test_real_documents_are_read_whole(shared_data: Path, name: str) -> None:
    found = reading.read((shared_data / name).read_bytes(), url="https://example.org/dienst")
    assert (found.kind, len(set(names(found)))) == REAL[name]
    assert all(entry.title and entry.name for entry in found.entries)


def test_all_layers_but_the_nameless_root_are_found(shared_data: Path) -> None:
    """179 layers are in it, by count of its elements."""
    body = (shared_data / "services/dwd_wms_1.3.0_capabilities.xml").read_bytes()
    assert body.count(b"</Layer>") == 179
    assert len(reading.read(body).entries) == 178


# --- what is none


def test_exception_instead_of_the_document_is_told(shared_data: Path) -> None:
    body = (shared_data / "services/wms_service_exception.xml").read_bytes()
    assert reason(body) == ("exception", "msWMSDispatch(): WMS server error. Incomplete WMS request: VERSION parameter missing")  # fmt: skip
    assert reason(as_bytes({"error": {"code": 499, "message": "Token Required"}})) == ("exception", "Token Required")  # fmt: skip


def test_web_page_instead_of_the_document_is_told() -> None:
    page = b"<!DOCTYPE html><html><head><title>Anmeldung</title></head><body>\xfc</body></html>"
    assert reason(page) == ("html", "Anmeldung")
    assert reason(b"\n <HTML><body>Fehler</body></HTML>") == ("html", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<a", "syntax"),
        (b"\x00\x01\x02", "syntax"),
        (gzip.compress(b"<a/>", mtime=0), "syntax"),
        (b"{", "syntax"),
        (b"[" * 100_000, "syntax"),
        (b"<a/>", "unknown"),
        (b"{}", "unknown"),
        (b"<x>" * 300 + b"</x>" * 300, "syntax"),
        (b"@prefix x: <http://x> . x:a", "syntax"),
        (b"@prefix x: <http://x> .", "unknown"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:x>', "syntax"),
        (b'{"@context": "https://example.org/context"}', "context"),
        (b'{"@graph": [{"x": {"@context": [{}, "http://169.254.169.254/"]}}]}', "context"),
        (b'{"@context": {"@import": "http://169.254.169.254/"}}', "context"),
        (b'{"@id": 5, "@type": []}', "unknown"),
    ],
)
def test_what_is_no_document_is_refused(body: bytes, expected: str) -> None:
    assert reason(body)[0] == expected


def test_fifty_megabytes_are_refused_unread() -> None:
    assert reason(samples.wms().ljust(50 << 20))[0] == "large"


def test_json_and_rdf_may_be_no_larger_than_the_memory_they_take() -> None:
    rows = [samples.turtle(["a"]), as_bytes(samples.collections("a"))]
    for body in (
        rows[0] + b"\n#" * (3 << 20) + b"\n@prefix",
        b'{"collections": [' + b"[]," * (2 << 20) + b"[]]}",
    ):
        assert reason(body)[0] == "large"


def test_hostile_numbers_of_layers_and_systems_are_cut_off() -> None:
    """Half a million layers, and a thousand systems that each of them would inherit."""
    systems = "".join(f"<CRS>EPSG:{number}</CRS>" for number in range(2000, 12_000))
    body = samples.wms(systems, *(["<Layer><Name>a</Name></Layer>"] * 300_000))
    assert len(body) < reading.MOST
    started = time.monotonic()
    found = reading.read(body)
    assert len(found.entries) == MOST_ENTRIES + 1
    assert len(found.entries[-1].service["crs"]) == 20
    assert time.monotonic() - started < 20


def test_deep_layers_are_refused() -> None:
    assert reason(samples.wms("<Layer>" * 300 + "</Layer>" * 300))[0] == "syntax"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    body = (
        f"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>{samples.wms().decode().partition('?>')[2]}"
    )
    assert reason(body.replace("Kartendienst", "&f;").encode(encoding))[0] == "entities"


def test_another_kind_than_said_is_told() -> None:
    assert reason(samples.wfs(), kind="WMS") == ("kind", "WFS")


def test_texts_are_cleaned_and_bounded() -> None:
    rows = [{"id": "a", "title": "x\x00y\ud800 " + "z" * 9000, "links": [{"rel": "license", "href": "javascript:alert(1)"}], "keywords": ["k" * 300, 5, None], "extent": {"spatial": {"bbox": [["NaN", 1, 2, 3]]}}}]  # fmt: skip
    entry = only(reading.read(json.dumps({"collections": [*rows, 7, {"id": 5}]}).encode()))
    assert len(entry.title) == 500
    assert entry.title.startswith("x y z")
    assert (entry.extent, entry.licence.url, [len(word) for word in entry.keywords]) == (None, "", [200])
