"""The whole public catalogue as DCAT-AP.de, page by page: records first, then the plans. What is not public is in none of them."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from planning import metadata
from planning.models import Plan
from tenants.models import Tenant, TenantKind
from twin.catalogue import dcat
from twin.catalogue.dcat import Catalogue, Page
from twin.catalogue.entries import entry_of, with_all
from twin.catalogue.entry import Agent
from twin.catalogue.models import Record

SIZE = 100  # things on a page
# Statutes and their drawings are amtliche Werke (§ 5 UrhG).
_PLAN_LICENCE = URIRef(f"{dcat.LICENCES}officialWork")
_REGIONS = URIRef(f"{dcat.EU}data-theme/REGI")


def records() -> QuerySet[Record]:
    rows: QuerySet[Record] = Record.objects.filter(is_public=True, is_gone=False, tenant__active=True)
    return rows.order_by("pk")


def plans() -> QuerySet[Plan]:
    rows: QuerySet[Plan] = Plan.objects.filter(is_public=True, tenant__active=True)
    return rows.order_by("pk").select_related("tenant").defer("tenant__boundary")


def catalogue(*, at: datetime) -> Catalogue:
    county = Tenant.objects.filter(kind=TenantKind.COUNTY, active=True).order_by("pk").first()
    name = county.name if county else "Kreiszwilling"
    address = f"{settings.BASE_URL}{reverse('catalogue:records')}"
    return Catalogue(
        uri=address,
        title=_("Data catalogue: %(name)s") % {"name": name},
        description=_("Datasets, services and plans of the municipalities."),
        publisher=Agent(name),
        homepage=address,
        contributor=settings.DCAT_CONTRIBUTOR,
        modified=at,
    )


def page(number: int, *, address: str) -> Graph | None:
    """Page `number` from 1, in German; none: there is no such page. address: of the first page."""
    listed, planned = records(), plans()
    first_plan = listed.count()
    where = Page(address=address, number=number, size=SIZE, total=first_plan + planned.count())
    if number > where.last:
        return None
    start = (number - 1) * SIZE
    graph = dcat.empty()
    with translation.override(settings.LANGUAGE_CODE):
        about = catalogue(at=timezone.now())
        dcat.add_catalogue(graph, about)
        dcat.add_paging(graph, where)
        for record in with_all(listed)[start : start + SIZE]:
            dcat.add_entry(graph, about, entry_of(record))
        skipped = max(0, start - first_plan)
        for plan in planned[skipped : max(0, start + SIZE - first_plan)]:
            _add_plan(graph, about, plan)
    return graph


def one(record: Record) -> Graph:
    """A single record, with the catalogue that it is in."""
    graph = dcat.empty()
    with translation.override(settings.LANGUAGE_CODE):
        about = catalogue(at=timezone.now())
        dcat.add_catalogue(graph, about)
        dcat.add_entry(graph, about, entry_of(record))
    return graph


def whole() -> Graph:
    """All of it at once, for a file."""
    graph = dcat.empty()
    with translation.override(settings.LANGUAGE_CODE):
        about = catalogue(at=timezone.now())
        dcat.add_catalogue(graph, about)
        for record in with_all(records()).iterator(SIZE):
            dcat.add_entry(graph, about, entry_of(record))
        for plan in plans().iterator(SIZE):
            _add_plan(graph, about, plan)
    return graph


def _add_plan(graph: Graph, about: Catalogue, plan: Plan) -> None:
    """The plan's own record (DCAT-AP.PLU) and what DCAT-AP.de asks for beyond it."""
    said = metadata.record(plan, on=timezone.localdate())
    (dataset,) = said.subjects(RDF.type, DCAT.Dataset)
    for part in said.objects(dataset, DCAT.contactPoint):
        said.add((part, RDF.type, dcat.VCARD.Kind))
        said.add((part, dcat.VCARD.hasURL, URIRef(about.homepage)))
    for part in said.objects(dataset, DCAT.distribution):
        said.add((part, DCTERMS.license, _PLAN_LICENCE))
        for name in list(said.objects(part, DCTERMS["format"])):
            said.remove((part, DCTERMS["format"], name))  # a word there, an address of the EU's table here
            if code := dcat.FORMATS.get(str(name).upper(), ("", ""))[0]:
                said.add((part, DCTERMS["format"], URIRef(f"{dcat.EU}file-type/{code}")))
    said.remove((dataset, dcat.DCATDE.maintainer, None))  # deprecated in 3.0
    said.remove(
        (None, metadata.LOCN.geometry, None)
    )  # a text there, a resource here; its box and centre remain
    said.add((URIRef(about.uri), DCAT.dataset, dataset))
    said.add((dataset, dcat.DCATDE.contributorID, URIRef(about.contributor)))
    said.add((dataset, DCAT.theme, _REGIONS))
    said.add((dataset, DCAT.keyword, Literal(plan.get_plan_type_display(), lang="de")))
    graph += said
