"""The catalogue as DCAT-AP.de, held against the shapes that GovData and the EU publish; real catalogues given out again."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache as once
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SH, SKOS

from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.planning import make_plan
from tests.factories.records import BARE, make_record
from tests.factories.tenants import TenantFactory, county
from twin.catalogue import dcat, feeding, offers
from twin.catalogue.dcat import DCATDE, Page, capabilities_of
from twin.catalogue.entries import entry_of
from twin.catalogue.entry import Offer, Service
from twin.catalogue.models import Dataset, Record
from twin.catalogue.quality import violations

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
    ),  # rdflib's JSON-LD
]
SHAPES = (
    "dcat-ap-SHACL.ttl",
    "dcat-ap-SHACL-DE.ttl",
    "dcat-ap-spec-german-additions.ttl",
    "dcat-ap-de-controlledvocabularies.ttl",
)
PUBLISHER_TYPES = "http://purl.org/adms/publishertype/"
SCHEMES = ("language", "data-theme", "frequency", "file-type", "access-right", "planned-availability")
FORMS = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}


@once
def shapes(folder: Path) -> Graph:
    found = Graph()
    for name in SHAPES:
        found.parse(folder / "catalogue" / "dcat-ap-de-3.0" / name)
    return found


def vocabulary(graph: Graph) -> Graph:
    """What the EU's tables say of their own entries; the tables themselves are too big for a test."""
    known = Graph()
    for kind in (DCAT.Dataset, DCAT.DataService):
        known.add((kind, RDFS.subClassOf, DCAT.Resource))  # said by DCAT itself
    known.add((dcat.SERIES, RDFS.subClassOf, DCAT.Dataset))
    for one in {*graph.objects()}:
        if str(one).startswith(PUBLISHER_TYPES):
            known.add((URIRef(str(one)), SKOS.inScheme, URIRef(f"{PUBLISHER_TYPES}1.0")))
        for scheme in SCHEMES:
            if str(one).startswith(f"{dcat.EU}{scheme}/"):
                known.add((URIRef(str(one)), RDF.type, SKOS.Concept))
                known.add((URIRef(str(one)), SKOS.inScheme, URIRef(f"{dcat.EU}{scheme}")))
    return known


def breaches(graph: Graph, folder: Path) -> list[tuple[str, str, str]]:
    """(thing, path, value) of each violation."""
    _conforms, report, _text = validate(
        graph + vocabulary(graph), shacl_graph=shapes(folder), do_owl_imports=False, meta_shacl=False
    )
    return sorted(
        (
            str(report.value(one, SH.focusNode)),
            str(report.value(one, SH.resultPath)),
            str(report.value(one, SH.value)),
        )
        for one in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(one, SH.resultSeverity) == SH.Violation
    )


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(
        offers,
        "_makers",
        [lambda dataset: [Offer("GeoJSON", f"/d/{dataset.slug}.geojson", "GEOJSON", is_download=True)]],
    )


@pytest.fixture
def town() -> Tenant:
    county()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


def described(dataset: Dataset) -> Record:
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        Record.objects.filter(dataset=dataset).update(description="Eigene Daten")
    return Record.objects.get(dataset=dataset)


@pytest.fixture
def rich(town: Tenant) -> list[Record]:
    """One of each kind, with all and with next to nothing said, an own dataset, and addresses that are none."""
    series = make_record(town, "Reihe", kind="series")
    return [
        series,
        make_record(town, "Bäume <&> \"Büsche\""),
        make_record(town, "Teil", parent=series, publisher="", attribution=""),
        make_record(town, "Karg", **{**BARE, "description": "x", "identifier": "karg"}),
        make_record(town, "Dienst", kind="service", service={"type": "WMS", "url": "https://example.org/wms?map=a"}),
        make_record(town, "Dienst ohne Adresse", kind="service", service={}, landing_page=""),
        make_record(town, "Ebene", distributions=[], service={"type": "WFS", "url": "https://example.org/wfs", "layer": "x"}),
        make_record(town, "Böse", contact_email="a b<c>@example.org", contact_url="javascript:alert(1)", landing_page="https://example.org/a b<c>", distributions=[
            {"download_url": "https://example.org/ü ber\">", "format": "???", "media_type": "text/csv; charset=utf-8"},
            {"access_url": "javascript:alert(1)", "format": "CSV"}, {"title": "leer"}]),
        described(make_dataset(town, title="Eigene", public=True)),
    ]  # fmt: skip


