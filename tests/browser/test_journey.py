"""The whole journey in a real Chromium with a real worker: from the planner's file to the county's indicator."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from subprocess import Popen
from time import monotonic
from urllib.parse import parse_qs

import pytest
from celery import current_app
from django.conf import LazySettings
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from participation.models import Anchor, Statement
from participation.phases import Kind
from planning.models import Plan, PlanObject
from tenants import events
from tenants.models import OutboxMessage, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import DESKTOP, PHONE, Check, Opener, Shot
from tests.browser.journey import Eyes, Hands, county, downloaded, path_of, sign_in, tab_to, town
from tests.factories.tenants import member
from tests.planning.xplanung.leaves import leaves
from tests.tenants.test_jobs import queue, worker
from tests.workers import until
from twin.demo.plans.library import document
from twin.indicators.formulas import Month
from twin.indicators.models import CountySnapshot

__all__ = ["queue", "worker"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SAID = "Bitte erhaltet die alten Linden am Uferweg."
OTHER = "Hier staut sich jeden Morgen der Verkehr vor der Schranke."
NAME, MAIL = "Lieselotte Krause", "lieselotte.krause@demo.example"
REASON = "Schreiberin bittet um Vertraulichkeit"
FEW = 10  # steps from the county's start page to the receipt, all voluntary fields included


@dataclass
class Cast:
    """Who takes part in the journey."""

    kreis: Tenant
    meissen: Tenant
    planner: User
    moderator: User
    analyst: User


@pytest.fixture
def cast(
    settings: LazySettings, with_sites: None, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Cast]:
    """Two towns of the county and their people; the worker shares the test's folders, its mails become files."""
    settings.BASE_URL = address
    monkeypatch.setenv("KZ_BASE_URL", address)
    monkeypatch.setenv("KZ_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KZ_EMAIL_URL", f"filemail://{tmp_path}/mail")
    cache.clear()
    kreis, meissen = county(), town("Meißen", "meissen", "14627140")
    town("Radebeul", "radebeul", "14627210")
    colleague = member(meissen, Role.PLANNER)
    with acting_for([meissen.pk], [meissen.pk]):
        events.used("plan_changed", tenant=meissen, actor=colleague, at=timezone.now() - timedelta(days=20))
    yield Cast(
        kreis=kreis,
        meissen=meissen,
        planner=member(meissen, Role.PLANNER, name="Robert Engelke"),
        moderator=member(meissen, Role.MODERATOR, name="Falk Barthel"),
        analyst=member(kreis, Role.COUNTY_ANALYST, name="Armin Zöllner"),
    )
    cache.clear()


