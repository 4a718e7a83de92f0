"""Public pages: what everybody sees, and that drafts of any town show nowhere, whoever looks."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.phases import Kind
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.participation import make_procedure, make_statement
from tests.factories.planning import make_plan, square
from tests.factories.tenants import member
from tests.twin.portal.conftest import MARKER, Town, as_person, download, news, picture
from twin.analysis.models import Run
from twin.catalogue import publishing
from twin.catalogue.models import Dataset
from twin.portal.models import (
    EventPage,
    NewsIndexPage,
    ProcedureIndexPage,
    ProcedurePage,
    StandardPage,
)
from twin.portal.queries import listed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]
DAY = timedelta(days=1)


def around(days_before: int, days_after: int) -> dict[str, Any]:
    """A period around now, from the morning of a day to the end of another."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return {"start": midnight - days_before * DAY, "end": midnight + (days_after + 1) * DAY}


def fill(town: Town, name: str) -> None:
    """One procedure of each state, a plan in force, news and an event; all public."""
    make_procedure(town.tenant, title=f"{name} läuft", **around(3, 9))
    make_procedure(town.tenant, title=f"{name} kommt", **around(-5, 20))
    make_procedure(town.tenant, title=f"{name} vorbei", decided_at=timezone.now() - DAY, **around(60, -30))
    make_plan(town.tenant, public=True, name=f"{name} Plan", valid_from=timezone.localdate() - 30 * DAY)
    news(town, f"{name} Nachricht")
    answered(town, f"{name} Hochwasser", public=True)
    index = NewsIndexPage.objects.child_of(town.page).get()
    index.add_child(
        instance=EventPage(
            title=f"{name} Termin", starts_at=timezone.now() + DAY, place="Rathaus", teaser="Kommt alle."
        )
    )


def hide(town: Town) -> None:
    """Everything of the town that is not public, each with the marker."""
    closed = make_procedure(town.tenant, title=f"{MARKER} geheim", public=False, **around(3, 9))
    make_statement(closed, text=f"{MARKER} Stellungnahme im Entwurf")
    shown = make_procedure(town.tenant, title="Öffentlich", **around(3, 9))
    make_statement(
        shown, text=f"{MARKER} Stellungnahme", published=False, name=MARKER, email=f"{MARKER}@example.org"
    )
    make_plan(town.tenant, name=f"{MARKER} Plan", valid_from=timezone.localdate() - 30 * DAY)
    news(town, f"{MARKER} Nachricht", live=False)
    answered(town, f"{MARKER} Hochwasser", public=False)


def answered(town: Town, title: str, *, public: bool) -> Run:
    with acting_for([town.tenant.pk], [town.tenant.pk]):
        run: Run = Run.objects.create(tenant=town.tenant, use_case="river-flood", title=title, is_public=public, finished_at=timezone.now())  # fmt: skip
    return run


PATHS = (
    "/",
    "/ahausen/",
    "/ahausen/beteiligung/",
    "/ahausen/aktuelles/",
    "/ahausen/impressum/",
    "/landkreis/",
    "/landkreis/beteiligung/",
    "/suche/",
    "/suche/?q=Zinnob",
    "/suche/?q=Stellungnahme",
    "/suche/?q=Plan&ort=ahausen",
    "/suche/?q=Flusshochwasser",
    "/analysen/veroeffentlicht/",
    "/analysen/veroeffentlicht/?ort=ahausen&fall=river-flood",
    "/karte/verfahren.geojson",
    "/karte/verfahren.geojson?ort=ahausen",
    "/karte/gemeinden.geojson",
)


@pytest.mark.parametrize("path", PATHS)
def test_pages_show_no_draft_of_any_town_to_anybody(own: Town, path: str) -> None:
    fill(own, "Weinberg")
    hide(own)
    people = [None, own.editor, member(own.tenant, Role.PLANNER, Role.MODERATOR)]
    for person in people:
        client = Client()
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(path)
        assert answer.status_code == 200
        assert f"{MARKER} " not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ahausen/",
        "/ahausen/beteiligung/",
        "/ahausen/aktuelles/",
        "/suche/?q=Weinberg",
        "/analysen/veroeffentlicht/",
    ],
)
def test_query_count_does_not_grow_with_rows(own: Town, path: str, client: Client) -> None:
    fill(own, "Weinberg")
    client.get(path)  # content types and sites are cached
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    fill(own, "Weinberg Nord")
    fill(own, "Weinberg Süd")
    client.get(path)  # new pages may change the menu, which is read anew
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(three) == len(one)
    assert len(one) < 45


