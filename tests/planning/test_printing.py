"""Prints: true scale, sheets, what the title block and the legend say."""

import time
from datetime import date
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from PIL import Image

from planning import drawing, printing
from planning.errors import TooManySheets
from planning.models import Fassung, Plan, PlanVersion, ProcedureStep
from planning.printing import Order
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.planning import add_object, make_plan, square
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db

X, Y = 385_000.0, 5_668_000.0
DPMM = 10  # pixels per millimetre in which the tests look at a page


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(ags="14627140", name="Meißen")
    return found


@pytest.fixture
def plan(tenant: Tenant) -> Plan:
    """A square of 100 m of housing inside its Geltungsbereich, with a Planunterlage."""
    found = make_plan(tenant, public=True, number="7/26", name="Am Weinberg")
    reference = {"@type": "XP_SpezExterneReferenz", "typ": "1040", "referenzName": "ALKIS-Auszug", "datum": "2026-03-01"}  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        version = version_of(found)
        frame = {"feature_type": "BP_Plan", "geometry": MultiPolygon(square(X, Y), srid=25833), "properties": {"externeReferenz": [reference]}}  # fmt: skip
        add_object(version, 0, **frame)
        add_object(version, 1, geometry=square(X, Y), properties={"besondereArtDerBaulNutzung": "1200", "GRZ": "0.4", "Z": "2"})  # fmt: skip
    return found


def version_of(plan: Plan) -> PlanVersion:
    assert plan.current_version is not None
    return plan.current_version


def printed(plan: Plan, order: Order) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(printing.print_plan(plan, version_of(plan), order))


def page_image(document: pypdfium2.PdfDocument, number: int = 0) -> Image.Image:
    found: Image.Image = document[number].render(scale=DPMM * 25.4 / 72).to_pil().convert("RGB")
    return found


def words_of(document: pypdfium2.PdfDocument) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


@pytest.mark.parametrize("denominator", [500, 1000, 2500, 750])
def test_the_scale_is_true(plan: Plan, denominator: int) -> None:
    """100 m on the ground are 100,000 mm / denominator on paper."""
    image = np.asarray(page_image(printed(plan, Order(denominator, "A3"))))
    housing = (np.abs(image.astype(int) - (0xF5, 0xC2, 0xB3)).max(axis=-1) < 4)[:, : int(printing.Order(denominator, "A3").window[0] * DPMM)]  # fmt: skip
    rows, columns = np.nonzero(housing.any(axis=1))[0], np.nonzero(housing.any(axis=0))[0]
    wanted = 100_000 / denominator
    assert (rows[-1] - rows[0]) / DPMM == pytest.approx(wanted, abs=0.5)
    assert (columns[-1] - columns[0]) / DPMM == pytest.approx(wanted, abs=0.5)


@pytest.mark.parametrize("paper", printing.PAPERS)
@pytest.mark.parametrize("upright", [True, False])
def test_the_page_has_the_size_of_the_paper(plan: Plan, paper: str, upright: bool) -> None:
    document = printed(plan, Order(1000, paper, upright))
    size = [round(length * 25.4 / 72) for length in document[0].get_size()]
    assert size == list(Order(1000, paper, upright).size)


def test_the_title_block_says_what_it_is(plan: Plan, tenant: Tenant) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        Fassung.objects.create(tenant=tenant, plan=plan, version=version_of(plan), kind="draft", dated_on=date(2026, 5, 4))  # fmt: skip
        words = words_of(printed(plan, Order(1000, "A3")))
    for part in ("7/26", "Am Weinberg", "Meißen", "1 : 1 000", "ALKIS-Auszug", "EPSG:25833", version_of(plan).sha256[:12]):  # fmt: skip
        assert part in words, part
    assert gettext("Verbindlich ist die ausgefertigte Urkunde.") in words


def test_the_legend_holds_what_is_present_and_nothing_else(plan: Plan) -> None:
    words = words_of(printed(plan, Order(1000, "A3")))
    for number in ("(1.1.3)", "(2.5)", "(2.7)", "(15.13)"):
        assert number in words
    for number in ("(1.1.2)", "(9)", "(2.1)", "(3.5)"):
        assert number not in words


def test_a_legend_that_finds_no_room_goes_on_behind(plan: Plan, tenant: Tenant) -> None:
    kinds = ("BP_GruenFlaeche", "BP_WaldFlaeche", "BP_LandwirtschaftsFlaeche", "BP_GemeinbedarfsFlaeche", "BP_VerEntsorgung", "BP_FreiFlaeche", "BP_NebenanlagenFlaeche", "BP_AufschuettungsFlaeche", "BP_StrassenVerkehrsFlaeche")  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        for position, kind in enumerate(kinds, start=2):
            add_object(version_of(plan), position, feature_type=kind, geometry=square(X, Y, size=20), properties={})  # fmt: skip
    document = printed(plan, Order(1000, "A4"))
    assert len(document) == 2
    assert all(number in words_of(document) for number in ("(1.1.3)", "(9)", "(12.2)", "(15.3)", "(15.8)"))