def test_journey(
    opener: Opener,
    cast: Cast,
    axe: Check,
    screenshot: Shot,
    tmp_path: Path,
    worker: Callable[[], Popen[bytes]],
    record_property: Callable[[str, object], None],
) -> None:
    eyes = Eyes(axe, screenshot)
    planner, staff = (opener(viewport=DESKTOP).new_page() for _ in range(2))
    citizen = opener(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    neighbour = opener(viewport=DESKTOP).new_page()

    sign_in(staff, cast.analyst)
    call_command("indicators", "--month", this_month(), stdout=StringIO())
    assert lacks_use(staff, cast)
    plan = import_plan(planner, eyes, cast, tmp_path=tmp_path, worker=worker)
    assert status(staff, plan) == 404  # a draft
    publish_plan(planner, eyes)
    open_procedure(planner, eyes)

    started = monotonic()
    hands = Hands(citizen)
    receipt = say_something(hands, eyes)
    record_property("citizen_seconds", round(monotonic() - started, 1))
    record_property("citizen_steps", hands.steps)
    assert hands.steps <= FEW
    follow_up(opener, eyes, receipt, citizen=citizen, mails=lambda: mails(tmp_path / "mail"))
    procedure = say_something_by_keyboard(neighbour, eyes)

    moderate(opener(viewport=DESKTOP).new_page(), eyes, cast)
    see_what_is_public(citizen, eyes, procedure)
    see_the_county(staff, eyes, cast, procedure)


# --- the planner


def import_plan(
    page: Page, eyes: Eyes, cast: Cast, *, tmp_path: Path, worker: Callable[[], Popen[bytes]]
) -> str:
    """Upload, follow the worker, look at map, list and object, get back what was uploaded. Returns the draft's address."""
    original = document("meissen-elbauenquartier")
    path = tmp_path / "elbauenquartier.gml"
    path.write_bytes(original)
    page.goto("/konto/login/")
    eyes.look(page, "login")
    sign_in(page, cast.planner)
    page.goto("/arbeit/")
    eyes.look(page, "work")
    page.click("#kz-menu a[href='/plaene/']")
    eyes.look(page, "plans-none")
    page.click("main a[href='/plaene/hochladen/']")
    page.set_input_files("input[type=file]", [path])
    eyes.look(page, "upload")
    with page.expect_response("**/stand/") as told:
        page.click("main form button.kern-btn--primary")
        page.wait_for_selector("[data-kz-job]")
    assert told.value.json()["finished"] is False
    eyes.look(page, "import-waits")
    worker()  # the page learns by itself that it is done
    page.locator("main a", has_text="Elbauenquartier").first.wait_for(timeout=120_000)
    eyes.look(page, "import-report")
    page.locator("main a", has_text="Elbauenquartier").first.click()
    look_at_plan(page, eyes)
    export = downloaded(page, lambda: page.click("a[href$='xplan.gml']"))
    assert export == original
    assert leaves(export) == leaves(original)
    return path_of(page)


def look_at_plan(page: Page, eyes: Eyes) -> None:
    """The map shows all objects that lie somewhere, its list the same, and each tells what it is."""
    plan = page.url
    drawn = page.locator("[data-kz-plan-map][data-drawn]")
    drawn.wait_for()
    shown = int(drawn.get_attribute("data-drawn") or 0)
    page.click("[data-map-objects] summary")
    expect(page.locator("[data-map-count]")).to_contain_text(str(shown))
    page.fill("[data-map-search]", "grün")
    page.locator("[data-map-objects] [data-object]").first.click()
    page.locator("[data-map-info] h2").wait_for()
    eyes.look(page, "plan-draft")
    page.locator("[data-map-info] a", has_text=re.compile("[Ll]ink")).click()
    eyes.look(page, "plan-object")
    page.goto(plan)
    page.click("main a[href$='/objekte/']")
    eyes.look(page, "plan-objects")
    page.goto(plan)
    page.wait_for_selector("[data-drawn]")


def publish_plan(page: Page, eyes: Eyes) -> None:
    page.click("main a[href$='/veroeffentlichen/']")
    eyes.look(page, "plan-publish")
    page.click("main form button.kern-btn--primary")
    page.wait_for_selector("[data-drawn]")
    assert Plan.objects.count() == 1  # without a scope: everybody sees it
    eyes.look(page, "plan-public")


def open_procedure(page: Page, eyes: Eyes) -> None:
    """Two phases: the public's, which runs, and the authorities' beside it."""
    today = timezone.localdate()
    page.click(
        "main a[href^='/arbeit/beteiligung/neu/']"
    )  # from the plan's page, so the plan is chosen already
    page.fill("[name=title]", "Elbauenquartier: Ihre Meinung")
    page.fill("[name=summary]", "Wohnungen, Büros und ein Park zwischen Bahnhof und Elbe.")
    expect(page.locator("[name=plan] option:checked")).to_contain_text("Elbauenquartier")
    page.fill("[name=categories]", "Verkehr\nGrün")
    for number, kind in enumerate((Kind.DRAFT_PUBLIC, Kind.DRAFT_BODIES)):
        page.select_option(f"[name=phases-{number}-kind]", kind.value)
        page.fill(f"[name=phases-{number}-first_day]", today.isoformat())
        page.fill(f"[name=phases-{number}-last_day]", (today + timedelta(days=34)).isoformat())
    eyes.look(page, "procedure-new")
    page.click("main form button.kern-btn--primary")
    page.wait_for_selector("form[action$='/schritt/publish/']")
    assert page.locator("[data-shortfall]").count() == 0
    eyes.look(page, "procedure-draft")
    page.click("form[action$='/schritt/publish/'] button")
    page.wait_for_selector("form[action$='/schritt/decide/']")
    eyes.look(page, "procedure-running")


# --- citizens


@dataclass(frozen=True)
class Receipt:
    number: str
    secret: str


def receipt_on(page: Page) -> Receipt:
    page.wait_for_selector("#receipt-number")
    return Receipt(page.inner_text("#receipt-number"), page.inner_text("#receipt-secret"))


def proofs(page: Page) -> list[str]:
    """Collects the proof of work of every form that the page sends."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/stellungnahme/"):
            found.extend(parse_qs(request.post_data or "").get("proof", []))

    page.on("request", note)
    return found


def solved(page: Page) -> None:
    """The page works for it by itself, nobody has to solve a riddle."""
    expect(page.locator("input[name=proof]")).to_have_value(re.compile(".+"), timeout=60_000)


def say_something(hands: Hands, eyes: Eyes) -> Receipt:
    """From the county's start page to the receipt, on a phone, about an object of the plan, with all voluntary fields."""
    page, proof = hands.page, proofs(hands.page)
    page.goto("/")
    eyes.look(page, "county")
    hands.click(".kz-towns a[href$='/meissen/']")
    eyes.look(page, "town")
    hands.click("[data-state=current] h3 a")
    page.wait_for_selector("[data-kz-plan-map][data-drawn]")
    eyes.look(page, "procedure")
    hands.click(".kz-pagehead a[href$='/stellungnahme/']")
    hands.write("[name=text]", SAID)
    hands.choose(
        "[name=plan_object]",
        page.locator("[name=plan_object] option", has_text="Grün").first.get_attribute("value") or "",
    )
    hands.click("[name=publication_consent]")
    hands.write("[name=name]", NAME)
    hands.write("[name=email]", MAIL)
    solved(page)
    eyes.look(page, "statement")
    hands.click("form.kz-form button.kern-btn--primary")
    found = receipt_on(page)
    assert len(proof) == 1 and proof[0]
    eyes.look(page, "receipt")
    return found


def follow_up(
    opener: Opener, eyes: Eyes, receipt: Receipt, *, citizen: Page, mails: Callable[[], list[EmailMessage]]
) -> None:
    """The PDF, the mail, the status page: number and secret open it, the number alone opens nothing."""
    pdf = downloaded(citizen, lambda: citizen.click("main a[href$='/pdf/']"))
    assert pdf.startswith(b"%PDF-") and len(pdf) > 10_000
    until(lambda: len(mails()) == 1)
    [mail] = mails()
    text = mail.get_content()
    assert mail["To"] == MAIL and receipt.number in text and receipt.secret in text
    assert SAID not in text and NAME not in text
    message = OutboxMessage.objects  # the mail is gone, and with it the secret
    with acting_for(list(Tenant.objects.values_list("pk", flat=True))):
        assert [(row.recipient, row.sent_at is not None, row.body) for row in message.all()] == [
            (MAIL, True, "")
        ]

    other = opener(viewport=PHONE).new_page()
    other.goto(f"/beteiligung/stand/?nr={receipt.number}")
    assert SAID not in other.content()
    eyes.look(other, "status-closed")
    other.click("main form button.kern-btn--primary")
    other.wait_for_load_state()
    assert SAID not in other.content()
    eyes.look(other, "status-refused")
    other.fill("[name=secret]", receipt.secret)
    other.click("main form button.kern-btn--primary")
    other.wait_for_selector("[data-publication=pending]")
    assert SAID in other.inner_text("main")
    eyes.look(other, "status-waiting")

    link = next(line for line in text.split() if "#" in line)
    mailed = opener(viewport=PHONE).new_page()
    mailed.goto(link)
    mailed.wait_for_selector("[data-publication=pending]")
    assert "#" not in mailed.url and receipt.secret not in mailed.content()
    confirm = next(line for line in text.split() if "/bestaetigung/" in line)
    mailed.goto(confirm)
    eyes.look(mailed, "mail-confirm")
    mailed.click("main form button")
    mailed.wait_for_selector("main .kern-alert")
    eyes.look(mailed, "mail-confirmed")


def say_something_by_keyboard(page: Page, eyes: Eyes) -> str:
    """A place on the map without touching a pointer, no name, no consent. Returns the procedure's address."""
    page.goto("/meissen/beteiligung/")
    eyes.look(page, "town-procedures")
    tab_to(page, "[data-state=current] h3 a")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-kz-plan-map][data-drawn]")
    procedure = path_of(page)
    tab_to(page, "a[href$='/stellungnahme/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-kz-anchor][data-drawn]")
    solved(page)
    tab_to(page, "[name=text]")
    page.keyboard.type(OTHER)
    tab_to(page, "[data-map-view]")
    for key in ("+", "ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#id_place")).to_have_value(re.compile("Point"))
    eyes.look(page, "statement-by-keyboard")
    tab_to(page, "form.kz-form button.kern-btn--primary")
    page.keyboard.press("Enter")
    receipt_on(page)
    return f"/{procedure}"


