"""A few pages that show every part of the frame, forms and maps with made-up content: what the front end is tested on."""

import json
import math
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.gis.forms import MultiPolygonField
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import engines
from django.urls import include, path
from django.views.i18n import set_language
from django_altcha import AltchaChallengeView, AltchaField
from leaflet.forms.widgets import LeafletWidget

from planning.drawing import as_properties
from planning.planzeichen.rules import Shape
from planning.views.drawings import Catalogue
from tenants import theming
from tenants.models import Tenant

CORNER = (394_000, 5_669_000)  # EPSG:25833, in Meißen
CELL = 30  # metres
KINDS = (
    ("BP_BaugebietsTeilFlaeche", "Allgemeines Wohngebiet", "1200"),
    ("BP_BaugebietsTeilFlaeche", "Mischgebiet", "1500"),
    ("BP_BaugebietsTeilFlaeche", "Gewerbegebiet", "1700"),
    ("BP_GemeinbedarfsFlaeche", "Gemeinbedarf", None),
    ("BP_StrassenVerkehrsFlaeche", "Straßenverkehr", None),
    ("BP_GruenFlaeche", "Grünfläche", None),
    ("BP_GewaesserFlaeche", "Gewässer", None),
    ("BP_WaldFlaeche", "Wald", None),
    ("BP_AusgleichsFlaeche", "Ausgleich", None),
)


