"""Pages of the analyses: asked, watched, read, shared, published; strangers see what is public alone."""

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageColor

from tenants.models import Job, JobState, PrivateFile, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.analysis.test_runs import ask, compute, stored
from tests.twin.catalogue.test_uploads import work
from tests.twin.usecases.heavy_rain.test_measures import feature
from twin.analysis import painting, presenting, registry, services, terrain
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset, Upload
from twin.usecases.heavy_rain.forms import MEASURED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def ground(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.model(town, tmp_path)


@pytest.fixture
def finished(planner: User, ground: Dataset) -> Run:
    """A short storm."""
    heavy_rain = registry.use_cases()["heavy-rain"]
    return compute(ask(heavy_rain, planner, **question(ground), title="Ortslage")[0])


def question(ground: Dataset, **changes: Any) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "cell": "5", "depth": "48,9", "minutes": "30", "after": "0"} | changes  # fmt: skip


def signed_in(client: Client, person: User) -> Client:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_use_case_is_listed_with_its_form(client: Client, counting: UseCase, planner: User) -> None:
    signed_in(client, planner)
    page = client.get("/analysen/").content.decode()
    for use_case in registry.use_cases().values():
        assert f"/analysen/neu/{use_case.slug}/" in page
        assert client.get(f"/analysen/neu/{use_case.slug}/").status_code == 200
    assert client.get("/analysen/neu/unbekannt/").status_code == 404


def test_who_may_only_look_is_not_offered_to_ask(client: Client, town: Tenant) -> None:
    signed_in(client, member(town, Role.MODERATOR))
    assert "/analysen/neu/" not in client.get("/analysen/").content.decode()
    assert client.get("/analysen/neu/heavy-rain/").status_code == 403


def test_a_question_is_asked_once_and_its_page_shows_the_course(client: Client, planner: User, ground: Dataset) -> None:  # fmt: skip
    signed_in(client, planner)
    answer = client.post("/analysen/neu/heavy-rain/", question(ground, title="Ortslage"))
    with acting_for([ground.tenant_id]):
        run = Run.objects.select_related("job").get()
    assert (answer.status_code, answer["Location"]) == (302, run.get_absolute_url())
    page = client.get(answer["Location"]).content.decode()
    assert "data-kz-job=" in page
    assert run.job is not None
    told = client.get(reverse("job_state", args=[run.job.public_id])).json()
    assert (told["percent"], told["finished"]) == (0, False)
    again = client.post("/analysen/neu/heavy-rain/", question(ground, title="Noch einmal"), follow=True)
    assert "Das wurde zu denselben Daten schon gefragt" in again.content.decode()
    with acting_for([ground.tenant_id]):
        assert Run.objects.count() == 1


def test_a_form_says_which_data_are_not_there(client: Client, planner: User, town: Tenant) -> None:
    """A neighbour has an elevation model that is not public."""
    signed_in(client, planner)
    told = "Für diese Frage fehlen Ihnen noch Daten"
    page = client.get("/analysen/neu/river-flood/").content.decode()
    assert (told in page, "Geländemodell, Wasserspiegellagen" in page, reverse("catalogue:deliver") in page) == (True,) * 3  # fmt: skip


def test_a_form_that_has_its_data_says_nothing(client: Client, planner: User, ground: Dataset) -> None:
    signed_in(client, planner)
    assert "fehlen Ihnen noch Daten" not in client.get("/analysen/neu/heavy-rain/").content.decode()


def test_data_that_may_be_left_out_are_none_until_they_are_chosen(client: Client, planner: User, ground: Dataset) -> None:  # fmt: skip
    signed_in(client, planner)
    page = client.get("/analysen/neu/heavy-rain/").content.decode()
    first = {name: re.search(rf'<select name="{name}"[^>]*>\s*<option value="" selected>([^<]*)', page) for name in ("elevation", "buildings", "culverts")}  # fmt: skip
    assert {name: found and found[1] for name, found in first.items()} == {"elevation": "Bitte wählen", "buildings": "Keine", "culverts": "Keine"}  # fmt: skip