# --- the town and the public


def moderate(page: Page, eyes: Eyes, cast: Cast) -> None:
    """P publishes the one whose writer agreed; the other one can only be kept back, and is, with a reason."""
    sign_in(page, cast.moderator)
    page.goto("/arbeit/")
    eyes.look(page, "work-of-moderator")
    page.goto("/arbeit/moderation/")
    assert SAID in page.inner_text("main") and OTHER not in page.content()
    eyes.look(page, "moderation")
    page.keyboard.press("p")
    page.wait_for_selector("form[data-last]")
    eyes.look(page, "moderation-done")
    page.goto("/arbeit/stellungnahmen/")
    eyes.look(page, "statements")
    page.locator("tr", has_text=OTHER).locator("a").click()
    page.wait_for_load_state()
    assert page.locator("button[value=publish]").count() == 0
    page.keyboard.press("h")
    page.keyboard.type(REASON)
    eyes.look(page, "statement-of-staff")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-publication=hidden]")
    with acting_for([cast.meissen.pk]):
        found = {row.text: row.publication for row in Statement.objects.all()}
        anchors = {
            row.statement.text: row for row in Anchor.objects.select_related("statement", "plan_object")
        }
    assert found == {SAID: "published", OTHER: "hidden"}
    assert isinstance(anchors[SAID].plan_object, PlanObject) and anchors[SAID].geometry is None
    assert isinstance(anchors[OTHER].geometry, Point) and anchors[OTHER].plan_object is None


