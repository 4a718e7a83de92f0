"""The pages over HTTP, as people without JavaScript use them."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from participation import guard, notifications, publication
from participation.models import ModerationAct, Procedure, Question, Statement, Submitter
from participation.moderating import answer_statement, moderate
from participation.phases import Kind
from planning.models import PlanObject
from planning.presenting import title_of
from tenants.models import OutboxMessage, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.participation import IN, SECRET, make_procedure, make_statement, spot
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, county, member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def running(tenant: Tenant, **fields: Any) -> Procedure:
    now = timezone.now()
    return make_procedure(tenant, start=now - 5 * DAY, end=now + 5 * DAY, **fields)


def submit_url(procedure: Procedure) -> str:
    return reverse("participation:submit", args=[procedure.public_id])


def rows(tenant: Tenant, model: Any) -> list[Any]:
    with acting_for([tenant.pk]):
        return list(model.objects.order_by("pk"))


def signed_in(tenant: Tenant, *roles: Role) -> Client:
    client = Client()
    client.force_login(member(tenant, *roles), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# --- what the law wants said, and why nobody can write


@pytest.mark.parametrize(
    ("kind", "plan_type", "told", "associations"),
    [
        (Kind.DRAFT_PUBLIC, "BP", True, False),
        (Kind.DRAFT_PUBLIC, "FP", True, True),
        (Kind.REPEATED_PUBLIC, "BP", True, False),
        (Kind.EARLY_PUBLIC, "BP", False, False),
        (Kind.CONSULTATION, "BP", False, False),
    ],
)
def test_published_draft_carries_the_notices_of_the_law(
    client: Client, kind: Kind, plan_type: str, told: bool, associations: bool
) -> None:
    tenant = TenantFactory.create(contact="Bauamt, Markt 1, Mo bis Fr 9 bis 12 Uhr")
    procedure = running(tenant, kind=kind, plan=make_plan(tenant, public=True, plan_type=plan_type))
    page = client.get(procedure.get_absolute_url()).content.decode()
    notices = page.partition("data-notices")[2].partition("</section>")[0]
    assert ("§ 3 Abs. 2 Satz 4" in notices, "UmwRG" in notices) == (told, associations)
    assert ("Bauamt, Markt 1" in notices, "nicht rechtzeitig eingehen" in notices) == (told, told)


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        (3, 9, "Ab dem {first} können Sie Stellung nehmen."),
        (-9, -3, "Die Beteiligung endete am {last} und nimmt keine Stellungnahmen mehr an."),
    ],
)
def test_form_that_takes_nothing_says_why(client: Client, begins: int, ends: int, sentence: str) -> None:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first, end = start + begins * DAY, start + ends * DAY
    procedure = make_procedure(TenantFactory.create(), start=first, end=end)
    page = client.get(submit_url(procedure)).content.decode()
    days = {"first": date_format(first.date()), "last": date_format((end - DAY).date())}
    assert sentence.format(**days) in html.unescape(page)
    assert "<textarea" not in page


# --- saying something


def test_text_alone_is_enough_and_the_receipt_follows(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant)
    assert client.get(submit_url(procedure)).status_code == 200
    with django_assert_max_num_queries(
        14
    ):  # hundreds come in the last hour: one more is seven per cent fewer a second
        answer = client.post(submit_url(procedure), {"text": "Mehr Bäume"})
    assert answer["Location"] == reverse("participation:receipt")
    [statement] = rows(tenant, Statement)
    page = client.get(answer["Location"])
    assert statement.receipt in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    secret = re.search(r'id="receipt-secret">([2-9A-Z-]+)<', page.content.decode())
    assert secret is not None
    assert secret[1].replace("-", "") not in client.get(submit_url(procedure)).content.decode()
    stranger = Client()
    assert stranger.get(answer["Location"])["Location"] == reverse("participation:status")
    opened = stranger.post(
        reverse("participation:status"), {"number": statement.receipt, "secret": secret[1]}, follow=True
    )
    assert "Mehr Bäume" in opened.content.decode()


def test_an_english_page_asks_in_english(client: Client) -> None:
    procedure = running(TenantFactory.create())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("participation:procedure", args=[procedure.public_id])).content.decode()
    assert ("Write a statement" in page, "Stellung nehmen" in page) == (True, False)


def test_map_of_a_free_topic_begins_with_the_town(client: Client) -> None:
    ground = MultiPolygon(Polygon.from_bbox((386_000, 5_669_000, 387_500, 5_671_000)), srid=25833)
    page = client.get(submit_url(running(TenantFactory.create(boundary=ground)))).content.decode()
    assert 'data-extent="386000,5669000,387500,5671000"' in page


def test_receipt_comes_as_pdf(client: Client) -> None:
    procedure = running(TenantFactory.create())
    client.post(submit_url(procedure), {"text": "<b>Mehr</b> Bäume"})
    pdf = client.get(reverse("participation:receipt_pdf"))
    assert pdf.content[:5] == b"%PDF-"
    assert pdf["Content-Type"] == "application/pdf"
    assert Client().get(reverse("participation:receipt_pdf")).status_code == 404


@pytest.mark.parametrize("of_plan", [True, False])
def test_status_and_receipt_name_the_place(client: Client, of_plan: bool) -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, public=True, objects=2)
    procedure = running(tenant, plan=plan)
    chosen = rows(tenant, PlanObject)[0]
    place = {"plan_object": chosen.pk} if of_plan else {"place": '{"type":"Point","coordinates":[386000,5669000]}'}  # fmt: skip
    client.post(submit_url(procedure), {"text": "Hier", **place})
    with acting_for([tenant.pk]):
        expected = f"{title_of(chosen, chosen.version.xplan_version)} (Version 1)"
    page = client.get(reverse("participation:status"))
    assert page.context["place"] == (expected if of_plan else "386000 / 5669000 (EPSG:25833)")
    assert html.escape(page.context["place"]) in page.content.decode()
    receipt = pypdfium2.PdfDocument(client.get(reverse("participation:receipt_pdf")).content)
    assert page.context["place"] in receipt[0].get_textpage().get_text_range()


def test_phases_that_are_not_there_yet_cannot_be_removed() -> None:
    tenant = TenantFactory.create()
    client = signed_in(tenant, Role.PLANNER)
    page = client.get(reverse("participation:procedure_new"))
    assert [form.fields.keys() & {"DELETE"} for form in page.context["phase_forms"]] == [set(), set()]
    change = client.get(reverse("participation:procedure_change", args=[running(tenant).public_id]))
    assert "DELETE" in change.context["phase_forms"][0].fields


def test_everything_is_taken_over_from_the_form(client: Client) -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, public=True, objects=2)
    procedure = running(tenant, plan=plan, categories=("Verkehr",))
    place = '{"type":"Point","coordinates":[386000,5669000]}'
    form = {
        "text": "Hier",
        "category": procedure.categorys.get().pk,
        "name": "Erika Muster",
        "email": "erika@example.org",
        "postal_address": "Markt 1",
        "publication_consent": "on",
    }
    client.post(submit_url(procedure), {**form, "place": place})
    client.post(submit_url(procedure), {**form, "plan_object": plan.planobjects.earliest("position").pk})
    statements = rows(tenant, Statement)
    assert [row.publication_consent for row in statements] == [True, True]
    with acting_for([tenant.pk]):
        first, second = (row.anchors.get() for row in statements)
    assert first.geometry == spot()
    assert second.plan_object_id == plan.planobjects.earliest("position").pk
    assert rows(tenant, Submitter)[0].name == "Erika Muster"


def test_topic_taken_away_meanwhile_does_not_stop_a_statement(client: Client) -> None:
    procedure = running(TenantFactory.create())
    client.post(submit_url(procedure), {"text": "Hier", "category": "1"})
    [statement] = rows(procedure.tenant, Statement)
    assert statement.category is None


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"text": ""}, "text"),
        ({"text": "  \n "}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a" * 50_001}, "text"),
        ({"text": "\u200b"}, "text"),
        ({"text": "x", "email": "keine Adresse"}, "email"),
        ({"text": "x", "place": "<script>"}, "place"),
        ({"text": "x", "place": '{"type":"Point","coordinates":[NaN,1]}'}, "place"),
        ({"text": "x", "place": '{"type":"Point","coordinates":[13.4,51.1]}'}, "place"),
        ({"text": "x", "place": '{"type":"Point"}'}, "place"),
        ({"text": "x", "website": "https://spam.example"}, "website"),
        ({"text": "x", "proof": "bm9uc2Vuc2U="}, "proof"),
        ({"text": "x", "proof": "W1tb" * 30_000}, "proof"),  # [[[…
    ],
)
def test_bad_entry_comes_back_with_the_text(client: Client, fields: dict[str, str], where: str) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant)
    answer = client.post(submit_url(procedure), fields)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [where]
    assert answer.context["form"]["text"].value() == fields["text"]
    assert rows(tenant, Statement) == []


def test_trap_that_a_browser_filled_lets_the_second_try_through(client: Client) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant)
    answer = client.post(submit_url(procedure), {"text": "Mehr Bäume", "website": "autofill"})
    form = answer.context["form"]
    assert (form["text"].value(), form["website"].value()) == ("Mehr Bäume", "")


def test_megabyte_of_text_is_refused_and_given_back(client: Client) -> None:
    procedure = running(TenantFactory.create())
    answer = client.post(submit_url(procedure), {"text": "ä" * 500_000})
    assert answer.status_code == 400
    assert len(answer.context["form"]["text"].value()) == 500_000


def test_hostile_text_is_shown_as_text(client: Client) -> None:
    tenant = TenantFactory.create()
    text = "</textarea><script>alert(1)</script> {{ 7 }} '; DROP TABLE x; -- \u202etxet"
    procedure = running(tenant)
    client.post(submit_url(procedure), {"text": text, "name": text[:60], "publication_consent": "on"})
    receipt = client.get(reverse("participation:status")).content.decode()
    moderator = signed_in(tenant, Role.MODERATOR)
    queue = moderator.get(reverse("participation:queue")).content.decode()
    [statement] = rows(tenant, Statement)
    moderator.post(reverse("participation:moderate", args=[statement.public_id]), {"act": "publish"})
    public = client.get(procedure.get_absolute_url()).content.decode()
    for page in (receipt, queue, public):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    places = client.get(reverse("participation:places", args=[procedure.public_id]))
    assert places.json() == {"type": "FeatureCollection", "features": []}


def test_late_informal_statement_is_refused_with_its_text(client: Client) -> None:
    procedure = make_procedure(TenantFactory.create())
    answer = client.post(submit_url(procedure), {"text": "Zu spät, aber wichtig"})
    assert answer.status_code == 409
    assert "Zu spät, aber wichtig" in answer.content.decode()


def test_late_formal_statement_is_taken_and_the_page_says_so(client: Client) -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant, kind=Kind.DRAFT_PUBLIC)
    page = client.get(submit_url(procedure))
    assert page.context["late"]
    client.post(submit_url(procedure), {"text": "Zu spät, aber wichtig"})
    assert rows(tenant, Statement)[0].is_late


def test_one_address_is_slowed_down_and_keeps_its_text(client: Client) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant)
    for _ in range(guard.WITHOUT_PROOF):
        assert client.post(submit_url(procedure), {"text": "noch eine"}).status_code == 302
    answer = client.post(submit_url(procedure), {"text": "eine zu viel"})
    assert answer.status_code == 429
    assert "eine zu viel" in answer.content.decode()
    other = client.post(submit_url(procedure), {"text": "von woanders"}, REMOTE_ADDR="203.0.113.7")
    assert other.status_code == 302
    assert len(rows(tenant, Statement)) == guard.WITHOUT_PROOF + 1


# --- receipts


def test_unknown_number_and_wrong_secret_get_the_same_answer(client: Client) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant))
    known, unknown = statement.receipt, statement.receipt[:-5] + "00099"
    answers = [
        client.post(reverse("participation:status"), {"number": number, "secret": "WRONG-WRONG"})
        for number in (known, unknown)
    ]
    first, second = (
        re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(number, "")
        for answer, number in zip(answers, (known, unknown), strict=True)
    )
    assert first == second
    assert [answer.status_code for answer in answers] == [400, 400]
    assert client.get(reverse("participation:status"), {"nr": known}).context["form"].initial == {
        "number": known
    }


def test_guessing_secrets_is_stopped(client: Client) -> None:
    statement = make_statement(make_procedure(TenantFactory.create()))
    form = {"number": statement.receipt, "secret": "WRONG"}
    codes = [client.post(reverse("participation:status"), form).status_code for _ in range(guard.GUESSES + 1)]
    assert codes == [400] * guard.GUESSES + [429]


def test_holder_replies_and_revokes_and_closes(client: Client) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), published=True)
    with acting_for([tenant.pk], [tenant.pk]):
        question = Question.objects.create(tenant=tenant, statement=statement, text="Wo?", asked_at=IN)
    reply = reverse("participation:reply", args=[question.pk])
    assert client.post(reply, {"text": "x"}).status_code == 404
    assert client.post(reverse("participation:revoke")).status_code == 404
    client.post(reverse("participation:status"), {"number": statement.receipt, "secret": SECRET})
    client.post(reply, {"text": "Am Markt"})
    client.post(reverse("participation:revoke"))
    assert rows(tenant, Question)[0].reply == "Am Markt"
    assert rows(tenant, Statement)[0].publication == "hidden"
    client.post(reverse("participation:forget"))
    assert client.get(reverse("participation:status")).context["form"] is not None


@pytest.mark.parametrize(
    ("consent", "told"), [(True, "noch nicht entschieden"), (False, "nicht vorgesehen: keine Einwilligung")]
)
def test_status_says_that_nobody_will_publish_without_consent(client: Client, consent: bool, told: str) -> None:  # fmt: skip
    statement = make_statement(make_procedure(TenantFactory.create()), publication_consent=consent)
    client.post(reverse("participation:status"), {"number": statement.receipt, "secret": SECRET})
    shown = client.get(reverse("participation:status")).content.decode()
    assert re.findall(r'data-publication="pending">([^<]*)<', shown) == [told]


def test_mail_link_shows_a_button_and_confirms_only_when_pressed(client: Client) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), email="erika@example.org")
    with acting_for([tenant.pk]):
        token = notifications.confirmation_token(statement.submitters.get())
    link = reverse("participation:confirm", args=[token])
    client.get(link)
    assert rows(tenant, Submitter)[0].confirmed_at is None
    client.post(link)
    assert rows(tenant, Submitter)[0].confirmed_at is not None
    assert client.post(reverse("participation:confirm", args=["x"])).status_code == 410


# --- what everybody sees


def test_public_page_shows_published_statements_and_no_submitter(client: Client) -> None:
    tenant, other = TenantFactory.create(), TenantFactory.create()
    procedure = running(tenant)
    make_statement(procedure, text="sichtbar", published=True, name="Erika Muster", place=spot())
    make_statement(procedure, text="wartend", name="Max Muster", place=spot())
    make_statement(running(other), text="anderswo", published=True, place=spot())
    page = client.get(procedure.get_absolute_url()).content.decode()
    places = client.get(reverse("participation:places", args=[procedure.public_id]))
    assert "sichtbar" in page
    for hidden in ("wartend", "anderswo", "Muster"):
        assert hidden not in page
        assert hidden not in places.content.decode()
    [feature] = places.json()["features"]
    assert feature["geometry"]["coordinates"] == [386_000, 5_669_000]
    assert client.get(feature["properties"]["url"]).status_code == 200
    assert "public" in places["Cache-Control"]
    as_staff = signed_in(tenant, Role.EDITOR).get(reverse("participation:places", args=[procedure.public_id]))
    assert as_staff["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Hochwasserschutz", True),
        ("hochwasserschutz fehlt", True),
        ("wasserschutz", True),
        ("Massnahmen", True),
        ("hauser", True),
        ("Haus", True),
        ("Elbe", False),
        ("Hochwasserschutz Elbe", False),
        ("'; DROP TABLE x; --", False),
        ("100%", False),
        ("& | ! :* ()", True),
        ("\0", True),
    ],
)
def test_search_finds_words_inside_words(client: Client, words: str, found: bool) -> None:
    procedure = running(TenantFactory.create())
    make_statement(procedure, text="Es fehlt an Hochwasserschutzmaßnahmen für die Häuser.", published=True)
    make_statement(procedure, text="Ganz etwas anderes.", published=True)
    page = client.get(procedure.get_absolute_url(), {"q": words})
    texts = [row.text[:9] for row in page.context["page"].object_list]
    assert ("Es fehlt " in texts) == found


def test_lists_take_the_same_number_of_queries_for_one_and_many(
    client: Client, django_assert_num_queries: Any
) -> None:
    tenant = TenantFactory.create()
    moderator = signed_in(tenant, Role.MODERATOR)
    small, large = running(tenant, categories=("Natur",)), running(tenant, categories=("Natur",))
    make_statement(small, published=True, place=spot(), category=small.categorys.get())
    for _ in range(3):
        make_statement(large, published=True, place=spot(), category=large.categorys.get())
    _queries(client, small.get_absolute_url())  # what surrounds the town's pages is kept
    publication.renew(small.pk)
    counts = []
    for procedure in (small, large):
        places = reverse("participation:places", args=[procedure.public_id])
        counts += [_queries(client, address) for address in (procedure.get_absolute_url(), places)]
        counts.append(_queries(moderator, reverse("participation:statements") + f"?procedure={procedure.pk}"))
    assert counts[:3] == counts[3:]


def test_list_and_map_are_read_once_for_everybody_until_something_is_decided(client: Client) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant, categories=("Natur",))
    shown, waits = (
        make_statement(procedure, text=text, published=published, place=spot(), publication_consent=True)
        for text, published in (("Erste Eiche", True), ("Zweite Linde", False))
    )
    moderator = member(tenant, Role.MODERATOR)
    addresses = procedure.get_absolute_url(), reverse("participation:places", args=[procedure.public_id])

    def seen() -> list[bool]:
        found = [client.get(address) for address in addresses]
        return [word in answer.content.decode() for word in ("Eiche", "Linde") for answer in found]

    assert seen() == [True, True, False, False]
    kept = [_queries(client, address) for address in addresses]
    publication.renew(procedure.pk)
    assert all(_queries(client, address) > count for address, count in zip(addresses, kept, strict=True))
    with acting_for([tenant.pk], [tenant.pk]):
        moderate(waits, act=ModerationAct.PUBLISH, actor=moderator, at=timezone.now())
    assert seen() == [True, True, True, True]
    with acting_for([tenant.pk], [tenant.pk]):
        moderate(shown, act=ModerationAct.HIDE, actor=moderator, at=timezone.now(), reason="Doppelt.")
    assert seen() == [False, False, True, True]
    with acting_for([tenant.pk], [tenant.pk]):
        answer_statement(
            waits, text="Wir pflanzen sie.", actor=member(tenant, Role.PLANNER), at=timezone.now()
        )
    assert "Wir pflanzen sie." in client.get(procedure.get_absolute_url()).content.decode()


@pytest.mark.parametrize("query", ["?page=1000000", "?page=01", "?category=007", "?utm_source=x", "?q=Eiche"])
def test_strangers_cannot_fill_the_cache(client: Client, query: str) -> None:
    procedure = running(TenantFactory.create(), categories=("Natur",))
    make_statement(procedure, text="Eine Eiche", published=True, place=spot())
    for address in (
        procedure.get_absolute_url(),
        reverse("participation:places", args=[procedure.public_id]),
    ):
        client.get(address)
        known = _kept()
        assert client.get(address + query).status_code == 200
        assert _kept() == known


def _kept() -> int:
    """How many answers about procedures lie in the cache."""
    found = cache._cache.get_client().keys("*procedure-*")  # type: ignore[attr-defined]
    return len(found)


def test_queue_takes_the_same_number_of_queries_for_one_and_many() -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, public=True, objects=2)
    moderator = signed_in(tenant, Role.MODERATOR)
    queue = reverse("participation:queue")
    small, large = (running(tenant, plan=plan, categories=("Natur",)) for _ in range(2))
    waiting(small, plan.planobjects.first())
    _queries(moderator, queue)  # what surrounds the town's pages is kept
    alone = _queries(moderator, queue)
    for row in (None, *plan.planobjects.all()):
        waiting(large, row)
    assert _queries(moderator, queue) == alone
    assert moderator.get(queue).context["waiting"] == 4


def waiting(procedure: Procedure, plan_object: PlanObject | None) -> Statement:
    """A statement to decide about, with all that the queue shows of one: place or object, topic, name, a question."""
    about: dict[str, Any] = {"plan_object": plan_object} if plan_object else {"place": spot()}
    return make_statement(
        procedure, category=procedure.categorys.get(), name="Frida Muster", publication_consent=True, **about
    )


def _queries(client: Client, address: str) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_unpublished_procedure_is_not_there_for_strangers(client: Client) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant, public=False)
    for client_ in (
        client,
        signed_in(TenantFactory.create(), Role.PLANNER),
        signed_in(county(), Role.COUNTY_ADMIN),
    ):
        for name in ("procedure", "submit", "places", "objects"):
            assert (
                client_.get(reverse(f"participation:{name}", args=[procedure.public_id])).status_code == 404
            )
    assert signed_in(tenant, Role.EDITOR).get(procedure.get_absolute_url()).status_code == 200


def test_plan_objects_are_offered_for_the_map(client: Client) -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, public=True, objects=2)
    make_plan(tenant, public=True, objects=1)
    procedure = running(tenant, plan=plan)
    answer = client.get(reverse("participation:objects", args=[procedure.public_id])).json()
    assert [feature["id"] for feature in answer["features"]] == [
        str(row.pk) for row in plan.planobjects.order_by("position")
    ]


# --- staff


def phase_forms(*phases: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {"phases-TOTAL_FORMS": len(phases), "phases-INITIAL_FORMS": initial}
    for number, phase in enumerate(phases):
        data |= {f"phases-{number}-{name}": value for name, value in phase.items()}
    return data


BLANK = {"kind": "", "first_day": "", "last_day": ""}  # the spare form that the page shows
SHORT = {"kind": "draft_public", "first_day": "2027-02-01", "last_day": "2027-03-01"}


def test_planner_opens_changes_and_publishes_and_is_warned_of_a_short_period() -> None:
    tenant = TenantFactory.create()
    client = signed_in(tenant, Role.PLANNER)
    new = reverse("participation:procedure_new")
    assert client.get(new).status_code == 200
    answer = client.post(
        new, {"title": "Am Weinberg", "categories": "Verkehr\n\nNatur", **phase_forms(SHORT, BLANK)}
    )
    [procedure] = rows(tenant, Procedure)
    assert answer["Location"] == reverse("participation:procedure_work", args=[procedure.public_id])
    page = client.get(answer["Location"])
    assert 'data-shortfall="draft_public"' in page.content.decode()
    change = reverse("participation:procedure_change", args=[procedure.public_id])
    assert client.get(change).status_code == 200
    with acting_for([tenant.pk]):
        key = procedure.phases.get().pk
    longer = {**SHORT, "last_day": "2027-03-02", "key": key}
    client.post(change, {"title": "Neu", **phase_forms(longer, initial=1)})
    page = client.get(answer["Location"])
    assert "data-shortfall" not in page.content.decode()
    assert Client().get(procedure.get_absolute_url()).status_code == 404
    client.post(reverse("participation:procedure_publish", args=[procedure.public_id]))
    assert Client().get(procedure.get_absolute_url()).status_code == 200
    client.post(reverse("participation:procedure_decide", args=[procedure.public_id]))
    assert rows(tenant, Procedure)[0].decided_at is not None
    assert client.get(reverse("participation:procedures")).status_code == 200


@pytest.mark.parametrize(
    "phases",
    [
        ({**SHORT, "last_day": "2027-01-01"},),
        ({**SHORT, "kind": "unknown"},),
        (SHORT, {**SHORT, "kind": "ideas"}),
    ],
)
def test_impossible_phases_come_back(phases: tuple[dict[str, Any], ...]) -> None:
    tenant = TenantFactory.create()
    client = signed_in(tenant, Role.PLANNER)
    answer = client.post(reverse("participation:procedure_new"), {"title": "x", **phase_forms(*phases)})
    assert answer.status_code == 400
    assert rows(tenant, Procedure) == []


def test_moderator_works_through_the_queue() -> None:
    tenant, other = TenantFactory.create(), TenantFactory.create()
    procedure = make_procedure(tenant)
    first, second, third = (
        make_statement(
            procedure,
            text=f"Nr. {n}: ruft an 03521 123456",
            publication_consent=True,
            received_at=datetime(2026, 3, n, tzinfo=UTC),
            email="erika@example.org",
        )
        for n in (1, 2, 3)
    )
    make_statement(make_procedure(other), text="anderswo", publication_consent=True)
    client = signed_in(tenant, Role.MODERATOR)
    queue = reverse("participation:queue")
    page = client.get(queue)
    assert page.context["statement"] == first
    assert (page.context["waiting"], "<mark>03521 123456</mark>" in page.content.decode()) == (3, True)
    assert client.get(queue, {"skip": first.pk}).context["statement"] == second

    def act(statement: Statement, act: str, reason: str = "") -> None:
        client.post(
            reverse("participation:moderate", args=[statement.public_id]), {"act": act, "reason": reason}
        )

    act(first, "publish")
    act(second, "hide")
    assert client.get(queue).context["statement"] == second
    act(second, "hide", "Beleidigung")
    act(third, "ask", "Wo genau?")
    page = client.get(queue)
    assert (page.context["statement"], page.context["waiting"]) == (None, 0)
    act(first, "undo")
    assert client.get(queue).context["statement"] == first
    assert [row.publication for row in rows(tenant, Statement)] == ["pending", "hidden", "pending"]


def test_staff_pages_of_statements_are_for_those_who_may_read_them() -> None:
    tenant, other = TenantFactory.create(), TenantFactory.create()
    statement = make_statement(make_procedure(tenant), name="Erika Muster")
    addresses = [
        reverse("participation:statements"),
        reverse("participation:queue"),
        reverse("participation:statement", args=[statement.public_id]),
        reverse("participation:procedure_work", args=[statement.procedure.public_id]),
    ]
    moderator = signed_in(tenant, Role.MODERATOR)
    for address in addresses:
        answer = moderator.get(address)
        assert answer.status_code == 200
        assert Client().get(address).status_code == 302
        assert signed_in(tenant, Role.EDITOR).get(address).status_code == 403
    assert moderator.get(addresses[2])["Cache-Control"] == "private, no-store"
    for stranger in (signed_in(other, Role.MODERATOR, Role.PLANNER), signed_in(county(), Role.PLANNER)):
        for address in addresses[2:]:
            assert stranger.get(address).status_code == 404
        assert "Erika" not in stranger.get(addresses[0]).content.decode()


def test_moderator_does_not_act_on_another_towns_statement() -> None:
    tenant = TenantFactory.create()
    statement = make_statement(make_procedure(tenant), publication_consent=True)
    stranger = signed_in(TenantFactory.create(), Role.MODERATOR, Role.PLANNER)
    address = reverse("participation:moderate", args=[statement.public_id])
    assert stranger.post(address, {"act": "publish"}).status_code == 404
    assert rows(tenant, Statement)[0].publication == "pending"


def test_planner_answers_informal_statements_and_not_formal_ones() -> None:
    tenant = TenantFactory.create()
    client = signed_in(tenant, Role.PLANNER)
    informal = make_statement(make_procedure(tenant), published=True)
    formal = make_statement(make_procedure(tenant, kind=Kind.DRAFT_PUBLIC), published=True)
    assert client.post(informal.get_absolute_url(), {"text": "Danke."}).status_code == 302
    assert client.post(formal.get_absolute_url(), {"text": "Danke."}).status_code == 409
    assert client.get(informal.get_absolute_url()).status_code == 200


def test_staff_list_filters_and_survives_hostile_filters() -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    make_statement(procedure, text="Radweg fehlt")
    make_statement(procedure, text="Spielplatz", is_late=True, published=True)
    client = signed_in(tenant, Role.MODERATOR)

    def found(**query: str) -> list[str]:
        page = client.get(reverse("participation:statements"), query).context["page"]
        return sorted(row.text for row in page.object_list)

    assert found() == ["Radweg fehlt", "Spielplatz"]
    assert found(q="radweg") == ["Radweg fehlt"]
    assert found(publication="published") == ["Spielplatz"]
    assert found(late="on") == ["Spielplatz"]
    assert found(q="'; DROP TABLE participation_statement; --") == []
    assert found(publication="'--", procedure="x", page="9999") == ["Radweg fehlt", "Spielplatz"]


# --- where a statement is about, for staff


def test_staff_see_the_place_of_an_unpublished_statement_over_the_plan() -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, objects=1)
    procedure = running(tenant, plan=plan, public=False)
    drawn = make_statement(procedure, place=spot(), publication_consent=True)
    [plan_object] = rows(tenant, PlanObject)
    chosen = make_statement(procedure, plan_object=plan_object, publication_consent=True)
    nowhere = make_statement(procedure)
    moderator = signed_in(tenant, Role.MODERATOR)
    features = {}
    for statement in (drawn, chosen, nowhere):
        answer = moderator.get(reverse("participation:place", args=[statement.public_id]))
        assert answer["Cache-Control"] == "private, no-store"
        features[statement.pk] = [one["geometry"]["type"] for one in answer.json()["features"]]
        page = moderator.get(statement.get_absolute_url()).content.decode()
        assert ("data-kz-statements-map" in page) == bool(features[statement.pk])
    assert features == {drawn.pk: ["Point"], chosen.pk: ["Polygon"], nowhere.pk: []}
    queue = moderator.get(reverse("participation:queue"))
    plan_url = queue.context["plan_url"]
    assert f'data-plan="{plan_url}"' in queue.content.decode()
    assert len(moderator.get(plan_url).json()["features"]) == 1


def test_strangers_do_not_see_where_an_unpublished_statement_is_about(client: Client) -> None:
    tenant = TenantFactory.create()
    statement = make_statement(running(tenant), place=spot())
    address = reverse("participation:place", args=[statement.public_id])
    assert client.get(address).status_code == 302
    for stranger in (
        signed_in(TenantFactory.create(), Role.MODERATOR),
        signed_in(county(), Role.COUNTY_ADMIN),
    ):
        assert stranger.get(address).status_code == 404


def test_published_statements_lie_over_the_plan(client: Client) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant, plan=make_plan(tenant, public=True, objects=1))
    make_statement(procedure, place=spot(), published=True)
    page = client.get(procedure.get_absolute_url()).content.decode()
    [address] = re.findall(r'data-kz-statements-map [^>]*data-plan="([^"]+)"', page)
    assert len(client.get(html.unescape(address)).json()["features"]) == 1


def test_staff_put_a_statement_under_another_topic() -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant, categories=("Natur", "Verkehr"))
    statement = make_statement(procedure, category=procedure.categorys.get(name="Natur"))
    foreign = running(tenant, categories=("Lärm",)).categorys.get()
    moderator = signed_in(tenant, Role.MODERATOR)
    address = reverse("participation:sort", args=[statement.public_id])
    assert address in moderator.get(statement.get_absolute_url()).content.decode()
    for wanted, found in (
        (procedure.categorys.get(name="Verkehr").pk, "Verkehr"),
        (foreign.pk, "Verkehr"),
        ("", None),
    ):
        moderator.post(address, {"category": wanted})
        [row] = rows(tenant, Statement)
        with acting_for([tenant.pk]):
            assert (row.category and row.category.name) == found
    assert signed_in(tenant, Role.EDITOR).post(address, {"category": ""}).status_code == 403


# --- languages


@pytest.mark.parametrize("language", ["de", "en"])
def test_mails_are_written_in_the_language_of_the_submitter(client: Client, language: str) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.post(submit_url(procedure), {"text": "Mehr Bäume", "email": "anna@example.org"})
    [statement] = rows(tenant, Statement)
    moderator = signed_in(tenant, Role.MODERATOR)
    moderator.cookies[settings.LANGUAGE_COOKIE_NAME] = "en" if language == "de" else "de"
    moderator.post(
        reverse("participation:moderate", args=[statement.public_id]), {"act": "ask", "reason": "Wo?"}
    )
    receipt, question = (mail.subject for mail in rows(tenant, OutboxMessage))
    with translation.override(language):
        assert receipt == gettext("Receipt %s: your statement") % statement.receipt
        assert question == gettext("Question about your statement %s") % statement.receipt