def test_page_of_a_town_leads_to_what_it_has_published_of_its_analyses(own: Town, neighbour: Town, client: Client) -> None:  # fmt: skip
    older, newer = (answered(own, title, public=True) for title in ("Elbe", "Triebisch"))
    answered(neighbour, "Röder", public=True)
    page = client.get("/ahausen/")
    assert list(page.context["analyses"]) == [newer, older]
    assert f'href="{newer.get_absolute_url()}">Triebisch</a>' in page.content.decode()
    assert client.get(newer.get_absolute_url()).status_code == 200
    assert "Veröffentlichte Analysen" not in client.get("/landkreis/").content.decode()


def test_published_analyses_of_all_towns_are_listed_and_found(
    own: Town, neighbour: Town, client: Client
) -> None:
    """A citizen has no login; drafts, and what a town that left had published, are not there."""
    elbe, roeder = answered(own, "Elbe", public=True), answered(neighbour, "Röder", public=True)
    answered(own, f"{MARKER} Elbe", public=False)
    address = reverse("portal:analyses")
    assert f'href="{address}"' in client.get("/").content.decode()

    def found(**query: str) -> list[Run]:
        return [run for run, _title, _lost in client.get(address, query).context["rows"]]

    assert found() == [roeder, elbe]
    assert found(ort=own.tenant.slug) == [elbe]
    assert (found(fall="river-flood"), found(fall="heavy-rain")) == ([roeder, elbe], [])
    assert client.get("/suche/", {"q": "flusshochwasser elbe"}).context["found"].analyses == [elbe]
    neighbour.tenant.active = False
    neighbour.tenant.save()
    assert found() == [elbe]


def test_county_home_lists_what_one_can_do(own: Town, client: Client) -> None:
    fill(own, "Weinberg")
    context = client.get("/").context
    assert [entry.procedure.title for entry in context["listing"].current] == ["Weinberg läuft"]
    assert [entry.procedure.title for entry in context["listing"].coming] == ["Weinberg kommt"]
    assert [entry.procedure.title for entry in context["results"]] == ["Weinberg vorbei"]
    assert context["towns"] == [{"name": "Ahausen", "url": "/ahausen/", "open": 1}]


def test_running_procedure_has_the_way_to_the_form(own: Town, client: Client) -> None:
    procedure = make_procedure(own.tenant, **around(3, 9))
    over = make_procedure(own.tenant, **around(30, -9))
    html = client.get("/ahausen/").content.decode()
    assert f"/beteiligung/{procedure.public_id}/stellungnahme/" in html
    assert f"/beteiligung/{over.public_id}/stellungnahme/" not in html


@pytest.mark.parametrize(
    ("before", "after", "state", "days"),
    [
        (3, 9, "current", 9),
        (3, 0, "current", 0),
        (0, 5, "current", 5),
        (-1, 5, "coming", None),
        (9, -1, "past", None),
    ],
)
def test_state_and_days_left(own: Town, before: int, after: int, state: str, days: int | None) -> None:
    procedure = make_procedure(own.tenant, **around(before, after))
    entry = listed(procedure, at=timezone.now())
    assert (entry.state, entry.days_left) == (state, days)


def test_phase_for_bodies_alone_is_no_participation_of_the_public(own: Town) -> None:
    procedure = make_procedure(own.tenant, kind=Kind.DRAFT_BODIES, **around(3, 9))
    entry = listed(procedure, at=timezone.now())
    assert (entry.state, entry.first_day) == ("past", None)


@pytest.mark.parametrize(
    "path", ["/", "/ahausen/", "/ahausen/beteiligung/", "/ahausen/aktuelles/", "/suche/?q=nichts"]
)
def test_empty_pages_say_so(own: Town, client: Client, path: str) -> None:
    assert 'class="kz-empty"' in client.get(path).content.decode()


def test_places_on_the_map(own: Town, client: Client) -> None:
    plan = make_plan(own.tenant, public=True, area=MultiPolygon(square(390_000, 5_670_000), srid=25833))
    own.tenant.boundary = MultiPolygon(square(380_000, 5_660_000, size=1000), srid=25833)
    own.tenant.save()
    on_plan = make_procedure(own.tenant, plan=plan, **around(3, 9))
    free = make_procedure(own.tenant, **around(3, 9))
    features = json.loads(client.get("/karte/verfahren.geojson").content)["features"]
    places = {feature["id"]: feature["geometry"]["coordinates"] for feature in features}
    assert set(places) == {str(on_plan.public_id), str(free.public_id)}
    assert 390_000 <= places[str(on_plan.public_id)][0] <= 390_100
    assert 380_000 <= places[str(free.public_id)][0] <= 381_000
    outlines = json.loads(client.get("/karte/gemeinden.geojson").content)["features"]
    assert [(one["id"], one["properties"]["label"]) for one in outlines] == [("ahausen", "Ahausen")]