def page(number: int = 1) -> Graph:
    found = feeding.page(number, address="https://example.org/dcat.rdf")
    assert found is not None
    return found


def test_feed_breaks_no_shape(rich: list[Record], town: Tenant, shared_data: Path) -> None:
    make_plan(town, public=True, legal_status="4000")
    found = page()
    assert breaches(found, shared_data) == []
    assert len(set(found.subjects(DCATDE.contributorID))) == 7  # each dataset's, the plan's too


@pytest.mark.parametrize(
    ("missing", "path"), [("description", DCTERMS.description), ("licence", DCTERMS.license)]
)
def test_what_we_call_a_violation_is_one_for_the_shapes(
    town: Tenant, shared_data: Path, missing: str, path: URIRef
) -> None:
    record = make_record(town, **dict[str, Any]({missing: ""}))
    assert [gap.value for gap in violations(entry_of(record))] == [missing]
    assert {name for _thing, name, _value in breaches(page(), shared_data)} == {str(path)}


def test_shapes_see_a_word_in_the_place_of_an_address(town: Tenant, shared_data: Path) -> None:
    record = make_record(town)
    graph = page()
    graph.add((URIRef(entry_of(record).uri), DCTERMS.language, Literal("de")))
    assert [path for _thing, path, _value in breaches(graph, shared_data)] != []


def test_record_is_told_with_addresses_of_the_official_tables(town: Tenant) -> None:
    record = make_record(town)
    graph, about = page(), URIRef(entry_of(record).uri)
    said = {str(value) for value in graph.objects(about)}
    assert said >= {
        "http://publications.europa.eu/resource/authority/data-theme/ENVI",
        "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        "http://publications.europa.eu/resource/authority/language/DEU",
        "http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE",
        "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/14627140",
        "http://dcat-ap.de/def/politicalGeocoding/Level/municipality",
        "http://dcat-ap.de/def/contributors/freistaatSachsen",
    }
    csv, wms = (URIRef(f"{about}#verteilung-{number}") for number in (1, 2))
    assert graph.value(csv, DCTERMS["format"]) == URIRef(f"{dcat.EU}file-type/CSV")
    assert graph.value(csv, DCAT.mediaType) == URIRef("https://www.iana.org/assignments/media-types/text/csv")
    assert graph.value(csv, DCTERMS.license) == URIRef("http://dcat-ap.de/def/licenses/dl-by-de/2.0")
    assert (graph.value(csv, DCAT.downloadURL), graph.value(wms, DCAT.downloadURL)) == (
        URIRef("https://example.org/baeume.csv"),
        None,
    )
    (box,) = {str(one) for one in graph.objects(None, DCAT.bbox)}
    assert box.startswith("POLYGON((13.3")  # longitude first


def test_only_public_things_are_fed(town: Tenant, client: Client) -> None:
    make_record(town, "Offen")
    make_record(town, "Geheim", public=False)
    make_record(town, "Fort", is_gone=True)
    make_plan(town, name="Geheimplan")
    for name in FORMS:
        body = client.get(reverse(f"catalogue:dcat_{name}")).content.decode()
        assert "Offen" in body
        assert "Geheim" not in body
        assert "Fort" not in body


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_feed_is_read_page_by_page(
    client: Client, town: Tenant, name: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "SIZE", 2)
    for number in range(3):
        make_record(town, f"Satz {number}")
    for _number in range(2):
        make_plan(town, public=True)
    address: str | None = reverse(f"catalogue:dcat_{name}")
    seen: list[Any] = []
    for _turn in range(10):
        if address is None:
            break
        answer = client.get(address)
        graph = Graph().parse(data=answer.content, format=form)
        seen += graph.subjects(RDF.type, DCAT.Dataset)
        assert set(graph.objects(None, dcat.HYDRA.totalItems)) == {Literal(5)}
        following = next(graph.objects(None, dcat.HYDRA.nextPage), None)
        address = str(following) if following else None
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "9" * 30, ""])
def test_pages_that_are_not_there_are_not_found(client: Client, town: Tenant, number: str) -> None:
    assert client.get(reverse("catalogue:dcat_ttl"), {"page": number}).status_code == 404


def test_one_record_is_had_alone_while_it_is_public(client: Client, town: Tenant) -> None:
    shown, hidden = make_record(town), make_record(town, public=False)
    answer = client.get(reverse("catalogue:record_jsonld", args=[shown.public_id]))
    assert answer["Content-Type"] == "application/ld+json"
    assert json.loads(answer.content)
    assert client.get(reverse("catalogue:record_jsonld", args=[hidden.public_id])).status_code == 404