def test_who_waits_reads_how_many_are_before(client: Client, counting: UseCase, planner: User) -> None:
    """Those of another town are not counted: the towns take turns."""
    ask(counting, member(TenantFactory.create(), Role.PLANNER), steps=1)
    runs = [ask(counting, planner, steps=steps)[0] for steps in (1, 2, 3)]
    signed_in(client, planner)
    pages = [client.get(run.get_absolute_url()).content.decode() for run in runs]
    told = ("Sie ist die nächste von Ihnen", "Eine Analyse von Ihnen ist vorher", "2 Analysen von Ihnen sind vorher")  # fmt: skip
    assert [words in page for words, page in zip(told, pages, strict=True)] == [True] * 3
    assert [page for page in pages if "Wer die Analyse sieht" in page] == []  # nothing to be seen yet
    client.post(reverse("analysis:cancel", args=[runs[0].public_id]))
    assert told[0] in client.get(runs[1].get_absolute_url()).content.decode()


def test_what_is_refused_stands_on_the_form(client: Client, planner: User, ground: Dataset) -> None:
    signed_in(client, planner)
    away = json.dumps(shapely.geometry.mapping(shapely.box(400_000, 5_668_000, 400_100, 5_668_100)))
    answer = client.post("/analysen/neu/heavy-rain/", question(ground, area=away))
    assert answer.status_code == 400
    assert "Das Geländemodell deckt 0 % des Gebiets ab" in answer.content.decode()
    answer = client.post("/analysen/neu/heavy-rain/", question(ground, depth="k.A."))
    assert (answer.status_code, "Bitte eine Zahl eingeben" in answer.content.decode()) == (400, True)


def test_the_page_says_what_came_out_from_what_and_how(client: Client, planner: User, finished: Run) -> None:
    signed_in(client, planner)
    page = " ".join(client.get(finished.get_absolute_url()).content.decode().split())
    rows = [
        "Ortslage",
        "Größte Tiefe",
        'Regen</dt><dd class="kern-description-list-item__value">704 m³',
        "0,05 bis 0,10 m",
        "Geländemodell, Version 1 vom",
        'Höhe des Blockregens in mm</dt><dd class="kern-description-list-item__value">48,9',
        "Blockregen: die ganze Zeit gleich stark",
        "Starkregen 3 · hydro 1",
        "Keine Kanäle, und keine Durchlässe",
        "wassertiefe.tif",
        "Versuch 1 beginnt.",
    ]
    assert [row for row in rows if row not in page] == []
    asked = page.index("Seite einer Zelle"), page.index("Verlauf des Regens"), page.index("Rand des Gebiets")
    assert sorted(asked) == list(asked)  # as the form asks