def test_search_finds_words_inside_words(own: Town, client: Client) -> None:
    news(own, "Neue Hochwasserschutzmaßnahmen an der Elbe")
    make_procedure(own.tenant, title="Hochwasserschutzdeich", **around(3, 9))
    make_plan(own.tenant, public=True, name="Am Hochwasserschutzweg")
    for word in (
        "Hochwasserschutz",
        "hochwasserschutzmaßnahme",
        "schutzmaß",
    ):  # the legal pages speak of Datenschutz
        found = client.get("/suche/", {"q": word}).context["found"]
        assert (word, len(found.pages)) == (word, 1)
    found = client.get("/suche/", {"q": "schutz", "ort": "ahausen"}).context["found"]
    assert (len(found.procedures), len(found.plans)) == (1, 1)


def test_search_of_a_town_leaves_out_the_others(own: Town, neighbour: Town, client: Client) -> None:
    for where in (own, neighbour):
        news(where, "Weinfest")
        make_procedure(where.tenant, title="Weinberg", **around(3, 9))
    found = client.get("/suche/?q=Wein&ort=ahausen").context["found"]
    assert (len(found.pages), len(found.procedures)) == (1, 1)
    everywhere = client.get("/suche/?q=Wein").context["found"]
    assert (len(everywhere.pages), len(everywhere.procedures)) == (2, 2)


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE x; --", "\0", "%_\\", "<script>alert(1)</script>", "x" * 5000, "& | !"]
)
def test_search_takes_anything(own: Town, client: Client, query: str) -> None:
    answer = client.get("/suche/", {"q": query})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_blocks_show_public_things_and_drop_what_is_withdrawn(own: Town, client: Client) -> None:
    procedure = make_procedure(own.tenant, title="Weinberg", **around(3, 9))
    closed = make_procedure(own.tenant, title=f"{MARKER} geheim", public=False, **around(3, 9))
    plan, draft = (
        make_plan(own.tenant, public=True, name="Plan Mitte"),
        make_plan(own.tenant, name=f"{MARKER} Plan"),
    )
    page = StandardPage(
        title="So machen Sie mit",
        slug="mitmachen",
        body=[
            ("heading", "Überschrift"),
            ("text", "<p>Absatz</p>"),
            ("picture", {"picture": picture(own, "Rathaus"), "caption": "Foto: Stadt"}),
            ("procedure", {"procedure": str(procedure.public_id)}),
            ("procedure", {"procedure": str(closed.public_id)}),
            ("plan", {"plan": str(plan.public_id)}),
            ("plan", {"plan": str(draft.public_id)}),
            ("map", {"heading": "Karte"}),
            ("figures", None),
            (
                "timeline",
                {
                    "heading": "Ablauf",
                    "steps": [{"when": "März", "title": "Beginn", "text": "", "state": "done"}],
                },
            ),
            ("documents", {"heading": "Unterlagen", "documents": [download(own, "Faltblatt")]}),
            (
                "questions",
                {"heading": "Fragen", "questions": [{"question": "Wer?", "answer": "<p>Alle</p>"}]},
            ),
            (
                "contact",
                {
                    "name": "Bauamt",
                    "address": "Markt 1",
                    "phone": "03521 1",
                    "email": "a@example.org",
                    "hours": "",
                },
            ),
        ],
    )
    own.page.add_child(instance=page)
    answer = client.get("/ahausen/mitmachen/")
    html = answer.content.decode()
    for text in (
        "Überschrift",
        "Absatz",
        "Foto: Stadt",
        "Weinberg",
        "Plan Mitte",
        "Karte",
        "Beginn",
        "Faltblatt",
        "Wer?",
        "Bauamt",
    ):
        assert text in html
    assert MARKER not in html


def test_text_on_a_procedure_stands_on_its_page_and_leads_there(own: Town, client: Client) -> None:
    procedure = make_procedure(own.tenant, **around(3, 9))
    index = ProcedureIndexPage.objects.child_of(own.page).get()
    page = ProcedurePage(
        title="Mehr dazu",
        slug="mehr",
        procedure=procedure.public_id,
        body=[("text", "<p>Bürgerversammlung am Montag</p>")],
    )
    index.add_child(instance=page)
    assert client.get("/ahausen/beteiligung/mehr/")["Location"] == procedure.get_absolute_url()
    assert "Bürgerversammlung am Montag" in client.get(procedure.get_absolute_url()).content.decode()