def test_verfahrensvermerke_are_those_that_a_reader_may_see(plan: Plan, tenant: Tenant) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        step = {"tenant": tenant, "plan": plan, "kind": "adoption", "on": date(2026, 6, 1)}
        ProcedureStep.objects.create(**step, note="Ratsbeschluss 12/2026", is_public=True)
        ProcedureStep.objects.create(**step, note="Noch geheim")
    words = words_of(printed(plan, Order(1000, "A3")))
    assert "Ratsbeschluss 12/2026" in words
    assert "geheim" not in words


def test_a_large_plan_goes_on_several_sheets_that_join(plan: Plan) -> None:
    plan.current_version.area = MultiPolygon(square(X, Y, size=500), srid=25833)  # type: ignore[union-attr]
    order = Order(1000, "A3")
    sheets = printing.frames(version_of(plan), order)
    assert len(sheets) == 2 * 2
    first, second = sheets[0].extent, sheets[1].extent
    assert first[2] == pytest.approx(second[0])
    assert (first[1], first[3]) == (second[1], second[3])
    assert (first[2] - first[0]) * 1000 / 1000 == pytest.approx(order.window[0])


def test_more_sheets_than_a_print_may_have_are_refused(plan: Plan) -> None:
    plan.current_version.area = MultiPolygon(square(X, Y, size=50_000), srid=25833)  # type: ignore[union-attr]
    with pytest.raises(TooManySheets):
        printing.frames(version_of(plan), Order(500, "A4"))
    assert printing.smallest_paper(version_of(plan), 500) == Order(500, "A0")


def test_the_smallest_paper_that_holds_the_plan_is_proposed(plan: Plan) -> None:
    assert printing.smallest_paper(version_of(plan), 1000) == Order(1000, "A4")
    assert printing.smallest_paper(version_of(plan), 500) == Order(500, "A3")


@pytest.mark.parametrize(
    "query",
    [{}, {"scale": "999", "paper": "A4"}, {"scale": "500", "paper": "A9"}, {"scale": "500", "paper": "A4", "own": "1"}, {"scale": "x", "paper": "A4"}, {"scale": "500", "paper": "A4", "own": "99999999999"}],
)  # fmt: skip
def test_a_print_that_cannot_be_made_says_why(plan: Plan, query: dict[str, str]) -> None:
    answer = Client().get(reverse("planning:drawing_pdf", args=[plan.public_id]), query)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_names_of_others_are_text_on_paper(tenant: Tenant) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>" * 3
    plan = make_plan(tenant, public=True, name=evil, number="<b>1</b>", place="<svg/onload=alert(1)>")
    assert "<script>" in words_of(printed(plan, Order(1000, "A4")))


def test_the_page_proposes_and_counts(plan: Plan, tenant: Tenant) -> None:
    client = Client()
    url = reverse("planning:drawing", args=[plan.public_id])
    proposed = client.get(url).context["form"].initial
    assert proposed == {"scale": 1000, "paper": "A4", "upright": False}
    answer = client.get(url, {"scale": "500", "paper": "A4"})
    assert answer.context["sheets"] == 4
    assert answer.context["pdf_url"].endswith("?scale=500&paper=A4")


def test_numbers_of_a_print_stay_numbers_in_german(plan: Plan, settings: Any) -> None:
    """A decimal comma would break the drawing."""
    settings.LANGUAGE_CODE = "de"
    client = Client(headers={"accept-language": "de"})
    answer = client.get(reverse("planning:drawing_pdf", args=[plan.public_id]), {"scale": "1000", "paper": "A3", "own": "777"})  # fmt: skip
    assert answer.status_code == 200
    document = pypdfium2.PdfDocument(answer.content)
    image = np.asarray(page_image(document)).astype(int)
    assert (np.abs(image - (0xF5, 0xC2, 0xB3)).max(axis=-1) < 4).sum() > (100_000 / 777 * DPMM) ** 2 * 0.6


@pytest.mark.alone
def test_a_plan_of_three_thousand_objects_is_drawn_and_printed_in_seconds(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, objects=3000, area=MultiPolygon(Polygon.from_bbox((X, Y, X + 30_000, Y + 100)), srid=25833))  # fmt: skip
    started = time.process_time()
    frame = drawing.on_screen((X, Y - 700, X + 1500, Y + 800), srid=25833, size=(1500, 1500), plan_type="BP")
    picture = drawing.as_png("".join(drawing.picture(drawing.objects_in(version_of(plan), frame), frame)))
    drawn = time.process_time() - started
    document = printed(plan, Order(25_000, "A0"))
    assert (len(picture) > 1000, len(document)) == (True, 2)
    assert drawn < 3
    assert time.process_time() - started - drawn < 8
