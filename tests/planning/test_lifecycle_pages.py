"""Pages of the legal procedure: timeline, steps, papers, board, dates and the feed for calendar programs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from lxml import html

from planning import recording
from planning.models import Fassung, Plan, ProcedureStep, StandingChoice, StepDocument
from planning.recording import StepData
from planning.views.board import PER_COLUMN, PER_PAGE
from tenants.models import Membership, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.planning.test_views import as_, downloaded, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def address(name: str, plan: Plan, **more: Any) -> str:
    return reverse(f"planning:{name}", kwargs={"public_id": plan.public_id, **more})


def recorded(plan: Plan, planner: User, *rows: StepData) -> list[ProcedureStep]:
    with within(reach(planner).scope):
        return [recording.record_step(plan, row, actor=planner) for row in rows]


def entered(**fields: Any) -> dict[str, Any]:
    return {"kind": "initiation", "on": "2026-01-20", "source": "recorded", **fields}


def page(user: User | None, url: str, **query: str) -> str:
    answer: Any = as_(user).get(url, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_planner_records_corrects_and_reads_the_history(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="")
    client = as_(planner)
    client.post(address("record_step", plan), entered(number="7/26", body="Stadtrat"))
    with acting_for([tenant.pk]):
        step = ProcedureStep.objects.get()
    assert (step.number, step.created_by) == ("7/26", planner)
    shown = page(planner, address("lifecycle", plan))
    assert 'data-step="initiation"' in shown
    assert 'data-next="draft_decision"' in shown
    fix = address("correct_step", plan, entry=step.entry)
    correction = entered(number="9/26", revision=1, reason="Wrong minutes")
    assert client.post(fix, {**correction, "reason": ""}).status_code == 200  # a reason is needed
    assert client.post(fix, correction).status_code == 302
    assert client.post(fix, correction).status_code == 200  # from the page opened before
    history = page(planner, fix)
    assert [
        mark in history for mark in ('data-revision="2"', 'data-revision="1"', "Wrong minutes", "7/26")
    ] == [True] * 4
    client.post(fix, {**correction, "revision": 2, "void": "on"})
    assert 'data-step="initiation"' not in page(planner, address("lifecycle", plan))


def test_last_day_before_the_first_comes_back(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    answer: Any = as_(planner).post(address("record_step", plan), entered(until="2026-01-19"))
    assert answer.context["form"].errors.as_data()["until"][0].code == "order"
    with acting_for([tenant.pk]):
        assert ProcedureStep.objects.count() == 0


def test_timeline_names_problems_periods_and_what_the_file_alone_states(
    tenant: Tenant, planner: User
) -> None:
    plan = make_plan(tenant, legal_status="", dates={"satzungsbeschlussDatum": ["2026-05-05"]})
    recorded(
        plan,
        planner,
        StepData("publication", date(2026, 3, 2), until=date(2026, 3, 20), announced_on=date(2026, 3, 2)),
        StepData("announcement", date(2026, 6, 1)),
    )
    shown = page(planner, address("lifecycle", plan))
    for mark in (
        'data-problem="too_short"',
        'data-problem="late_notice"',
        'data-problem="missing"',
        'data-period="objections"',
        'data-period="form_defects"',
        'data-step="adoption"',
        'data-next="report"',
        f"{address('record_step', plan)}?kind=adoption&amp;on=2026-05-05",
        "data-differences",
    ):
        assert mark in shown, mark


@pytest.mark.parametrize(
    ("legal_status", "offered"), [("1000", "preliminary"), ("2400", "draft"), ("4000", "adopted")]
)
def test_fassung_offered_first_is_the_one_the_plan_has_reached(
    tenant: Tenant, planner: User, legal_status: str, offered: str
) -> None:
    plan = make_plan(tenant, legal_status=legal_status)
    answer: Any = as_(planner).get(address("lifecycle", plan))
    assert answer.context["fassung_form"]["kind"].value() == offered


def test_doubt_about_the_approval_leads_to_where_it_is_settled(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="")
    link = f'href="{address("case", plan)}"'
    assert page(planner, address("lifecycle", plan)).count(link) == 2  # at the doubt, and above as ever
    with acting_for([tenant.pk], [tenant.pk]):
        Plan.objects.filter(pk=plan.pk).update(development="developed")
    assert page(planner, address("lifecycle", plan)).count(link) == 1


def test_confirming_what_the_file_states_starts_from_its_day(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    answer: Any = as_(planner).get(address("record_step", plan), {"kind": "adoption", "on": "2026-05-05"})
    form = answer.context["form"]
    assert (form["kind"].value(), form["on"].value()) == ("adoption", "2026-05-05")


def test_paper_is_added_read_by_the_staff_and_by_everybody_once_open(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, public=True, legal_status="")
    (step,) = recorded(plan, planner, StepData("initiation", date(2026, 1, 20)))
    for title, internal in (("Minutes", "on"), ("Notice", "")):
        upload = SimpleUploadedFile(f"{title}.pdf", b"%PDF " + title.encode(), content_type="application/pdf")
        data = {"file": upload, "title": title, **({"internal": internal} if internal else {})}
        assert as_(planner).post(address("add_paper", plan, entry=step.entry), data).status_code == 302
    with acting_for([tenant.pk]):
        minutes, notice = StepDocument.objects.order_by("title")
    urls = [address("paper", plan, document_id=row.public_id) for row in (minutes, notice)]
    assert [status(planner, url) for url in urls] == [200, 200]
    assert [status(None, url) for url in urls] == [404, 200]
    assert downloaded(None, urls[1]) == b"%PDF Notice"
    shown = page(None, plan.get_absolute_url())
    assert [urls[0] in shown, urls[1] in shown] == [False, True]


def test_case_of_a_plan_is_set_and_says_both_or_neither(tenant: Tenant, planner: User) -> None:
    plan, base = make_plan(tenant), make_plan(tenant)
    url = address("case", plan)
    answer: Any = as_(planner).post(url, {"track": "file", "amends": base.pk})
    assert answer.context["form"].non_field_errors().as_data()[0].code == "both"
    as_(planner).post(
        url, {"track": "accelerated", "amends": base.pk, "amendment": "change", "development": "ahead"}
    )
    with acting_for([tenant.pk]):
        plan.refresh_from_db()
    assert (plan.track, plan.amends_id, plan.amendment, plan.development) == (
        "accelerated",
        base.pk,
        "change",
        "ahead",
    )
    assert str(plan) in page(planner, address("lifecycle", base))


def test_fassung_is_named_and_frozen(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    as_(planner).post(address("name_fassung", plan), {"kind": "draft", "dated_on": "2026-02-01"})
    with acting_for([tenant.pk]):
        fassung = Fassung.objects.get()
    as_(planner).post(address("freeze_fassung", plan, fassung_id=fassung.public_id))
    with acting_for([tenant.pk]):
        assert Fassung.objects.get().frozen_at is not None


def test_strangers_find_no_procedure_and_readers_no_buttons(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, public=True)
    (step,) = recorded(plan, planner, StepData("initiation", date(2026, 1, 20)))
    reader = UserFactory.create()
    share(plan, holder=reader, as_=Share.READER)
    stranger = member(TenantFactory.create(), Role.PLANNER)
    pages = [
        address("lifecycle", plan),
        address("record_step", plan),
        address("correct_step", plan, entry=step.entry),
    ]
    assert [status(stranger, url) for url in pages] == [404, 404, 404]
    assert [status(reader, url) for url in pages] == [200, 403, 403]
    assert [status(None, url) for url in pages] == [302, 302, 302]
    assert "planning:record_step" not in page(reader, pages[0])
    assert address("record_step", plan) not in page(reader, pages[0])


def test_board_shows_the_first_of_each_standing_in_a_constant_number_of_queries(
    tenant: Tenant, planner: User
) -> None:
    make_plan(tenant, standing="in_force")
    make_plan(TenantFactory.create(), standing="draft", public=True)  # another town's
    client = as_(planner)
    client.get(reverse("planning:board"))
    counted = []
    for count in (1, 3):
        for _ in range(2 if count == 3 else 1):
            make_plan(tenant, standing="draft")
        with CaptureQueriesContext(connection) as queries:
            answer: Any = client.get(reverse("planning:board"))
        columns = [(one["code"], one["count"], len(plans)) for one, plans in answer.context["columns"]]
        assert [code for code, *_counts in columns] == StandingChoice.values  # also those that hold none
        assert [each for each in columns if each[1]] == [("draft", count, count), ("in_force", 1, 1)]
        assert answer.content.decode().count("Kein Plan hat diesen Stand.") == len(StandingChoice.values) - 2
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_board_of_one_kind_of_plan_counts_that_alone(tenant: Tenant, planner: User) -> None:
    for kind, standing in (("BP", "draft"), ("BP", "in_force"), ("FP", "draft")):
        make_plan(tenant, plan_type=kind, standing=standing)
    board = reverse("planning:board")
    every: Any = as_(planner).get(board)
    assert [(code, count) for code, _words, count in every.context["kinds"]] == [("BP", 2), ("FP", 1)]
    one: Any = as_(planner).get(board, {"plan_type": "FP"})
    assert one.context["total"] == 1
    assert [(row["code"], len(plans)) for row, plans in one.context["columns"] if plans] == [("draft", 1)]
    assert [count for _code, _words, count in one.context["kinds"]] == [
        2,
        1,
    ]  # the others can still be chosen
    paged: Any = as_(planner).get(board, {"plan_type": "BP", "standing": "draft"})
    assert [plan.plan_type for plan in paged.context["page"]] == ["BP"]
    nothing: Any = as_(planner).get(board, {"plan_type": "SO"})
    assert (nothing.context["total"], nothing.context["kinds"][-1][::2]) == (0, ("SO", 0))
    odd: Any = as_(planner).get(board, {"plan_type": "' OR 1=1"})
    assert odd.context["total"] == 3


def test_one_standing_is_shown_in_pages(tenant: Tenant, planner: User) -> None:
    for _ in range(PER_PAGE + 1):
        make_plan(tenant, standing="draft")
    whole: Any = as_(planner).get(reverse("planning:board"))
    held = {one["code"]: plans for one, plans in whole.context["columns"]}
    assert len(held["draft"]) == PER_COLUMN
    first: Any = as_(planner).get(reverse("planning:board"), {"standing": "draft"})
    second: Any = as_(planner).get(reverse("planning:board"), {"standing": "draft", "page": "2"})
    assert (len(first.context["page"]), len(second.context["page"])) == (PER_PAGE, 1)
    assert as_(planner).get(reverse("planning:board"), {"standing": "' OR 1=1"}).status_code == 200


def test_dates_of_a_month_hold_steps_notices_and_ends_of_periods(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="")
    recorded(
        plan,
        planner,
        StepData("publication", date(2026, 2, 23), until=date(2026, 3, 25), announced_on=date(2026, 2, 13)),
        StepData("announcement", date(2025, 3, 14)),
        StepData("submission", date(2026, 2, 10)),
    )
    answer: Any = as_(planner).get(reverse("planning:agenda"), {"month": "2026-03"})
    assert [(row.kind, row.on, row.until, row.certain) for row in answer.context["rows"]] == [
        ("step", date(2026, 2, 23), date(2026, 3, 25), True),
        ("period", date(2026, 3, 10), date(2026, 3, 10), False),  # § 10 Abs. 2: from memory
        (
            "period",
            date(2026, 3, 16),
            date(2026, 3, 16),
            False,
        ),  # 14 March is a Saturday; three periods of a year
        ("period", date(2026, 3, 16), date(2026, 3, 16), False),
        ("period", date(2026, 3, 16), date(2026, 3, 16), False),
    ]
    for month in ("", "2026-13", "0001-01", "9999-12", "x"):
        assert as_(planner).get(reverse("planning:agenda"), {"month": month}).status_code == 200


def feed_of(user: User) -> str:
    as_(user).post(reverse("planning:calendar_address"))
    answer: Any = as_(user).get(reverse("planning:calendar_address"))
    return str(answer.context["address"]).removeprefix("http://testserver")


def test_calendar_program_reads_the_dates_without_a_login(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="", name="Am Weinberg, Süd")
    ahead = timezone.localdate() + timedelta(days=30)
    (step,) = recorded(plan, planner, StepData("publication", ahead, until=ahead + timedelta(days=31)))
    answer: Any = Client().get(feed_of(planner))
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["UID"] == f"{step.entry}@kreiszwilling"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (ahead, ahead + timedelta(days=32))
    assert str(plan) in str(event["SUMMARY"])


def test_a_feed_is_dead_once_renewed_forged_or_its_person_left(tenant: Tenant, planner: User) -> None:
    first = feed_of(planner)
    second = feed_of(planner)  # POST again makes a new one
    assert first != second
    assert [Client().get(url).status_code for url in (first, second)] == [404, 200]
    assert Client().get(second.replace(".ics", "x.ics")).status_code == 404
    Membership.objects.filter(user=planner).delete()
    assert Client().get(second).status_code == 404


def test_a_veraenderungssperre_shows_its_end(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, plan_type="SO", name="Veränderungssperre Elbaue", legal_status="")
    other = make_plan(tenant, plan_type="SO", name="Gestaltungssatzung", legal_status="")
    for one in (plan, other):
        recorded(one, planner, StepData(kind="announcement", on=date(2026, 1, 20)))
    assert "20.01.2028 (§ 17 Abs. 1 Satz 1 BauGB)" in page(planner, address("lifecycle", plan))
    assert "§ 17" not in page(planner, address("lifecycle", other))


def test_all_that_is_to_be_checked_at_a_step_is_one_list(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="")
    recorded(plan, planner, StepData(kind="publication", on=date(2026, 3, 2), until=date(2026, 4, 20)))
    tree: Any = html.fromstring(page(planner, address("lifecycle", plan)))
    (step,) = tree.xpath("//li[@data-step='publication']")
    (box,) = [one for one in step.xpath(".//div[contains(@class, 'kern-alert--info')]") if "Zu prüfen" in one.text_content()]  # fmt: skip
    assert box.xpath(".//li/@data-problem") == ["no_notice", "missing"]
    assert not step.xpath(".//div[@data-problem and contains(., 'Zu prüfen')]")


def test_a_decision_asks_for_befangenheit_until_its_note_names_it(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, legal_status="")
    recorded(plan, planner, StepData(kind="early_public", on=date(2026, 1, 19), until=date(2026, 2, 19)))
    assert 'data-problem="bias"' not in page(planner, address("lifecycle", plan))
    recorded(plan, planner, StepData(kind="initiation", on=date(2026, 1, 20)))
    assert 'data-problem="bias"' in page(planner, address("lifecycle", plan))
    with within(reach(planner).scope):
        step = ProcedureStep.objects.get(kind="initiation")
        recording.correct_step(step, StepData(kind="initiation", on=date(2026, 1, 20), note="Befangenheit wurde abgefragt: keine."), actor=planner, reason="Ergänzt")  # fmt: skip
    assert 'data-problem="bias"' not in page(planner, address("lifecycle", plan))