def test_draft_text_on_a_procedure_and_the_neighbours_do_not_show(
    own: Town, neighbour: Town, client: Client
) -> None:
    procedure = make_procedure(own.tenant, **around(3, 9))
    for where, live in ((own, False), (neighbour, True)):
        index = ProcedureIndexPage.objects.child_of(where.page).get()
        text = [("text", f"<p>{MARKER} Entwurf</p>")]
        index.add_child(
            instance=ProcedurePage(
                title="Mehr", slug="mehr", procedure=procedure.public_id, body=text, live=live
            )
        )
    assert MARKER not in client.get(procedure.get_absolute_url()).content.decode()


def test_every_page_links_the_towns_own_legal_pages(own: Town, client: Client) -> None:
    procedure = make_procedure(own.tenant, **around(3, 9))
    for path in ("/ahausen/", "/ahausen/beteiligung/", procedure.get_absolute_url(), "/suche/?ort=ahausen"):
        assert 'href="/ahausen/impressum/"' in client.get(path).content.decode()


def test_menu_follows_every_change_at_once(own: Town, client: Client) -> None:
    address = make_procedure(own.tenant, **around(3, 9)).get_absolute_url()

    def menu() -> str:
        html = client.get(address).content.decode()
        return html[html.index("kz-nav__list") : html.index("</nav>")]

    assert "Sprechtag" not in menu()
    page = own.page.add_child(instance=StandardPage(title="Sprechtag", slug="sprechtag"))
    assert 'href="/ahausen/sprechtag/"' in menu()
    page.title = "Bürgersprechtag"
    page.save_revision().publish()
    assert "Bürgersprechtag" in menu()
    page.unpublish()
    assert "Bürgersprechtag" not in menu()
    page.save_revision().publish()
    page.delete()
    assert "Bürgersprechtag" not in menu()
    own.tenant.active = False
    own.tenant.save()
    assert "/ahausen/" not in client.get(address).content.decode()


def test_page_after_the_first_asks_for_nothing_around_it(own: Town, client: Client) -> None:
    address = make_procedure(own.tenant, **around(3, 9)).get_absolute_url()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert not [one["sql"] for one in captured if "wagtailcore_site" in one["sql"]]


def test_migrations_fit_the_models(db: None) -> None:
    call_command("makemigrations", "portal", check=True, dry_run=True, verbosity=0)


def test_plan_page_leads_to_its_public_procedures(own: Town, client: Client) -> None:
    plan = make_plan(own.tenant, public=True, objects=1)
    procedure = make_procedure(own.tenant, plan=plan, **around(3, 9))
    draft = make_procedure(own.tenant, plan=plan, public=False, **around(3, 9))
    other = make_procedure(own.tenant, **around(3, 9))
    html = client.get(plan.get_absolute_url()).content.decode()
    assert procedure.get_absolute_url() in html
    assert draft.get_absolute_url() not in html
    assert other.get_absolute_url() not in html


def test_procedure_page_shows_plan_documents_dates_and_code(own: Town, client: Client) -> None:
    plan = make_plan(own.tenant, public=True, objects=1)
    procedure = make_procedure(own.tenant, plan=plan, **around(3, 9))
    html = client.get(procedure.get_absolute_url()).content.decode()
    assert f"/plaene/{plan.public_id}/objekte.geojson?version=1" in html
    assert 'src="data:image/svg+xml' in html
    assert 'class="kz-timeline__item kz-timeline__item--current"' in html
    assert f"/beteiligung/{procedure.public_id}/stellungnahme/" in html


@pytest.mark.parametrize(
    ("before", "after", "state", "button"),
    [(-2, 9, "coming", False), (3, 9, "current", True), (30, -9, "past", False)],
)
def test_procedure_page_before_in_and_after_the_period(
    own: Town, client: Client, before: int, after: int, state: str, button: bool
) -> None:
    procedure = make_procedure(own.tenant, **around(before, after))
    html = client.get(procedure.get_absolute_url()).content.decode()
    assert f'data-state="{state}"' in html
    assert (f"/beteiligung/{procedure.public_id}/stellungnahme/" in html) is button


