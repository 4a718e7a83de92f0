"""A plan checked from the form to the files: areas as measured by hand, what is refused, who sees what, and that it is asked by itself."""

import csv
import io
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from planning.importing import Order, import_file
from planning.models import Plan, PlanObject
from planning.rasters.converting import grid_of
from tenants import files, permissions
from tenants.errors import Refused
from tenants.models import JobState, PrivateFile, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role, Share
from tenants.scope import acting_for, within, working_for
from tests.factories import xplanung as samples
from tests.factories.catalogue import arrival, deliver
from tests.factories.planning import add_object, make_plan
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.plan_check.conftest import FLOODED, SOUTH, WEST, area, areas, village
from twin.analysis import services, terrain
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue import publishing
from twin.catalogue.importing import GEOTIFF
from twin.catalogue.models import Dataset
from twin.usecases.plan_check import adapter

pytestmark = pytest.mark.django_db(transaction=True)


def check(plan_check: UseCase, person: User, plan: Plan | None = None, **parameters: Any) -> Run:
    asked = {"plan": str(plan.public_id)} if plan else {}
    done = compute(ask(plan_check, person, **asked, **parameters)[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    return done


def rows(run: Run) -> list[tuple[str, float, float, str]]:
    """Area of the plan, m², percent, verdict."""
    return [(row["title"].partition(":")[0], row["area"], row["percent"], row["verdict"]) for row in run.summary["rows"]]  # fmt: skip


def content(run: Run, name: str) -> str:
    (output,) = (each for each in run.outputs if each["name"] == name)
    with acting_for([run.tenant_id]):
        return files.path_of(PrivateFile.objects.get(pk=output["file"])).read_text("utf-8-sig")


# --- what is measured


def test_areas_and_shares_are_as_measured_by_hand(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    """The flood area covers x from 25 to 75 m, twice at one place; another dataset touches the plan by 5 cm."""
    areas(town, "floodplain", area(*FLOODED), area(30, 0, 40, 100), title="Elbe")
    areas(town, "reserve", area(-100, 0, 0.05, 100), title="Schutzgebiete")
    done = check(plan_check, planner, plan)
    assert rows(done) == [
        ("Baugebietsteilfläche", 2500, 50, "bars"),
        ("Straßenverkehrsfläche", 1000, 100, "weigh"),
        ("Geltungsbereich", 5000, 50, "inform"),
        ("Grünfläche", 1500, 37.5, "inform"),
    ]
    summary = done.summary
    assert [summary[name] for name in ("plans", "sites", "bars", "weigh", "inform", "verdict")] == [1, 4, 1, 1, 2, "bars"]  # fmt: skip
    elbe = f"Festgesetztes Überschwemmungsgebiet (§ 76 Abs. 2 WHG): Elbe (Meißen, {summary['on']})"
    assert [row["head"] for row in summary["rows"]] == [elbe, "", "", ""]  # told once
    first = summary["rows"][0]
    assert first["law"] == "§ 78 Abs. 1 Satz 1 WHG (Fassung seit 05.01.2018)"
    assert (first["source"], first["owner"], first["of"], first["verdict_words"]) == ("Elbe", "Meißen", summary["on"], "steht entgegen")  # fmt: skip
    assert [(each["title"], each["met"]) for each in summary["sources"]] == [("Elbe", 4), ("Schutzgebiete", 0)]  # fmt: skip
    assert (len(summary["conditions"]), summary["conditions_for"][0].startswith("7/26 Am Weinberg: Baugebietsteilfläche")) == (9, True)  # fmt: skip
    assert summary["binding"] == "Verbindlich ist die Auskunft der unteren Wasserbehörde."
    assert (str(done.subject), done.title) == (str(plan.public_id), "7/26 Am Weinberg")  # fmt: skip
    drawn = json.loads(content(done, "areas"))
    sizes = {each["id"]: shapely.geometry.shape(each["geometry"]).area for each in drawn["features"]}
    assert sizes == {"p0": pytest.approx(10_000), "h1": pytest.approx(2500), "h2": pytest.approx(1000), "h4": pytest.approx(1500)}  # fmt: skip
    table = list(csv.reader(io.StringIO(content(done, "table")), delimiter=";"))
    assert [(line[0], line[8], line[10]) for line in table[1:3]] == [("7/26 Am Weinberg", "2500,0", "steht entgegen"), ("7/26 Am Weinberg", "1000,0", "ist abzuwägen")]  # fmt: skip


def test_land_and_rain_are_balanced(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    """5,000 m² with a Grundflächenzahl of 0.4 may be sealed by six tenths; the street is; 30 mm of rain. What the plan does not state is said."""
    summary = check(plan_check, planner, plan).summary
    (told,) = summary["balances"]
    assert [(row["area"], row["grz"], row["footprint"], row["sealed"]) for row in told["rows"]] == [(5000, 0.4, 2000, 3000), (4000, None, None, 0), (1000, None, None, 1000)]  # fmt: skip
    assert (summary["area"], summary["sealed"], summary["units"]) == (10_000, 4000, 33.3)
    assert (summary["before"], summary["after"]) == (30.0, 126.0)
    assert told["missing"] == ["Welcher Fassung der BauNVO der Plan folgt, ist nicht angegeben; gerechnet ist nach der Regel seit 1990."]  # fmt: skip
    assert summary["notes"] == ["Es gibt keinen lesbaren Datensatz, dessen Flächen rechtlich etwas bedeuten: Überschwemmungs- und Schutzgebiete sind nicht geprüft."]  # fmt: skip
    more = check(plan_check, planner, plan, rain="60", sealed="1", before="0", floor="100").summary
    assert (more["before"], more["after"], more["units"]) == (0, 276.0, 40)
    with acting_for([town.pk], [town.pk]):
        PlanObject.objects.filter(feature_type="BP_BaugebietsTeilFlaeche").update(properties={"besondereArtDerBaulNutzung": "1200"})  # fmt: skip
    (told,) = check(plan_check, planner, plan, rain="31").summary["balances"]
    assert (told["sealed"], told["units"], told["rows"][0]["sealed"]) == (1000, 0, None)
    assert told["missing"][1:] == [
        "Für 5.000 m² ist nicht angegeben, was versiegelt werden darf (keine Grundflächenzahl); sie sind in keiner Summe von Versiegelung und Regen enthalten.",
        "Für 5.000 m² Wohnbauland sind weder Geschossflächenzahl noch Vollgeschosse angegeben; ihre Wohnungen sind nicht geschätzt.",
    ]


def test_neighbours_are_found_where_they_are_public_or_shared(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    """One overlaps by 10 m, one lies 20 m away, one 200 m; one that nobody may see overlaps, too."""
    neighbour: Tenant = TenantFactory.create(name="Coswig")
    for east, name in ((90.0, "Grenzweg"), (-120.0, "Elbhang"), (300.0, "Fern")):
        village(neighbour, east=east, public=True, number="1", name=name)
    shared, hidden = village(neighbour, east=95.0, number="2", name="Entwurf"), village(neighbour, east=50.0, number="3", name="Geheim")  # fmt: skip
    with acting_for([neighbour.pk], [neighbour.pk]):
        permissions.share(shared, holder=town, as_=Share.READER)
    done = check(plan_check, planner, plan)
    found = [(row["source"], row["area"], row["said"], row["law"]) for row in done.summary["rows"]]
    law = "§ 2 Abs. 2 BauGB (vom 03.11.2017)"
    assert found == [("1 Grenzweg", 1000, "überschneidet ihn", law), ("2 Entwurf", 500, "überschneidet ihn", law), ("1 Elbhang", 0, "20 m entfernt", law)]  # fmt: skip
    assert hidden.name not in json.dumps([done.inputs, done.summary], ensure_ascii=False)
    with within(reach(planner).scope), pytest.raises(Refused, match="was andere nicht veröffentlicht haben: 2 Entwurf"):  # fmt: skip
        services.publish_run(done, actor=planner)
    with acting_for([neighbour.pk], [neighbour.pk]):
        permissions.unshare(shared, holder=town, as_=Share.READER)
    alone = check(plan_check, planner, plan)
    with within(reach(planner).scope):
        services.publish_run(alone, actor=planner)
    assert [row["source"] for row in alone.summary["rows"]] == ["1 Grenzweg", "1 Elbhang"]


def depth_run(town: Tenant, folder: Path) -> Run:
    """An earlier run on 2 m cells: 60 cm of water from x = 0 to 20 m, 20 cm to 40 m, dry to 50 m, nothing known beyond."""
    part = terrain.Frame(WEST, SOUTH + 100, 2.0, rows=50, columns=25)
    depth = np.zeros((50, 25), np.float32)
    depth[:, :10], depth[:, 10:20] = 0.6, 0.2
    terrain.write(depth, folder / "tiefe.tif", part=part, srid=25833)
    with acting_for([town.pk], [town.pk]), (folder / "tiefe.tif").open("rb") as source:
        file = files.store(source, tenant=town, name="tiefe.tif", content_type=GEOTIFF)
        output = {"name": "depth", "file": file.pk, "file_name": file.name, "content_type": GEOTIFF, "size": file.size, "unit": "m", "grid": asdict(grid_of(folder / "tiefe.tif"))}  # fmt: skip
        run: Run = Run.objects.create(tenant=town, use_case="heavy-rain", title="Hundertjährlich", digest="a" * 64, outputs=[output], finished_at=timezone.now())  # fmt: skip
    return run


def test_depths_of_an_earlier_run_are_laid_over_the_areas(plan_check: UseCase, planner: User, town: Tenant, plan: Plan, tmp_path: Path) -> None:  # fmt: skip
    earlier = depth_run(town, tmp_path)
    done = check(plan_check, planner, plan, depths=str(earlier.public_id))
    assert rows(done) == [("Baugebietsteilfläche", 4000, 80, "weigh"), ("Geltungsbereich", 4000, 40, "inform")]  # fmt: skip
    assert [row["said"] for row in done.summary["rows"]] == ["80 % tiefer als 10 cm, 40 % tiefer als 50 cm", "80 % tiefer als 10 cm, 40 % tiefer als 50 cm, von den 50 %, für die Tiefen vorliegen"]  # fmt: skip
    with acting_for([town.pk], [town.pk]):
        Run.objects.filter(pk=earlier.pk).update(outputs=[])
    with pytest.raises(RunRefused, match="Die Analyse „Hundertjährlich“ enthält keine Wassertiefen"):
        ask(plan_check, planner, plan=str(plan.public_id), depths=str(earlier.public_id), rain="31")


def test_all_current_plans_are_checked_at_once(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    areas(town, "risk", area(190, 0, 300, 100), title="HQ200")
    village(town, east=200, name="Im Risiko")
    village(town, east=200, name="Aufgehoben", standing="repealed")
    done = check(plan_check, planner)
    assert done.subject is None
    told = [(each["plan"], each["weigh"], each["inform"]) for each in done.summary["by_plan"]]
    assert told[1:] == [("7/26 Am Weinberg", 0, 0)]
    assert (len(told), told[0][0].endswith("Im Risiko"), told[0][1:]) == (2, True, (2, 2))


def test_number_of_queries_does_not_grow_with_plans_and_datasets(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    def counted() -> int:
        run, _new = ask(plan_check, planner)
        with CaptureQueriesContext(connection) as queries:
            adapter.load(run)
        return len(queries)

    areas(town, "floodplain", area(*FLOODED))
    one = counted()
    for number in (1, 2):
        village(town, east=100.0 * number)
        areas(town, "risk", area(*FLOODED))
    assert counted() == one


def test_lines_and_points_are_told_by_kind_with_length_and_number(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    """The flood area covers x from 25 to 75 m: of two Baugrenzen 50 and 5 m lie in it, of four trees two, of a pipe 10 m; one line only touches it,
    and a height is no place."""
    areas(town, "floodplain", area(*FLOODED), title="Elbe")
    with acting_for([town.pk], [town.pk]):
        version = plan.current_version
        assert version is not None
        rows_of = (
            ("BP_BauGrenze", f"LINESTRING({WEST} {SOUTH + 50}, {WEST + 100} {SOUTH + 50})"),
            ("BP_BauGrenze", f"LINESTRING({WEST + 70} {SOUTH + 60}, {WEST + 90} {SOUTH + 60})"),
            ("BP_BauGrenze", f"LINESTRING({WEST + 75} {SOUTH + 60}, {WEST + 90} {SOUTH + 60})"),
            ("BP_VerEntsorgung", f"LINESTRING({WEST + 30} {SOUTH}, {WEST + 30} {SOUTH + 10})"),
            ("BP_AnpflanzungBindungErhaltung", f"MULTIPOINT({WEST + 30} {SOUTH + 5}, {WEST + 90} {SOUTH + 5})"),
            ("BP_AnpflanzungBindungErhaltung", f"POINT({WEST + 40} {SOUTH + 5})"),
            ("BP_AnpflanzungBindungErhaltung", f"POINT({WEST + 10} {SOUTH + 5})"),
            ("BP_HoehenMass", f"POINT({WEST + 40} {SOUTH + 5})"),
        )  # fmt: skip
        for position, (kind, shape) in enumerate(rows_of, 3):
            add_object(version, position, feature_type=kind, properties={}, geometry=GEOSGeometry(shape, srid=25833))  # fmt: skip
    done = check(plan_check, planner, plan)
    names = ("title", "verdict", "length", "number", "of_number", "percent")
    told = [[row.get(name) for name in names] for row in done.summary["rows"] if "number" in row]
    assert told == [
        ["Ver- und Entsorgung", "weigh", 10, 1, 1, 100],
        ["Baugrenze", "inform", 55, 2, 3, 40.74],
        ["Anpflanzung, Bindung, Erhaltung", "inform", None, 2, 4, 50],
    ]
    assert [done.summary[name] for name in ("sites", "lines", "points")] == [4, 4, 3]
    assert done.summary["area"] == 10_000  # the balance is of areas
    drawn = {each["properties"]["title"]: each for each in json.loads(content(done, "areas"))["features"] if "title" in each["properties"]}  # fmt: skip
    limits, trees = (shapely.geometry.shape(drawn[name]["geometry"]) for name in ("Baugrenze", "Anpflanzung, Bindung, Erhaltung"))  # fmt: skip
    assert (limits.geom_type, limits.length, trees.geom_type, len(shapely.get_parts(trees))) == ("MultiLineString", 55, "MultiPoint", 2)  # fmt: skip
    table = list(csv.DictReader(io.StringIO(content(done, "table")), delimiter=";"))
    assert [(row["m²"], row["m"], row["Anzahl"]) for row in table if row["Anzahl"]] == [("", "10,0", "1"), ("", "55,0", "2"), ("", "", "2")]  # fmt: skip
    client = Client()
    client.force_login(planner)
    page = client.get(done.get_absolute_url()).content.decode()
    assert ("55 m (40,7&nbsp;%), 2 von 3" in page, "2 von 4" in page) == (True, True)
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content))  # fmt: skip
    assert "2 von 3" in " ".join(printed.split())


def test_permissions_in_a_hochwasserentstehungsgebiet_are_listed(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    """Half of 5,000 m² with a Grundflächenzahl of 0.4 lies in it: 1,500 m² may be sealed; the street lies in it as a whole."""
    areas(town, "origin", area(*FLOODED), title="Quellgebiet")
    areas(town, "origin", area(*FLOODED), title="Noch einmal")
    run, _new = ask(plan_check, planner, plan=str(plan.public_id))
    with acting_for([town.pk], [town.pk]):
        Run.objects.filter(pk=run.pk).update(created_at=datetime(2026, 11, 30, 12, tzinfo=UTC))
    done = compute(run)
    assert [(row["title"].partition(":")[0], row["law"]) for row in done.summary["rows"] if row["source"] == "Quellgebiet"] == [
        ("Baugebietsteilfläche", "§ 78d Abs. 6 WHG (Fassung seit 05.01.2018)"),
        ("Straßenverkehrsfläche", "§ 78d Abs. 4 und 5 WHG (Fassung seit 05.01.2018)"),
        ("Geltungsbereich", "§ 77 Abs. 2 SächsWG (vom 12.07.2013, Stand 30.07.2024)"),
        ("Grünfläche", "§ 76 Abs. 2 SächsWG (vom 12.07.2013, Stand 30.07.2024)"),
    ]  # fmt: skip
    (told,) = done.summary["permits"]
    assert [(row["in_plan"], row["said"]) for row in told["rows"]] == [
        ("höchstens 1.500 m² versiegelt", "Beide Schwellen sind in der Summe erreicht; eine Genehmigung braucht jedes Vorhaben im Außenbereich, das eine erreicht."),
        ("1.000 m² Verkehrsfläche", "Eine Genehmigung brauchen neue Straßen; ob sie neu sind, ist zu prüfen."),
        ("Was heute dort ist, steht nicht im Plan.", "zu prüfen"),
        ("Was heute dort ist, steht nicht im Plan.", "zu prüfen"),
    ]  # fmt: skip
    assert told["rows"][0]["law"] == "§ 78d Abs. 4 Satz 1 Nr. 1 WHG, § 76 Abs. 3 Satz 1 Nr. 1 SächsWG"
    client = Client()
    client.force_login(planner)
    page = client.get(done.get_absolute_url()).content.decode()
    assert "Was im Hochwasserentstehungsgebiet eine Genehmigung braucht" in page
    assert "Das SächsWG erhält am 01.01.2027 eine andere Fassung." in page
    bare = check(plan_check, planner, make_plan(town, number="8", name="Bestandsplan", area=plan.area))
    assert bare.summary["permits"][0]["rows"][0]["in_plan"] == "Der Plan enthält keine Flächen, die sich summieren lassen."  # fmt: skip


# --- what was asked about


def test_a_version_is_checked_as_it_was_when_it_was_asked(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    """One that was withdrawn since ends the run in words."""
    dataset = areas(town, "floodplain", area(*FLOODED))
    run, _new = ask(plan_check, planner, plan=str(plan.public_id))
    deliver(dataset, arrival("0", {"name": "neu"}, area(-10, -10, 110, 110)))
    with acting_for([town.pk], [town.pk]):
        Dataset.objects.update(role="risk")
    assert rows(compute(run))[0] == ("Baugebietsteilfläche", 2500, 50, "bars")
    assert rows(check(plan_check, planner, plan))[0] == ("Baugebietsteilfläche", 5000, 100, "weigh")
    landkreis = county()
    dataset = areas(landkreis, "floodplain", area(*FLOODED), public=True, title="Überschwemmungsgebiete")
    run, _new = ask(plan_check, planner, plan=str(plan.public_id))
    with acting_for([landkreis.pk], [landkreis.pk]):
        publishing.withdraw(dataset, actor=None)
    failed = compute(run)
    assert failed.job is not None
    assert failed.job.error == "Version 2 des Datensatzes „Überschwemmungsgebiete“ ist nicht mehr lesbar. Fragen Sie noch einmal mit der aktuellen."  # fmt: skip


def test_areas_that_cross_themselves_and_plans_without_objects_are_named(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    areas(town, "floodplain", area(-10, -10, 110, 110))
    bow = f"POLYGON(({WEST} {SOUTH}, {WEST + 50} {SOUTH + 100}, {WEST + 50} {SOUTH}, {WEST} {SOUTH + 100}, {WEST} {SOUTH}))"
    with acting_for([town.pk], [town.pk]):
        PlanObject.objects.filter(feature_type="BP_BaugebietsTeilFlaeche").update(geometry=GEOSGeometry(bow, srid=25833), gml_id="GML_bow")  # fmt: skip
    done = check(plan_check, planner, plan)
    assert rows(done)[0] == ("Baugebietsteilfläche", 2500, 100, "bars")
    assert done.summary["notes"] == ["Eine Fläche kreuzt sich selbst; zum Messen wurde sie gültig gemacht: GML_bow"]  # fmt: skip

    done = check(plan_check, planner, make_plan(town, number="8", name="Bestandsplan"))
    assert rows(done) == [("Geltungsbereich", 10_000, 100, "weigh")]
    assert done.summary["notes"] == ["Ohne Flächen als Objekte, deshalb ist allein der Geltungsbereich geprüft: 8 Bestandsplan"]  # fmt: skip
    assert done.summary["balances"] == []


# --- what is refused, and who sees what


def test_what_others_hold_is_not_offered(plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    stranger: Tenant = TenantFactory.create()
    with pytest.raises(RunRefused, match="Es gibt keinen Plan, der geprüft werden könnte"):
        ask(plan_check, member(stranger, Role.PLANNER))
    theirs, secret = village(stranger, public=True, east=5000), areas(stranger, "floodplain", area(*FLOODED))
    points = areas(town, "floodplain", area(*FLOODED))
    with acting_for([town.pk], [town.pk]):
        points.datasetversions.update(geometry_type="Point")
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        for field, value in (("plan", str(theirs.public_id)), ("areas", [str(secret.public_id)]), ("areas", [str(points.public_id)])):  # fmt: skip
            form = plan_check.form(data_of({field: value}), offer=offered_to(planner, town))
            assert list(form.errors) == [field]
    assert rows(check(plan_check, planner, plan)) == []
    client = Client()
    client.force_login(planner)
    assert client.get(f"/analysen/neu/plan-check/?plan={theirs.public_id}").status_code == 404
    page = client.get(f"/analysen/neu/plan-check/?plan={plan.public_id}").content.decode()
    assert f'<option value="{plan.public_id}" selected>' in page
    assert (str(theirs.public_id) in page, str(secret.public_id) in page) == (False, False)


def test_no_overlap_is_said_of_the_data_and_their_day(client: Client, plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    areas(town, "floodplain", area(500, 0, 600, 100), title="Triebisch")
    done = check(plan_check, planner, plan)
    client.force_login(planner)
    page = client.get(done.get_absolute_url()).content.decode()
    said = ["Keine Fläche eines Plans überschneidet eine Fläche dieser Daten zu ihrem Stand.", "Triebisch (Meißen)", "keine in diesen Daten", "Verbindlich ist die Auskunft der unteren Wasserbehörde."]  # fmt: skip
    assert [words for words in said if words not in page] == []
    assert "keine Gefahr" not in page
    assert (done.summary["verdict"], done.summary["conditions"]) == (None, [])


def test_page_map_and_report_show_what_was_found(client: Client, plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    areas(town, "floodplain", area(*FLOODED), title="Elbe")
    done = check(plan_check, planner, plan)
    address = done.get_absolute_url()
    assert client.get(address).status_code == 404
    client.force_login(planner)
    page = " ".join(client.get(address).content.decode().split())
    said = ['data-kz-feature="h1"', "Nr. 9: ", "§ 78 Abs. 1 Satz 1 WHG (Fassung seit 05.01.2018)", "Festgesetztes Überschwemmungsgebiet (§ 76 Abs. 2 WHG): Elbe (Meißen, ", "2.500 m² (50,0&nbsp;%)", "Zulässig versiegelt", "pruefhinweise.csv", "steht entgegen: Neue Baugebiete"]  # fmt: skip
    assert [words for words in said if words not in page] == []
    features = client.get(f"{address}gebiet.geojson").json()["features"]
    assert [(each["id"], each["properties"]["colour"]) for each in (features[0], features[-1])] == [("p0", "#595959"), ("h1", "#b2182b")]  # what bars on top  # fmt: skip
    assert client.get(f"{address}karte/areas/").status_code == 404
    answer = client.get(f"{address}bericht.pdf")
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    assert [words for words in ("Überschneidungen auf der Karte", "das Bild ist 100 m breit", "Nr. 9: ") if words not in printed] == []  # fmt: skip
    assert client.get("/ogc/processes/plan-check").json()["outputs"]["table"]["schema"]["contentMediaType"] == "text/csv"  # fmt: skip
    about = client.get(plan.get_absolute_url()).content.decode()
    assert (f'href="{address}"' in about, f"/analysen/neu/plan-check/?plan={plan.public_id}" in about) == (True, True)  # fmt: skip


LONG = "GML_6F9619FF-8B86-D011-B42D-00C04FC964FF_Teilflaeche_Nordwest_am_Weinberg_0001"


def test_long_ids_stay_in_their_column_of_the_report(client: Client, plan_check: UseCase, planner: User, town: Tenant, plan: Plan) -> None:  # fmt: skip
    areas(town, "floodplain", area(*FLOODED), title="Elbe")
    with acting_for([town.pk], [town.pk]):
        PlanObject.objects.filter(feature_type="BP_BaugebietsTeilFlaeche").update(gml_id=LONG)
    done = check(plan_check, planner, plan)
    client.force_login(planner)
    document = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    page = next(each for each in document if "GML_6F96" in each.get_textpage().get_text_range())
    text = page.get_textpage()
    words = text.get_text_range()
    start, following = words.index("GML_6F96"), words.index("2.500 m²")
    ends = [text.get_charbox(at)[2] for at in range(start, following) if words[at].strip()]
    assert max(ends) <= text.get_charbox(following)[0]
    assert "".join(words[start:following].split()) == LONG


# --- asked by itself, and by a command


def imported(town: Tenant, folder: Path, name: str = "Am Weinberg") -> Plan:
    path = folder / "plan.gml"
    path.write_bytes(samples.document("6.0", samples.plan("6.0", name=name), samples.bereich("6.0"), samples.area("6.0")))  # fmt: skip
    with working_for([town.pk], [town.pk]):
        (report,) = import_file(path, name=path.name, order=Order(town, None, decision="auto"))
        (plan,) = report.plans
    return plan


def test_an_imported_plan_is_checked_by_itself(plan_check: UseCase, town: Tenant, tmp_path: Path) -> None:
    """Not where there is nothing to check it against; against what is public or shared with the town as its own."""
    imported(town, tmp_path)
    with acting_for([town.pk]):
        assert not Run.objects.exists()
    landkreis = county()
    flood = areas(landkreis, "floodplain", shapely.box(400_000, 5_660_000, 400_050, 5_660_100))
    with acting_for([landkreis.pk], [landkreis.pk]):
        permissions.share(flood, holder=town, as_=Share.READER)
    plan = imported(town, tmp_path, "Am Weinberg, geändert")
    with acting_for([town.pk]):
        run = Run.objects.select_related("job").get()
    assert (run.state, run.subject, run.created_by) == (JobState.QUEUED, plan.public_id, None)
    assert rows(compute(run))[0] == ("Baugebietsteilfläche", 5000, 50, "bars")
    client = Client()
    client.force_login(member(town, Role.PLANNER))
    assert f'href="{run.get_absolute_url()}">Prüfhinweise zur Bauleitplanung</a>' in client.get(plan.get_absolute_url()).content.decode()  # fmt: skip


def test_the_command_checks_by_short_names(town: Tenant, plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    dataset = areas(town, "floodplain", area(*FLOODED))
    path = tmp_path / "frage.json"
    path.write_text(json.dumps({"plan": str(plan.public_id), "areas": [dataset.slug]}))
    call_command(
        "run_usecase", "plan-check", "--tenant", "meissen", "--params", str(path), "--wait", "--json"
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["summary"]["bars"], [each["name"] for each in told["outputs"]]) == ("done", 1, ["areas", "table"])  # fmt: skip
    path.write_text(json.dumps({"areas": ["unbekannt"]}))
    with pytest.raises(CommandError):
        call_command("run_usecase", "plan-check", "--tenant", "meissen", "--params", str(path), "--json")
    assert list(json.loads(capsys.readouterr().out)["errors"]) == ["areas"]