class Statement(forms.Form):
    text = forms.CharField(widget=forms.Textarea, label="Text", help_text="Ohne Namen")
    plan_object = forms.ChoiceField(required=False, label="Objekt")
    topic = forms.MultipleChoiceField(
        choices=[("1", "Verkehr"), ("2", "Lärm")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Thema",
    )
    answer = forms.ChoiceField(
        choices=[("m", "Mail"), ("p", "Post")], widget=forms.RadioSelect, label="Antwort"
    )
    mail = forms.EmailField(required=False, label="Mail")
    day = forms.DateField(required=False, label="Tag")
    moment = forms.SplitDateTimeField(required=False, label="Zeitpunkt")
    attachment = forms.FileField(required=False, label="Dateien")
    consent = forms.BooleanField(required=False, label="Veröffentlichen", help_text="Widerrufbar")
    place = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-kz-draft-keep": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["plan_object"]
        field.choices = [("", "–"), *((one["id"], one["properties"]["label"]) for one in plan_features(60))]


class Filter(forms.Form):
    q = forms.CharField(required=False, label="Suche")
    kind = forms.ChoiceField(required=False, choices=[("", "alle"), ("a", "BP")], label="Art")


def square(column: int, row: int, *, inset: float) -> dict[str, Any]:
    west, south = CORNER[0] + column * CELL + inset, CORNER[1] + row * CELL + inset
    east, north = west + CELL - 2 * inset, south + CELL - 2 * inset
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def symbol_of(kind: str, shape: Shape, properties: dict[str, Any]) -> dict[str, Any]:
    return as_properties({"feature_type": kind, "properties": properties}, shape, ())


def feature(key: str, geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": key,
        "geometry": geometry,
        "properties": {"gml_id": f"GML_{key}", **properties},
    }


def plan_features(count: int) -> list[dict[str, Any]]:
    """`count` areas in a square, every fourth with a building window and every ninth with a Baulinie; then the plan itself."""
    side = math.ceil(math.sqrt(count))
    found = []
    for number in range(count):
        column, row = number % side, number // side
        kind, label, use = KINDS[(number + row) % len(KINDS)]
        area = square(column, row, inset=0)
        found.append(
            feature(
                f"a{number}",
                area,
                feature_type=kind,
                legend=label,
                label=f"{label} {number}",
                **symbol_of(kind, "area", {"besondereArtDerBaulNutzung": use}),
            )
        )
        if number % 4 == 0:
            window = square(column, row, inset=6)
            names = {"feature_type": "BP_UeberbaubareGrundstuecksFlaeche", "legend": "Überbaubar"}
            symbol = symbol_of("BP_UeberbaubareGrundstuecksFlaeche", "area", {})
            found.append(feature(f"w{number}", window, label=f"Baufenster {number}", **names, **symbol))
        if number % 9 == 0:
            line = {"type": "LineString", "coordinates": area["coordinates"][0][:2]}
            found.append(
                feature(
                    f"l{number}",
                    line,
                    feature_type="BP_BauLinie",
                    legend="Baulinie",
                    label=f"Baulinie {number}",
                    **symbol_of("BP_BauLinie", "line", {}),
                )
            )
    (west, south), length = CORNER, side * CELL
    ring = [
        [west, south],
        [west + length, south],
        [west + length, south + length],
        [west, south + length],
        [west, south],
    ]
    frame = {"type": "Polygon", "coordinates": [ring]}
    names = {"feature_type": "BP_Plan", "legend": "Geltungsbereich", "label": "Am Elbufer"}
    found.append(feature("plan", frame, **names, **symbol_of("BP_Plan", "area", {})))
    found.append(feature("nowhere", None, feature_type="BP_TextAbschnitt", label="Text"))
    return found


class Boundary(forms.Form):
    boundary = MultiPolygonField(
        widget=LeafletWidget(attrs={"map_srid": 4326}), label="Grenze", required=False
    )

    def __init__(self, *args: Any, nonce: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["boundary"].widget
        widget.include_media, widget.csp_nonce = True, nonce


class Guarded(forms.Form):
    captcha = AltchaField(challengeurl="/challenge/", auto="onload", maxnumber=2000)


def show(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    source = (Path(__file__).parent / f"{name}.html").read_text()
    town = Tenant(name="Musterstadt an der Elbe", slug="musterstadt", colour="#9b1c31")
    navigation = [
        {"label": "Start", "url": "/", "current": True},
        {"label": "Pläne", "url": "/parts/", "current": False},
    ]
    frame = {"tenant": town, "navigation": navigation, "title": "Karte"}
    return HttpResponse(engines["django"].from_string(source).render({**frame, **context}, request))


def parts(request: HttpRequest) -> HttpResponse:
    return show(
        request,
        "parts",
        filter=Filter(request.GET),
        page=Paginator(range(95), 10).page(7),
        timeline=[
            {"when": "01.02.", "title": "Beschluss", "state": "done"},
            {"when": "bis 02.03.", "title": "Auslegung", "state": "current", "text": "Noch 5 Tage"},
            {"when": "Herbst", "title": "Abwägung"},
        ],
        facts=[("Name", "Am Elbufer"), ("Leer", ""), ("Null", 0)],
    )


def statement(request: HttpRequest) -> HttpResponse:
    form = Statement(request.POST or None)
    if form.is_valid():
        return HttpResponseRedirect(
            f"/thanks/?place={form.cleaned_data['place']}&object={form.cleaned_data['plan_object']}"
        )
    return show(request, "statement", form=form, features_url="/features/60/")


def boundary(request: HttpRequest) -> HttpResponse:
    return show(request, "boundary", form=Boundary(nonce=getattr(request, "csp_nonce", None)))


def guarded(request: HttpRequest) -> HttpResponse:
    form = Guarded(request.POST or None)
    return (
        HttpResponseRedirect("/thanks/?place=human")
        if form.is_valid()
        else show(request, "guarded", form=form)
    )


def broken(request: HttpRequest, status: int) -> HttpResponse:
    if status == 403:
        raise PermissionDenied
    raise Http404


def thanks(request: HttpRequest) -> HttpResponse:
    return show(request, "thanks", place=request.GET.get("place", ""), chosen=request.GET.get("object", ""))


def plan(request: HttpRequest, count: int) -> HttpResponse:
    return show(request, "plan", features_url=f"/features/{count}/", info_url="/info/__id__/")


def features(request: HttpRequest, count: int) -> HttpResponse:
    content = {"type": "FeatureCollection", "features": plan_features(count)}
    return HttpResponse(json.dumps(content), content_type="application/geo+json")


def info(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(f'<h3 class="kern-title">{key}</h3><script>document.title = "broken"</script>')


def statements(request: HttpRequest) -> HttpResponse:
    return show(request, "statements", features_url="/places/", ids=range(6))


def places(request: HttpRequest) -> HttpResponse:
    at = [(0, 0), (10, 0), (900, 900), (900, 900), (400, 100), (100, 700)]
    points = [{"type": "Point", "coordinates": [CORNER[0] + east, CORNER[1] + north]} for east, north in at]
    found = [feature(str(number), point, label=f"Meinung {number}") for number, point in enumerate(points)]
    return JsonResponse({"type": "FeatureCollection", "features": found})


def job(request: HttpRequest) -> HttpResponse:
    """A job that ends at the third look."""
    looks = int(request.COOKIES.get("looks", "0")) + 1
    answer = JsonResponse(
        {
            "percent": min(100, looks * 40),
            "text": f"Schritt {looks}",
            "finished": looks > 2,
            "url": "/thanks/",
        }
    )
    answer.set_cookie("looks", str(looks))
    return answer


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(theming.stylesheet("#9b1c31"), content_type="text/css")


urlpatterns = [
    path("parts/", parts),
    path("statement/", statement),
    path("thanks/", thanks),
    path("boundary/", boundary),
    path("guarded/", guarded),
    path("challenge/", AltchaChallengeView.as_view(max_number=2000)),
    path("broken/<int:status>/", broken),
    path("plan/<int:count>/", plan),
    path("features/<int:count>/", features),
    path("info/<str:key>/", info),
    path("", include(([path("planzeichen.json", Catalogue.as_view(), name="planzeichen")], "planning"))),
    path("statements/", statements),
    path("places/", places),
    path("job/", job),
    path("theme/<slug:slug>.css", theme, name="tenant_theme"),
    path("language/", set_language, name="set_language"),
]