def see_what_is_public(page: Page, eyes: Eyes, procedure: str) -> None:
    """List, map and search have the published one and nothing of the other, nor who wrote it."""
    page.goto(procedure)
    page.wait_for_selector("[data-kz-statements-map][data-drawn='1']")
    for place in ("", "orte.geojson"):
        body = page.request.get(procedure + place).text()
        assert SAID[:30] in body and OTHER[:20] not in body
        assert NAME not in body and MAIL not in body and REASON not in body
    assert page.locator("li[data-kz-statement]").count() == 1
    eyes.look(page, "procedure-with-statement")
    for word, count in (("Linden", 1), ("Schranke", 0), ("Krause", 0)):
        page.goto(f"{procedure}?q={word}")
        assert page.locator("li[data-kz-statement]").count() == count
        assert page.locator("[data-kz-statements-map]").count() == count
    page.goto(procedure)
    page.click("li[data-kz-statement] a")
    eyes.look(page, "statement-published")


# --- the county


def see_the_county(page: Page, eyes: Eyes, cast: Cast, procedure: str) -> None:
    """The journey has made the town one that uses the twin; drafts and hidden statements stay the town's own."""
    begun = timezone.now()
    current_app.send_task("twin.indicators.tasks.take_nightly")
    until(lambda: CountySnapshot.objects.filter(month=this_month(), computed_at__gt=begun).exists())
    assert not lacks_use(page, cast)
    eyes.look(page, "cockpit")
    page.goto("/kennzahlen/")
    eyes.look(page, "figures")
    with acting_for([cast.meissen.pk]):
        hidden = Statement.objects.get(text=OTHER)
    assert status(page, f"{procedure}stellungnahmen/{hidden.public_id}/") == 404
    assert status(page, hidden.get_absolute_url()) == 404
    eyes.look(page, "not-found")


def this_month() -> str:
    return str(Month.containing(timezone.now()))


def lacks_use(page: Page, cast: Cast) -> bool:
    """Whether the cockpit says that the town lacks something to count as using the twin."""
    page.goto(f"/arbeit/kennzahlen/?month={this_month()}")
    row = page.locator("tr", has_text=cast.meissen.name)
    expect(row).to_have_count(1)
    return row.locator("td").first.locator(".kern-badge").count() == 0


def status(page: Page, address: str) -> int:
    answer = page.goto(address if address.startswith("/") else f"/{address}")
    assert answer is not None
    return answer.status


def mails(folder: Path) -> list[EmailMessage]:
    """What the worker has sent."""
    found: list[EmailMessage] = []
    for path in sorted(folder.glob("*")):
        for part in re.split(rb"^-{79}$", path.read_bytes(), flags=re.MULTILINE):
            if part.strip():
                found.append(message_from_bytes(part.strip(), policy=policy.default))
    return found