def test_the_map_is_drawn_in_the_classes(client: Client, planner: User, finished: Run) -> None:
    signed_in(client, planner)
    page = finished.get_absolute_url()
    assert f'data-rasters="{page}karte/depth/"' in client.get(page).content.decode()
    assert f'data-rasters="{page}karte/speed/"' in client.get(f"{page}?karte=speed").content.decode()
    (told,) = client.get(f"{page}karte/depth/").json()["rasters"]
    answer = client.get(told["tiles"].replace("__tile__", "0-0-0"))
    assert answer["Content-Type"] == "image/webp"
    (feature,) = client.get(f"{page}gebiet.geojson").json()["features"]
    assert shapely.geometry.shape(feature["geometry"]).area == pytest.approx(120 * 120)
    for missing in ("karte/flow/", "karte/keine/", "karte/depth/9-9-9.webp", "dateien/keine/"):
        assert client.get(f"{page}{missing}").status_code == 404
    again = client.get(told["tiles"].replace("__tile__", "0-0-0"), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_what_was_drawn_into_the_question_is_on_the_map_and_in_words(client: Client, planner: User, ground: Dataset) -> None:  # fmt: skip
    wall = feature("wall", [(WEST + 10, SOUTH + 60), (WEST + 110, SOUTH + 60)], height=1.5)
    plan = {"type": "FeatureCollection", "features": [wall]}
    heavy_rain = registry.use_cases()["heavy-rain"]
    run = compute(ask(heavy_rain, planner, **question(ground, measures=plan))[0])
    signed_in(client, planner)
    _area, drawn = client.get(f"{run.get_absolute_url()}gebiet.geojson").json()["features"]
    assert (drawn["id"], drawn["geometry"]) == ("measure-1", json.loads(json.dumps(wall["geometry"])))
    assert (drawn["properties"]["number"], drawn["properties"]["colour"]) == (1, MEASURED)
    page = " ".join(client.get(run.get_absolute_url()).content.decode().split())
    rows = ["1 Mauer (100 m, Höhe über dem Gelände in m: 1,5)", 'data-kz-feature="measure-1"', "1,50 m über dem Gelände", '<ul class="kz-map__legend" aria-label="In die Frage gezeichnet">', f'fill="none" stroke="{MEASURED}" stroke-width="3"/></svg>Maßnahmen']  # fmt: skip
    assert [row for row in rows if row not in page] == []
    assert (
        "kern-btn--tertiary" not in page.split('id="files"')[1]
    )  # what acts looks like a button, beside links
    form = client.get(f"/analysen/neu/heavy-rain/?wie={run.public_id}").content.decode()
    assert html.escape(json.dumps(run.parameters["measures"])) in form
    document = pypdfium2.PdfDocument(client.get(f"{run.get_absolute_url()}bericht.pdf").content)
    assert "Maßnahmen" in document[0].get_textpage().get_text_range()  # the legend of the first map
    green = (np.asarray(document[0].render(scale=2).to_pil(), int) - ImageColor.getrgb(MEASURED)).__abs__()
    assert (green.max(axis=2) < 12).sum() > 400  # the wall is drawn over the depths


@pytest.mark.parametrize(("value", "told"), [(8e-10, "8 · 10⁻¹⁰"), (5.25e-11, "5,25 · 10⁻¹¹"), (0.5, "0,5"), (0.0, "0"), (1e7, "1 · 10⁷")])  # fmt: skip
def test_very_small_numbers_are_told_as_people_write_them(value: float, told: str) -> None:
    assert presenting.number(value, None, "") == told


def test_report_is_a_pdf_with_the_map(client: Client, planner: User, finished: Run) -> None:
    signed_in(client, planner)
    answer = client.get(f"{finished.get_absolute_url()}bericht.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer.content.count(b"/Subtype /Image") >= 3
    sizes = re.findall(rb"/Width (\d+)", answer.content)
    assert {int(size) for size in sizes} == {792}  # 24 cells are drawn large


def test_strangers_see_a_run_when_it_is_public(client: Client, planner: User, finished: Run) -> None:
    page = finished.get_absolute_url()
    addresses = [page, f"{page}bericht.pdf", f"{page}karte/depth/", f"{page}karte/depth/0-0-0.webp", f"{page}dateien/depth/", f"{page}gebiet.geojson"]  # fmt: skip

    def seen() -> set[int]:
        answers = [client.get(address) for address in addresses]
        for answer in answers:
            answer.close()
        return {answer.status_code for answer in answers}

    assert seen() == {404}
    staff = signed_in(Client(), planner)
    staff.post(f"{page}veroeffentlichen/")
    assert seen() == {200}
    text = client.get(page).content.decode()
    assert (str(planner) in text, "Versuch 1" in text) == (
        False,
        False,
    )  # who asked, and how it went, is the town's own
    staff.post(f"{page}zurueckziehen/")
    assert seen() == {404}


def test_the_county_reads_what_is_shared_with_it_until_that_ends(planner: User, finished: Run) -> None:
    landkreis = county()
    theirs = signed_in(Client(), member(landkreis, Role.COUNTY_ADMIN))
    page = finished.get_absolute_url()
    assert theirs.get(page).status_code == 404
    staff = signed_in(Client(), planner)
    staff.post(f"{page}teilen/", {"tenant": landkreis.slug})
    assert theirs.get(page).status_code == 200
    assert theirs.get(f"{page}karte/depth/0-0-0.webp").status_code == 200
    assert "Geteilt von Meißen" in theirs.get("/analysen/").content.decode()
    assert theirs.post(f"{page}loeschen/").status_code == 403
    staff.post(f"{page}teilen/beenden/", {"tenant": landkreis.slug})
    assert theirs.get(page).status_code == 404


def test_a_file_of_a_run_becomes_a_dataset_of_its_town(planner: User, finished: Run) -> None:
    staff, page = signed_in(Client(), planner), finished.get_absolute_url()
    address = f"{page}dateien/depth/datensatz/"
    assert address in staff.get(page).content.decode()
    answer = staff.post(address)
    with acting_for([finished.tenant_id]):
        upload = Upload.objects.get()
        (depth,) = (each for each in finished.outputs if each["name"] == "depth")
        file = PrivateFile.objects.get(pk=depth["file"])
        assert upload.file is not None
        assert (upload.name, upload.file.sha256) == (f"ortslage-{depth['file_name']}", file.sha256)
        assert upload.job is not None
    assert answer["Location"] == f"/daten/lieferungen/{upload.public_id}/"
    work(finished.tenant)
    assert b"ortslage" in staff.get(answer["Location"]).content


def test_no_dataset_is_made_of_anything_else_or_by_anybody_else(planner: User, finished: Run) -> None:
    staff, page = signed_in(Client(), planner), finished.get_absolute_url()
    assert staff.get(f"{page}dateien/depth/datensatz/").status_code == 405
    assert staff.post(f"{page}dateien/nothing/datensatz/")["Location"] == page
    staff.post(f"{page}veroeffentlichen/")
    stranger = signed_in(Client(), member(TenantFactory.create(), Role.PLANNER))
    assert stranger.get(page).status_code == 200
    assert stranger.post(f"{page}dateien/depth/datensatz/").status_code == 404
    moderator = signed_in(Client(), member(finished.tenant, Role.MODERATOR))
    assert moderator.post(f"{page}dateien/depth/datensatz/").status_code == 403
    with acting_for([finished.tenant_id]):
        assert not Upload.objects.exists()


def test_all_that_wait_are_cancelled_at_once(client: Client, counting: UseCase, planner: User, town: Tenant) -> None:  # fmt: skip
    """Those of another town, and what is being computed, go on."""
    theirs, _ = ask(counting, member(TenantFactory.create(), Role.PLANNER), steps=1)
    begun, *rest = [ask(counting, planner, steps=steps)[0] for steps in (1, 2, 3)]
    with acting_for([town.pk], [town.pk]):
        assert begun.job is not None
        Job.objects.filter(pk=begun.job.pk).update(state=JobState.RUNNING)
    address = reverse("analysis:cancel_waiting")
    assert signed_in(Client(), member(town, Role.MODERATOR)).post(address).status_code == 403
    signed_in(client, planner)
    assert "Die 2 wartenden abbrechen" in client.get("/analysen/").content.decode()
    answer = client.post(address, follow=True).content.decode()
    assert ("2 Analysen wurden abgebrochen" in answer, address in answer) == (True, False)
    states = [stored(run).state for run in (theirs, begun, *rest)]
    assert states == [JobState.QUEUED, JobState.RUNNING, JobState.CANCELLED, JobState.CANCELLED]


def test_a_waiting_run_is_cancelled_and_deleted(planner: User, counting: UseCase) -> None:
    run, _ = ask(counting, planner, steps=3)
    staff = signed_in(Client(), planner)
    page = run.get_absolute_url()
    assert "Brechen Sie sie zuerst ab" in staff.post(f"{page}loeschen/", follow=True).content.decode()
    staff.post(f"{page}abbrechen/")
    assert stored(run).state == JobState.CANCELLED
    assert (
        staff.post(f"{page}veroeffentlichen/", follow=True).content.decode().count("noch kein Ergebnis") == 1
    )
    assert staff.post(f"{page}loeschen/")["Location"] == "/analysen/"
    with acting_for([run.tenant_id]):
        assert not Run.objects.exists()


def test_a_run_is_asked_anew_with_what_it_asked(client: Client, planner: User, finished: Run) -> None:
    signed_in(client, planner)
    page = client.get(f"/analysen/neu/heavy-rain/?wie={finished.public_id}").content.decode()
    assert 'value="48,9"' in page
    assert 'value="Ortslage"' in page
    other = signed_in(Client(), member(TenantFactory.create(), Role.PLANNER))
    assert other.get(f"/analysen/neu/heavy-rain/?wie={finished.public_id}").status_code == 404


def test_the_list_is_filtered_and_costs_the_same_for_many(client: Client, planner: User, counting: UseCase) -> None:  # fmt: skip
    signed_in(client, planner)

    def listed(query: str = "") -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/analysen/{query}").content.decode()
        return page.count('scope="row"'), len(queries)

    first, _ = ask(counting, planner, steps=1, title="Alpha")
    listed()
    one = listed()
    for number in range(2, 30):
        ask(counting, planner, steps=number, title=f"Beta {number}")
    services.cancel_run(first, actor=planner)
    assert listed() == (25, one[1])
    assert listed("?page=2")[0] == 4
    assert [listed(query)[0] for query in ("?q=alpha", "?state=cancelled", "?state=done", "?use_case=heavy-rain")] == [1, 1, 0, 0]  # fmt: skip


def test_a_picture_is_white_where_it_is_dry(tmp_path: Path) -> None:
    part = terrain.Frame(0.0, 4.0, 1.0, rows=2, columns=2)
    terrain.write(
        np.array([[0.0, 0.05], [0.2, np.nan]], np.float32), tmp_path / "t.tif", part=part, srid=25833
    )
    legend = [(0.05, "#c6dbef", ""), (0.1, "#6baed6", "")]
    drawn = painting.picture(tmp_path / "t.tif", legend=legend, most=100)
    assert [drawn.getpixel((x, y)) for y in (0, 1) for x in (0, 1)] == [(255, 255, 255), (0xC6, 0xDB, 0xEF), (0x6B, 0xAE, 0xD6), (255, 255, 255)]  # fmt: skip


def test_features_are_sketched_in_their_colours() -> None:
    ring = shapely.box(100, 100, 300, 200).difference(shapely.box(150, 120, 200, 150))
    features = [{"geometry": shapely.geometry.mapping(ring), "properties": {"colour": "#b2182b"}}]
    svg, width = painting.sketch(features, most=400)
    assert (width, b'width="400" height="200"' in svg, svg.count(b"M"), svg.count(b'fill="#b2182b"')) == (200.0, True, 2, 1)  # fmt: skip
    assert b"L400.0 200.0" in svg or b"M400.0 200.0" in svg  # the south-east corner, north up


def test_a_point_is_sketched_as_a_dot() -> None:
    shapes = [shapely.box(0, 0, 100, 100), shapely.Point(50, 50)]
    features = [{"geometry": shapely.geometry.mapping(each), "properties": {"colour": "#b2182b", "outline": True}} for each in shapes]  # fmt: skip
    svg = painting.sketch(features, most=100)[0].decode()
    assert (svg.count("M"), "M55.0 50.0L" in svg) == (2, True)


def test_lines_of_a_colour_are_one_path_and_areas_one_each() -> None:
    """What moves by less than half a pixel is left out."""
    line, area = shapely.LineString([(0, 0), (50, 0.1), (100, 0)]), shapely.box(0, 0, 100, 100)
    shapes = [(area, {"colour": "#111111"})] * 2 + [(line, {"colour": "#222222"})] * 2 + [(area, {"colour": "#333333", "outline": True})] * 2  # fmt: skip
    features = [{"geometry": shapely.geometry.mapping(shape), "properties": look} for shape, look in shapes]
    svg = painting.sketch(features, most=100)[0].decode()
    assert [svg.count(f'stroke="{colour}"') for colour in ("#111111", "#222222", "#333333")] == [2, 1, 1]
    assert (svg.count('fill="none"'), svg.count("M0.0 100.0L100.0 100.0M0.0 100.0L100.0 100.0")) == (2, 1)


# --- two runs side by side


def test_two_runs_stand_side_by_side_with_the_map_of_their_difference(client: Client, planner: User, ground: Dataset, finished: Run) -> None:  # fmt: skip
    heavy_rain = registry.use_cases()["heavy-rain"]
    more = compute(ask(heavy_rain, planner, **question(ground, depth="100"), title="Extrem")[0])
    signed_in(client, planner)
    page = f"{finished.get_absolute_url()}vergleich/"
    assert f"?mit={more.public_id}" in client.get(page).content.decode()
    shown = " ".join(client.get(f"{page}?mit={more.public_id}").content.decode().split())
    row = 'Höhe des Blockregens in mm</th><td class="kern-table__cell" data-label="A">48,9</td><td class="kern-table__cell" data-label="B">100</td>'
    rain = 'Regen</th><td class="kern-table__cell" data-label="A">704 m³</td><td class="kern-table__cell" data-label="B">1.440 m³</td><td class="kern-table__cell" data-label="B − A">+ 736 m³</td>'
    assert [
        each
        for each in (row, rain, "Ortslage und Extrem", "+ 0,05–0,1 m", "− 1 m und mehr")
        if each not in shown
    ] == []
    answer = client.get(f"{page}karte.png?mit={more.public_id}")
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (24, 24)
    middle = picture.getpixel((12, 12))
    assert isinstance(middle, tuple)
    assert middle[0] > middle[2]  # more water: red
    back = client.get(f"{more.get_absolute_url()}vergleich/karte.png?mit={finished.public_id}")
    blue = Image.open(io.BytesIO(back.content)).getpixel((12, 12))
    assert isinstance(blue, tuple)
    assert blue[2] > blue[0]


def test_the_difference_that_a_measure_makes_shows_the_measure(client: Client, planner: User, ground: Dataset, finished: Run) -> None:  # fmt: skip
    wall = feature("wall", [(WEST + 10, SOUTH + 60), (WEST + 110, SOUTH + 60)], height=1.5)
    plan = {"type": "FeatureCollection", "features": [wall]}
    built = compute(ask(registry.use_cases()["heavy-rain"], planner, **question(ground, measures=plan))[0])
    signed_in(client, planner)
    page, mark = f"{finished.get_absolute_url()}vergleich/", np.array(ImageColor.getrgb(MEASURED))
    shown = " ".join(client.get(f"{page}?mit={built.public_id}").content.decode().split())
    assert "</svg>Maßnahmen</li>" in shown
    assert re.search(
        r'Regen</th>.{0,140}data-label="B − A">0 m³', shown
    )  # no sign where there is no difference
    picture = Image.open(io.BytesIO(client.get(f"{page}karte.png?mit={built.public_id}").content))
    assert picture.size == (792, 792)
    assert (np.asarray(picture) == mark).all(axis=2).sum() > 1000


def test_other_cells_have_no_map_and_strangers_nothing(client: Client, planner: User, ground: Dataset, finished: Run) -> None:  # fmt: skip
    heavy_rain = registry.use_cases()["heavy-rain"]
    coarse = compute(ask(heavy_rain, planner, **question(ground, cell="10"), title="Grob")[0])
    signed_in(client, planner)
    page = f"{finished.get_absolute_url()}vergleich/"
    assert "auf verschiedenen Zellen" in client.get(f"{page}?mit={coarse.public_id}").content.decode()
    assert client.get(f"{page}karte.png?mit={coarse.public_id}").status_code == 404
    assert client.get(f"{page}karte.png").status_code == 404
    other = signed_in(Client(), member(TenantFactory.create(), Role.PLANNER))
    assert other.get(f"{page}?mit={coarse.public_id}").status_code == 404
    with acting_for([finished.tenant_id], [finished.tenant_id]):
        Run.objects.filter(pk=finished.pk).update(is_public=True)
    assert other.get(f"{page}?mit={coarse.public_id}").status_code == 404


def test_a_difference_is_classed_by_the_ends_of_the_values(tmp_path: Path) -> None:
    part = terrain.Frame(0.0, 4.0, 1.0, rows=1, columns=5)
    for name, values in (("a", [0.0, 0.2, 0.2, 0.0, 2.0]), ("b", [0.04, 0.26, 0.09, np.nan, 0.5])):
        terrain.write(np.array([values], np.float32), tmp_path / f"{name}.tif", part=part, srid=25833)
    drawn = painting.difference(tmp_path / "a.tif", tmp_path / "b.tif", ends=(0.05, 0.1, 0.5), most=100)
    white = (255, 255, 255)
    assert [drawn.getpixel((x, 0)) for x in range(5)] == [white, (0xFD, 0xDB, 0xC7), (0x92, 0xC5, 0xDE), white, (0x43, 0x93, 0xC3)]  # fmt: skip