def test_page_costs_the_same_queries_with_one_record_and_with_three(town: Tenant) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page()
        return len(caught)

    make_record(town)
    few = queries()
    for number in range(2):
        make_dataset(town, title=f"Eigene {number}", public=True)
    assert queries() == few


def test_command_writes_the_whole_catalogue(
    town: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(feeding, "SIZE", 2)
    for number in range(5):
        make_record(town, f"Satz {number}")
    for name, form in FORMS.items():
        call_command("dcat", output=tmp_path / f"k.{name}")
        graph = Graph().parse(tmp_path / f"k.{name}", format=form)
        assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 5
        assert set(graph.subjects(RDF.type, dcat.HYDRA.PagedCollection)) == set()
        (about,) = graph.subjects(RDF.type, DCAT.Catalog)
        for said_once in (DCTERMS.publisher, DCTERMS.modified):
            assert len(list(graph.objects(about, said_once))) == 1
    assert "5 Einträge" in capsys.readouterr().out
    with pytest.raises(CommandError, match="rdf, .ttl oder .jsonld"):
        call_command("dcat", output=tmp_path / "k.csv")
    with pytest.raises(CommandError):
        call_command("dcat", output=tmp_path / "no" / "k.ttl")


@pytest.mark.parametrize(
    ("service", "address"),
    [
        (Service("WMS", "https://e.org/wms"), "https://e.org/wms?SERVICE=WMS&REQUEST=GetCapabilities"),
        (Service("WFS", "https://e.org/a?map=b&"), "https://e.org/a?map=b&SERVICE=WFS&REQUEST=GetCapabilities"),
        (Service("WMS", "https://e.org/wms?request=GetCapabilities"), "https://e.org/wms?request=GetCapabilities"),
        (Service("OAF", "https://e.org/oaf"), "https://e.org/oaf"),
    ],
)  # fmt: skip
def test_capabilities_address(service: Service, address: str) -> None:
    assert capabilities_of(service) == address


@pytest.mark.parametrize(("total", "last"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_last_page(total: int, last: int) -> None:
    assert Page("https://e.org", number=1, size=100, total=total).last == last


# --- real catalogues, given out again


def harvested(path: Path) -> Iterable[dict[str, Any]]:
    """What a harvest keeps of a foreign catalogue."""
    graph = Graph().parse(path, format="xml")
    for one in set(graph.subjects(RDF.type, DCAT.Dataset)):
        agent = graph.value(one, DCTERMS.publisher)
        yield {
            "identifier": str(one),
            "title": str(graph.value(one, DCTERMS.title) or one)[:500],
            "description": str(graph.value(one, DCTERMS.description) or ""),
            "publisher": str(graph.value(agent, FOAF.name) or "")[:300],
            "keywords": [str(word)[:200] for word in graph.objects(one, DCAT.keyword)],
            "themes": [str(theme)[-4:] for theme in graph.objects(one, DCAT.theme)],
            "contact_url": str(graph.value(one, DCAT.landingPage) or ""),
            "distributions": [
                {
                    "title": str(graph.value(part, DCTERMS.title) or ""),
                    "access_url": str(graph.value(part, DCAT.accessURL) or ""),
                    "download_url": str(graph.value(part, DCAT.downloadURL) or ""),
                    "format": str(graph.value(part, DCTERMS["format"]) or ""),
                    "media_type": str(graph.value(part, DCAT.mediaType) or ""),
                    "licence": str(graph.value(part, DCTERMS.license) or ""),
                }
                for part in graph.objects(one, DCAT.distribution)
            ],
        }


@pytest.mark.parametrize(
    "name",
    ["dcatapde_brandenburg.rdf", "dcatapde_govdata_catalog-endpoint.rdf", "dcatapde_refimpl_v2_advanced.rdf"],
)
def test_real_catalogue_is_given_out_again_without_a_violation_of_ours(
    town: Tenant, shared_data: Path, name: str
) -> None:
    for said in harvested(shared_data / "services" / name):
        make_record(town, **{**BARE, "modified": datetime(2025, 1, 1, tzinfo=UTC), **said})
    entries = [entry_of(record) for record in feeding.records().select_related("tenant", "parent", "dataset")]
    assert entries
    blamed = {
        entry.uri for entry in entries if violations(entry)
    }  # nobody said it, so nobody can write it down
    found = {thing.partition("#")[0] for thing, _path, _value in breaches(page(), shared_data)}
    assert found - blamed == set()