def test_procedure_page_hides_a_plan_that_was_withdrawn(own: Town, client: Client) -> None:
    plan = make_plan(own.tenant, name=f"{MARKER} Plan")
    procedure = make_procedure(own.tenant, plan=plan, **around(3, 9))
    planner = member(own.tenant, Role.PLANNER)
    for person in (None, planner):
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert MARKER not in client.get(procedure.get_absolute_url()).content.decode()


def test_public_files_are_served_without_power(own: Town, client: Client) -> None:
    answer: Any = client.get(download(own, "Faltblatt").file.url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("../settings.py", 400), ("..%2fsettings.py", 400), ("download/", 404), ("x.pdf", 404)],
)
def test_nothing_but_public_files_is_served(own: Town, client: Client, path: str, status: int) -> None:
    download(own, "Faltblatt")
    assert client.get(f"/media/{path}").status_code == status


def test_map_of_a_town_shows_the_town(own: Town, client: Client) -> None:
    own.tenant.boundary = MultiPolygon(square(380_000, 5_660_000, size=1000), srid=25833)
    own.tenant.save()
    make_procedure(own.tenant, **around(3, 9))
    assert 'data-extent="380000,5660000,381000,5661000"' in client.get("/ahausen/").content.decode()


def test_editor_chooses_a_procedure_by_name(own: Town, neighbour: Town) -> None:
    shown = make_procedure(own.tenant, title="Weinberg", **around(3, 9))
    make_procedure(neighbour.tenant, title=f"{MARKER} geheim", public=False, **around(3, 9))
    client = as_person(own.editor)
    index = ProcedureIndexPage.objects.child_of(own.page).get()
    html = client.get(f"/redaktion/pages/add/portal/procedurepage/{index.pk}/").content.decode()
    assert f'<option value="{shown.public_id}">' in html
    assert MARKER not in html


def brand_link(client: Client, path: str) -> str:
    found = re.search(r'<a class="kz-brand" href="([^"]*)"', client.get(path).content.decode())
    assert found
    return found[1]


def test_name_and_arms_lead_to_the_page_of_the_town_that_they_show(own: Town, client: Client) -> None:
    plan = make_plan(own.tenant, public=True)
    procedure = make_procedure(own.tenant, **around(3, 9))
    for path in ("/ahausen/", "/ahausen/beteiligung/", plan.get_absolute_url(), procedure.get_absolute_url()):
        assert brand_link(client, path) == "/ahausen/"
    for path in ("/", "/landkreis/", reverse("planning:plans")):
        assert brand_link(client, path) == "/"
    client.force_login(own.editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert brand_link(client, reverse("work")) == "/ahausen/"


# --- analyses of data that were withdrawn since


def of_data(where: Town, *, then_public: bool, closed: bool, title: str) -> Run:
    """A public answer of a dataset of its own town, which was withdrawn since where it is closed."""
    dataset, run = make_dataset(where.tenant, public=True, title=title), answered(where, title, public=True)
    known = {"name": "x", "dataset": str(dataset.public_id), "title": title, "version": 1, "owner": where.tenant.slug, "public": then_public}  # fmt: skip
    with acting_for([where.tenant.pk], [where.tenant.pk]):
        Run.objects.filter(pk=run.pk).update(inputs=[known])
        if closed:
            publishing.withdraw(dataset, actor=None)
    return run


def of_analyses(client: Client) -> tuple[str, int]:
    """The list as the client reads it, and how many queries it takes."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/analysen/veroeffentlicht/")
    return answer.content.decode(), len(queries)


def test_list_of_analyses_marks_those_of_withdrawn_data(own: Town, neighbour: Town, client: Client) -> None:
    """Whether they were public when it was asked or later only, of one town and of two with the same number of queries."""
    good = of_data(own, then_public=True, closed=False, title="Gut")
    never = of_data(own, then_public=False, closed=False, title="Nie gezeigt")
    with acting_for([own.tenant.pk], [own.tenant.pk]):
        Dataset.objects.filter(title="Nie gezeigt").update(is_public=False)
    gone = [of_data(own, then_public=public, closed=True, title=f"Weg {public}") for public in (True, False)]
    of_analyses(client)  # content types and sites are kept
    text, one = of_analyses(client)
    rows = {run.title: "Daten zurückgezogen" in next(part for part in text.split("<tr") if run.get_absolute_url() in part) for run in (good, never, *gone)}  # fmt: skip
    assert rows == {"Gut": False, "Nie gezeigt": False, "Weg True": True, "Weg False": True}
    for number in range(3):
        of_data(neighbour, then_public=True, closed=True, title=f"Nachbar {number}")
    text, more = of_analyses(client)
    assert (text.count("Daten zurückgezogen"), more) == (5, one)
