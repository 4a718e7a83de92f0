"""A public plan as a record of DCAT-AP.PLU 0.2.4, the profile of the planning portals (https://specs.diplanung.de/plu/): a graph.

Its code lists: https://specs.diplanung.de/resource/<list>#<code>. Coordinates are longitude and latitude (WGS84) as GeoJSON.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import shapely
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from planning.auskunft import gathering
from planning.auskunft.gathering import Candidate
from planning.auskunft.validity import Validity
from planning.geodata import WGS84, placed
from planning.models import Plan, PlanDocument, ProcedureStep, StepDocument, StepKind
from planning.proceedings import case_of
from planning.steps import Standing, Track

# http, as the shapes of the profile and its examples spell it; its code lists have https.
PLU = Namespace("http://specs.diplanung.de/plu/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
LOCN = Namespace("http://www.w3.org/ns/locn#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_CODES = "https://specs.diplanung.de/resource/{}#{}".format
_IN_ADDRESSES = "%:/?#[]@!$&'()*+,;=~"  # what files hold in the place of one may hold anything
_GEOJSON = URIRef("https://www.iana.org/assignments/media-types/application/vnd.geo+json")
_LOCAL = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
_PLAN_TYPES = {
    "BP": "developmentPlan",
    "FP": "landUsePlan",
    "LP": "landscapePlanning",
    "RP": "spatialPlan",
    "SO": "other",
}
_STATES = {
    Validity.IN_FORCE: ("fixed", "completed"),
    Validity.UNDER_WAY: ("inPreparation", "ongoing"),
    Validity.ENDED: ("completelyReversed", "completed"),
    Validity.UNCLEAR: ("unknown", "unknown"),
}
_TRACKS = {
    Track.FULL: "regular",
    Track.SIMPLIFIED: "simplified",
    Track.ACCELERATED: "innerDevPlan",
    Track.BY_LAW: "unknown",
}
_STEPS = {
    StepKind.EARLY_BODIES: "earlyInvolveAuth",
    StepKind.EARLY_PUBLIC: "earlyPublicPart",
    StepKind.BODIES: "publicAgencies",
    StepKind.REPEATED_BODIES: "publicAgencies",
    StepKind.AFFECTED_BODIES: "publicAgencies",
    StepKind.PUBLICATION: "publicDisclosure",
    StepKind.REPEATED_PUBLICATION: "publicDisclosure",
    StepKind.AFFECTED_PUBLIC: "publicDisclosure",
    StepKind.ANNOUNCEMENT: "completed",
}
# Codes of XP_SpezExterneReferenz.typ -> docType.
_DOCUMENTS = {"1010": "substantiation", "1030": "planDrawing", "1050": "explanatoryReport", "1060": "ordinanceDesignation", "1065": "announcement"}  # fmt: skip


@dataclass(frozen=True)
class _File:
    """One way to get the plan, or a document of it."""

    path: str
    title: str
    form: str
    kind: str
    remote: bool = False


def record(plan: Plan, *, on: date) -> Graph:
    """plan: public, with its tenant; `on`: the day of which its state is told."""
    graph = Graph()
    for prefix, space in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("plu", PLU), ("dcatde", DCATDE), ("locn", LOCN), ("vcard", VCARD)):  # fmt: skip
        graph.bind(prefix, space)
    about = URIRef(_url(plan.get_absolute_url()))
    _describe(graph, about, plan)
    _classify(graph, about, plan, on=on)
    _place(graph, about, plan)
    _people(graph, about, plan)
    _steps(graph, about, plan)
    for file in _files(plan):
        _distribute(graph, about, file)
    return graph


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _code(listing: str, code: str) -> URIRef:
    return URIRef(_CODES(listing, code))


def _describe(graph: Graph, about: URIRef, plan: Plan) -> None:
    words = {"kind": plan.get_plan_type_display(), "plan": plan, "town": plan.place or plan.tenant.name}
    graph.add((about, RDF.type, DCAT.Dataset))
    graph.add((about, DCTERMS.title, Literal(str(plan), lang="de")))
    graph.add((about, DCTERMS.description, Literal(_("%(kind)s “%(plan)s” of %(town)s") % words, lang="de")))
    graph.add((about, DCTERMS.identifier, Literal(str(plan.public_id))))
    graph.add((about, PLU.planName, Literal(plan.name)))
    graph.add((about, DCTERMS.modified, Literal(plan.changed_at.isoformat(), datatype=XSD.dateTime)))
    if plan.published_on:
        graph.add((about, DCTERMS.issued, Literal(plan.published_on)))
    if plan.amends_id and (amended := Plan.objects.filter(pk=plan.amends_id, is_public=True).first()):
        graph.add((about, DCTERMS.relation, URIRef(_url(amended.get_absolute_url()))))


def _classify(graph: Graph, about: URIRef, plan: Plan, *, on: date) -> None:
    candidate = Candidate(plan, shapely.Point())
    gathering.judge([candidate], on=on)
    state, procedure = _STATES[candidate.validity]
    if candidate.validity is Validity.ENDED and plan.standing == Standing.DISCONTINUED:
        state = procedure = "discontinued"
    track = _TRACKS[case_of(plan).track] if plan.plan_type in {"BP", "FP"} else "unknown"
    graph.add((about, PLU.planState, _code("planState", state)))
    graph.add((about, PLU.procedureState, _code("procedureState", procedure)))
    graph.add((about, PLU.procedureType, _code("procedureType", track)))
    graph.add((about, PLU.planType, _code("planType", _PLAN_TYPES[plan.plan_type])))


def _place(graph: Graph, about: URIRef, plan: Plan) -> None:
    place = BNode()
    area = placed(shapely.from_wkb(bytes(plan.area.wkb)), srid=WGS84)
    shapes = (
        (DCAT.bbox, shapely.envelope(area)),
        (LOCN.geometry, area),
        (DCAT.centroid, shapely.centroid(area)),
    )
    graph.add((about, DCTERMS.spatial, place))
    graph.add((place, RDF.type, DCTERMS.Location))
    for name, shape in shapes:
        graph.add((place, name, Literal(str(shapely.to_geojson(shape)), datatype=_GEOJSON)))
    graph.add((place, LOCN.geographicName, Literal(plan.place or plan.tenant.name)))


def _people(graph: Graph, about: URIRef, plan: Plan) -> None:
    contact, agent = BNode(), BNode()
    graph.add((about, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, VCARD.Organization))
    graph.add((contact, VCARD.fn, Literal(plan.tenant.name)))
    graph.add((about, DCTERMS.publisher, agent))
    graph.add((about, DCATDE.maintainer, agent))
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, Literal(plan.tenant.name)))
    graph.add((agent, DCTERMS.type, _LOCAL))


def _steps(graph: Graph, about: URIRef, plan: Plan) -> None:
    rows = ProcedureStep.objects.filter(plan=plan, is_public=True, is_current=True, is_void=False).order_by(
        "on", "pk"
    )
    passes: dict[str, int] = {}
    for row in rows:
        kind = _STEPS.get(StepKind(row.kind), "internal")
        passes[kind] = passes.get(kind, 0) + 1
        step = URIRef(f"{about}#schritt-{row.entry}")
        graph.add((about, PLU.processStep, step))
        graph.add((step, RDF.type, PLU.ProcessStep))
        graph.add((step, DCTERMS.identifier, Literal(str(row.entry))))
        graph.add((step, DCTERMS.title, Literal(row.get_kind_display(), lang="de")))
        graph.add((step, PLU.processStepType, _code("processStepType", kind)))
        graph.add((step, PLU.passNumber, Literal(passes[kind])))
        _period(graph, step, DCTERMS.temporal, days=(row.on, row.until or row.on))


def _period(graph: Graph, about: URIRef, name: URIRef, *, days: tuple[date, date]) -> None:
    period = BNode()
    graph.add((about, name, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(days[0])))
    graph.add((period, DCAT.endDate, Literal(days[1])))


def _files(plan: Plan) -> Iterable[_File]:
    for name, form, kind in (
        ("gml", "XPlanGML", "xplanGML"),
        ("zip", "ZIP", "xplanArchive"),
        ("geojson", "GeoJSON", "otherDocuments"),
        ("gpkg", "GeoPackage", "otherDocuments"),
        ("inspire", "GML", "otherDocuments"),
    ):
        yield _File(reverse(f"planning:{name}", args=[plan.public_id]), f"{plan} ({form})", form, kind)
    if plan.portal_url:
        yield _File(plan.portal_url, _("The plan in the state's planning portal"), "", "procedureURL", remote=True)  # fmt: skip
    shown = Q(file__isnull=False) | Q(href__startswith="http://") | Q(href__startswith="https://")
    for document in PlanDocument.objects.filter(
        shown, version=plan.published_version_id, is_public=True
    ).order_by("order"):
        kind = _DOCUMENTS.get(document.kind, "otherDocuments")
        if document.file_id:
            path = reverse("planning:document", args=[plan.public_id, document.public_id])
            yield _File(path, document.title, "PDF", kind)
        else:
            yield _File(document.href, document.title, "", kind, remote=True)
    for paper in StepDocument.objects.filter(plan=plan, is_public=True).order_by("created_at", "pk"):
        yield _File(
            reverse("planning:paper", args=[plan.public_id, paper.public_id]),
            paper.title,
            "PDF",
            "announcement",
        )


def _distribute(graph: Graph, about: URIRef, file: _File) -> None:
    url = URIRef(quote(file.path, safe=_IN_ADDRESSES) if file.remote else _url(file.path))
    graph.add((about, DCAT.distribution, url))
    graph.add((url, RDF.type, DCAT.Distribution))
    graph.add((url, DCTERMS.title, Literal(file.title, lang="de")))
    graph.add((url, DCAT.accessURL, url))
    if file.kind != "procedureURL":
        graph.add((url, DCAT.downloadURL, url))
    graph.add((url, PLU.docType, _code("docType", file.kind)))
    if file.form:
        graph.add((url, DCTERMS.format, Literal(file.form)))
