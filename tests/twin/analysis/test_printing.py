"""Long reports: printed by a worker with progress, kept, cancelled, tried again; short ones at once; a killed worker leaves no half file."""

import re
import subprocess
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client

from tenants import jobs
from tenants.models import Job, JobState, PrivateFile, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within, working_for
from tests.factories.tenants import TenantFactory, member
from tests.tenants.test_jobs import queue
from tests.twin.analysis.test_runs import ask, compute, stored
from tests.workers import kill, start_worker, until
from twin.analysis import printing, services, tasks
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.analysis.views.files import REPORTS_PER_MINUTE

__all__ = ["queue"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def long(counting: UseCase, planner: User, town: Tenant) -> Run:
    """An answer with 2,000 notes."""
    run = compute(ask(counting, planner, steps=1)[0])
    with acting_for([town.pk], [town.pk]):
        notes = [f"Hinweis {number} zum Zählen, wie er im Bericht steht" for number in range(2000)]
        Run.objects.filter(pk=run.pk).update(summary={**run.summary, "notes": notes})
    return stored(run)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def newest(town: Tenant) -> Job:
    with acting_for([town.pk]):
        return Job.objects.filter(task=printing.TASK).latest("pk")


def work(town: Tenant) -> Job:
    tasks.print_report(tenant_id=town.pk, job_id=newest(town).pk)
    return newest(town)


def pdfs(town: Tenant) -> list[PrivateFile]:
    with acting_for([town.pk]):
        return list(PrivateFile.objects.filter(content_type="application/pdf"))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def publish(run: Run, planner: User) -> None:
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        services.publish_run(run, actor=planner)


def test_a_short_report_is_printed_at_once_and_not_kept(counting: UseCase, planner: User, town: Tenant) -> None:  # fmt: skip
    run = compute(ask(counting, planner, steps=1)[0])
    client = signed_in(planner)
    assert client.get(f"{run.get_absolute_url()}bericht.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{run.get_absolute_url()}bericht/").status_code == 404
    assert (pdfs(town), Job.objects.filter(task=printing.TASK).count()) == ([], 0)


def test_a_long_report_is_printed_once_and_kept(long: Run, planner: User, town: Tenant) -> None:
    client, page = signed_in(planner), f"{long.get_absolute_url()}bericht/"
    address = f"{long.get_absolute_url()}bericht.pdf"
    assert client.get(address)["Location"] == page
    looked = client.get(page).content.decode()
    assert ("data-kz-job=" in looked, "Den Bericht drucken" in looked) == (False, True)
    with acting_for([town.pk]):
        assert not Job.objects.filter(task=printing.TASK).exists()  # looking alone starts nothing
    for _twice in range(2):
        assert client.post(page)["Location"] == page
        assert "data-kz-job=" in client.get(page).content.decode()
    with acting_for([town.pk]):
        assert Job.objects.filter(task=printing.TASK).count() == 1
    done = work(town)
    assert (done.state, done.result["url"]) == (JobState.DONE, page)
    assert "Der Bericht ist fertig" in client.get(page).content.decode()
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    printed = body(answer)
    assert len(pypdfium2.PdfDocument(printed)) > 20
    assert body(client.get(address)) == printed
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert body(client.get(address)) == printed  # the same for everybody
    stranger = signed_in(member(TenantFactory.create(), Role.PLANNER))
    assert [stranger.get(each).status_code for each in (address, page)] == [404, 404]
    assert [stranger.post(each).status_code for each in (page, f"{page}neu/")] == [404, 404]


def test_progress_is_told_page_by_page_and_a_cancel_is_heard_there(long: Run, planner: User, town: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    client, page = signed_in(planner), f"{long.get_absolute_url()}bericht/"
    client.post(page)
    monkeypatch.setattr(jobs, "REPORT_EVERY", 0)
    told: list[tuple[int, str]] = []
    tell = Job.objects.filter

    def heard(**conditions: Any) -> Any:
        """Somebody cancels when the twelfth page is reached."""
        if conditions.get("cancel_requested"):
            job = newest(town)
            told.append((job.percent, job.step))
            if job.step == "Seite 12":
                client.post(f"{page}abbrechen/")
        return tell(**conditions)

    monkeypatch.setattr(Job.objects, "filter", heard)
    tasks.print_report(tenant_id=town.pk, job_id=newest(town).pk)
    monkeypatch.undo()
    assert [words for _percent, words in told[:3]] == ["Karten zeichnen", "Seite 1", "Seite 2"]
    assert told[-1][1] == "Seite 12"
    assert 10 < told[-1][0] < 90
    assert (newest(town).state, pdfs(town), stored(long).report) == (JobState.CANCELLED, [], {})
    again = client.get(page).content.decode()
    assert ("Der Bericht wurde abgebrochen." in again, "Noch einmal drucken" in again) == (True, True)
    client.post(page)
    assert (
        newest(town).state == JobState.CANCELLED
    )  # what was given up is tried again by another button alone
    client.post(f"{page}neu/")
    assert work(town).state == JobState.DONE


def test_a_published_one_is_ready_for_everybody(long: Run, planner: User, town: Tenant) -> None:
    publish(long, planner)
    reader = Client()
    page = reader.get(f"{long.get_absolute_url()}bericht/").content.decode()
    assert ("data-kz-job=" in page, "Erneut nachsehen" in page) == (False, True)  # fmt: skip
    work(town)
    (file,) = pdfs(town)
    assert file.is_public
    assert body(reader.get(f"{long.get_absolute_url()}bericht.pdf"))[:5] == b"%PDF-"
    with within(reach(planner).scope):
        services.withdraw_run(stored(long), actor=planner)
    assert [each.is_public for each in pdfs(town)] == [False]
    assert reader.get(f"{long.get_absolute_url()}bericht.pdf").status_code == 404


def test_another_state_is_printed_anew_and_replaces_the_kept_one(long: Run, planner: User, town: Tenant) -> None:  # fmt: skip
    client = signed_in(planner)
    client.post(f"{long.get_absolute_url()}bericht/")
    work(town)
    (first,) = pdfs(town)
    with acting_for([town.pk], [town.pk]):
        lost = [{"name": "elevation", "dataset": "6f1f3e0e-0000-4000-8000-000000000000", "title": "Geländemodell", "version": 1, "of": "2026-01-01T12:00:00+00:00"}]  # fmt: skip
        Run.objects.filter(pk=long.pk).update(inputs=lost)
    client.post(f"{long.get_absolute_url()}bericht/")
    assert work(town).state == JobState.DONE
    (second,) = pdfs(town)
    assert second.pk != first.pk
    printed = pypdfium2.PdfDocument(body(client.get(f"{long.get_absolute_url()}bericht.pdf")))
    assert "Eingangsdaten inzwischen zurückgezogen" in printed[0].get_textpage().get_text_range()
    with within(reach(planner).scope):
        services.delete_run(stored(long), actor=planner)
    assert pdfs(town) == []


def test_a_stranger_has_a_public_report_printed_by_a_button_and_not_too_often(long: Run, planner: User, town: Tenant) -> None:  # fmt: skip
    """Without a token of the form nothing happens; each state of the report is printed once."""
    publish(long, planner)
    work(town)
    with acting_for([town.pk], [town.pk]):
        Run.objects.filter(pk=long.pk).update(report={})
        Job.objects.filter(task=printing.TASK).update(params={})  # as if nobody had asked
    page, robot, reader = f"{long.get_absolute_url()}bericht/", Client(enforce_csrf_checks=True), Client()
    assert (robot.get(f"{long.get_absolute_url()}bericht.pdf")["Location"], robot.post(page).status_code) == (page, 403)  # fmt: skip
    asked = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', robot.get(page).content.decode())
    assert asked is not None
    assert printings(town) == 1
    assert robot.post(page, {"csrfmiddlewaretoken": asked[1]}).status_code == 302
    assert printings(town) == 2
    assert "Erneut nachsehen" in reader.get(page).content.decode()
    answers = [
        reader.post(page) for _number in range(2 * REPORTS_PER_MINUTE + 1)
    ]  # more than two minutes hold
    late = next(answer for answer in answers if answer.status_code == 429)
    assert "Bitte warten Sie eine Minute." in late.content.decode()
    assert (answers[0].status_code, printings(town)) == (302, 2)
    assert work(town).state == JobState.DONE
    assert "Der Bericht ist fertig" in reader.get(page).content.decode()


def printings(town: Tenant) -> int:
    with acting_for([town.pk]):
        return Job.objects.filter(task=printing.TASK).count()


@pytest.mark.slow
def test_a_killed_worker_leaves_no_half_file_and_the_next_prints_it(long: Run, planner: User, town: Tenant, queue: str) -> None:  # fmt: skip
    started: list[subprocess.Popen[bytes]] = []

    def handed_over() -> bool:
        with working_for([town.pk], [town.pk]):
            return jobs.hand_over_dead() == 1

    signed_in(planner).post(f"{long.get_absolute_url()}bericht/")
    try:
        started.append(start_worker(queue, include="tests.twin.analysis.with_folders"))
        until(lambda: newest(town).step.startswith("Seite"))
        kill(started[-1])
        assert (newest(town).state, pdfs(town)) == (JobState.RUNNING, [])
        until(handed_over, 20)
        started.append(start_worker(queue, include="tests.twin.analysis.with_folders"))
        until(lambda: newest(town).is_over)
    finally:
        for process in started:
            kill(process)
    assert (newest(town).state, newest(town).attempts, len(pdfs(town))) == (JobState.DONE, 2, 1)
