"""Runs: asked once, computed with progress, kept with all that they follow from; every end is written down."""

import errno
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tenants import files, jobs
from tenants.models import Job, JobState, PrivateFile, Tenant, UsageEvent, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.factories import grids
from tests.factories.tenants import TenantFactory, member
from twin import usecases
from twin.analysis import checkpoints, execution, registry, services, tasks
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue import importing, publishing
from twin.catalogue.importing import Order
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


def elevation(tenant: Tenant, folder: Path, *, dataset: Dataset | None = None, lift: float = 0.0) -> Dataset:
    path = grids.geotiff(folder / "dgm.tif", grids.slope() + np.float32(lift))
    with acting_for([tenant.pk], [tenant.pk]):
        order = Order(tenant, None, path.name, title="Geländemodell", dataset=dataset)
        return importing.import_file(path, order=order).dataset


def ask(use_case: UseCase, person: User, **parameters: Any) -> tuple[Run, bool]:
    """As the page does."""
    found = reach(person)
    person.reach = found
    assert found.active is not None
    with within(found.scope):
        form = use_case.form(data_of(parameters), offer=offered_to(person, found.active))
        assert form.is_valid(), form.errors
        title = form.cleaned_data["title"]
        return services.request_run(use_case, form.question(), title=title, tenant=found.active, actor=person)


def compute(run: Run) -> Run:
    """As the worker does."""
    tasks.take_turn(tenant_id=0, job_id=0)
    return stored(run)


def stored(run: Run) -> Run:
    with acting_for([run.tenant_id]):
        found: Run = Run.objects.select_related("job", "tenant").get(pk=run.pk)
        return found


def test_a_run_keeps_its_answer_with_all_it_follows_from(counting: UseCase, planner: User, tmp_path: Path) -> None:  # fmt: skip
    town = reach(planner).active
    assert town is not None
    dataset = elevation(town, tmp_path)
    run, is_new = ask(counting, planner, steps=3, elevation=str(dataset.public_id))
    assert (is_new, run.state) == (True, JobState.QUEUED)
    done = compute(run)
    assert (done.state, done.summary, done.engine_version) == (JobState.DONE, {"began": 0, "counted": 3}, "1")
    assert done.parameters == {"steps": 3, "elevation": str(dataset.public_id)}
    (known,) = done.inputs
    assert (known["version"], known["title"], len(known["sha256"])) == (1, "Geländemodell", 64)
    (output,) = done.outputs
    with acting_for([town.pk]):
        file = PrivateFile.objects.get(pk=output["file"])
        assert files.path_of(file).read_text() == "3"
        assert list(UsageEvent.objects.values_list("kind", "use_case", "user")) == [("use_case_run", "counting", planner.pk)]  # fmt: skip
    assert done.job is not None
    assert (done.job.percent, done.job.result["url"]) == (100, done.get_absolute_url())
    assert [line["text"] for line in done.log] == ["Versuch 1 beginnt.", "Fertig."]


def test_the_same_question_is_answered_from_the_store(counting: UseCase, planner: User, tmp_path: Path) -> None:  # fmt: skip
    town = reach(planner).active
    assert town is not None
    dataset = elevation(town, tmp_path)
    asked = {"steps": 3, "elevation": str(dataset.public_id)}
    first, _ = ask(counting, planner, **asked)
    assert ask(counting, planner, **asked) == (first, False)  # it is under way
    compute(first)
    assert ask(counting, planner, **asked) == (first, False)
    assert ask(counting, planner, **asked | {"steps": 4})[1]
    elevation(town, tmp_path, dataset=dataset, lift=1.0)  # other heights, another answer
    assert ask(counting, planner, **asked)[1]
    other = member(TenantFactory.create(), Role.PLANNER)
    assert ask(counting, other, steps=3)[1]  # towns don't see each other's


def test_an_answer_without_a_title_is_called_by_its_data(
    counting: UseCase, planner: User, tmp_path: Path
) -> None:
    """In lists they would all have the name of the use case."""
    town = reach(planner).active
    assert town is not None
    dataset = str(elevation(town, tmp_path).public_id)
    titles = [ask(counting, planner, steps=number, **asked)[0].title for number, asked in enumerate([{}, {"elevation": dataset}, {"elevation": dataset, "title": "Ortslage"}], 1)]  # fmt: skip
    assert titles == [str(counting.title), "Geländemodell", "Ortslage"]


def test_a_question_that_failed_is_computed_when_asked_again(counting: UseCase, planner: User) -> None:
    first, _ = ask(counting, planner, steps=3)
    services.cancel_run(first, actor=planner)
    assert stored(first).state == JobState.CANCELLED
    second, is_new = ask(counting, planner, steps=3)
    assert is_new
    assert compute(second).state == JobState.DONE


def test_what_can_not_be_is_refused_before_anything_is_computed(counting: UseCase, planner: User) -> None:
    with pytest.raises(RunRefused, match="Höchstens 1000 Schritte, nicht 1001"):
        ask(counting, planner, steps=1001)
    with acting_for([reach(planner).scope.read[0]]):
        assert (Run.objects.count(), Job.objects.count()) == (0, 0)


def test_who_asked_reads_with_their_own_rights(counting: UseCase, planner: User, tmp_path: Path) -> None:
    """A neighbour's public dataset serves; once it is withdrawn, or has a newer version, the run says so."""
    neighbour: Tenant = TenantFactory.create()
    dataset = elevation(neighbour, tmp_path)
    with acting_for([neighbour.pk], [neighbour.pk]):
        publishing.make_public(dataset, licence="dl-by-de/2.0", actor=None)
    asked = {"elevation": str(dataset.public_id)}
    assert compute(ask(counting, planner, steps=1, **asked)[0]).state == JobState.DONE
    late, _ = ask(counting, planner, steps=2, **asked)
    with acting_for([neighbour.pk], [neighbour.pk]):
        publishing.withdraw(dataset, actor=None)
    failed = compute(late)
    assert failed.state == JobState.FAILED
    assert failed.job is not None
    assert failed.job.error == "Version 1 des Datensatzes „Geländemodell“ ist nicht mehr lesbar. Fragen Sie noch einmal mit der aktuellen."  # fmt: skip


def test_another_version_of_the_platform_does_not_answer_old_questions(counting: UseCase, planner: User) -> None:  # fmt: skip
    run, _ = ask(counting, planner, steps=1)
    with acting_for([run.tenant_id], [run.tenant_id]):
        Run.objects.update(engine_version="0")
    failed = compute(run)
    assert (failed.state, failed.finished_at) == (JobState.FAILED, None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "Der Arbeitsspeicher hat nicht gereicht"),
        (OSError(errno.ENOSPC, "full"), "Der Datenträger ist voll"),
        (RunRefused("Das Gelände hat Löcher."), "Das Gelände hat Löcher."),
    ],
)
def test_what_ends_a_run_is_said(counting: UseCase, planner: User, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def fail(inputs: Any, saved: Mapping[str, Any] | None) -> Any:
        raise error
        yield

    run, _ = ask(counting, planner, steps=1)
    monkeypatch.setattr("twin.usecases.counting.core.compute", fail)
    failed = compute(run)
    assert failed.job is not None
    assert (failed.state, failed.job.error.startswith(words)) == (JobState.FAILED, True)
    assert failed.log[-1]["text"] == failed.job.error


def test_a_cancelled_run_leaves_no_checkpoint(counting: UseCase, planner: User, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(execution, "KEEP_EVERY", 0.0)
    run, _ = ask(counting, planner, steps=900, pause=0.01)
    seen: list[bool] = []
    save = checkpoints.save

    def cancel_then(*args: Any) -> bool:
        kept = save(*args)
        seen.append(checkpoints.path_of(run.public_id).exists())
        jobs.cancel(stored(run).job, actor=planner)  # type: ignore[arg-type]
        return kept

    monkeypatch.setattr(checkpoints, "save", cancel_then)
    assert compute(run).state == JobState.CANCELLED
    assert seen == [True]
    assert list(checkpoints.folder().iterdir()) == []


def test_checkpoint_that_can_not_be_read_or_written_does_not_stop_a_run(counting: UseCase, planner: User, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    run, _ = ask(counting, planner, steps=3)
    checkpoints.save(run.public_id, {"done": np.array(2)})
    checkpoints.path_of(run.public_id).write_bytes(b"PK broken")
    monkeypatch.setattr(execution, "KEEP_EVERY", 0.0)

    def full(*args: Any, **arrays: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    done = compute(run)
    assert (done.state, done.summary["began"]) == (JobState.DONE, 0)


def test_tidying_keeps_the_checkpoints_of_what_is_under_way(counting: UseCase, planner: User) -> None:
    waiting, over = ask(counting, planner, steps=3)[0], ask(counting, planner, steps=4)[0]
    for run in (waiting, over):
        checkpoints.save(run.public_id, {"done": np.array(2)})
    services.cancel_run(over, actor=planner)
    tasks.tidy()
    assert [path.stem for path in checkpoints.folder().iterdir()] == [str(waiting.public_id)]


# --- folders and commands


def test_a_new_folder_is_a_new_use_case(counting: UseCase, capsys: pytest.CaptureFixture[str]) -> None:
    assert registry.find("counting") is counting
    call_command("usecases", "--json")
    told = {each["slug"]: each for each in json.loads(capsys.readouterr().out)}
    assert told["counting"]["parameters"][1] == {
        "name": "steps",
        "title": "Steps",
        "description": "",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }


def test_without_the_folder_it_is_gone() -> None:
    assert registry.find("counting") is None
    assert all("folders" not in path for path in usecases.__path__)


def command(capsys: pytest.CaptureFixture[str], folder: Path, parameters: Any, *options: str) -> dict[str, Any]:  # fmt: skip
    path = folder / "params.json"
    path.write_text(json.dumps(parameters))
    try:
        call_command("run_usecase", "counting", "--tenant", "meissen", "--params", str(path), "--json", *options)  # fmt: skip
    except CommandError as error:
        assert error.returncode == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_command_waits_for_the_answer(counting: UseCase, town: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    elevation(town, tmp_path)
    told = command(capsys, tmp_path, {"steps": 3, "elevation": "gelaendemodell"}, "--wait")
    assert (told["state"], told["summary"], told["seconds"] >= 0) == ("done", {"began": 0, "counted": 3}, True)  # fmt: skip
    assert told["outputs"] == [{"name": "number", "file_name": "zahl.txt", "content_type": "text/plain", "size": 1, "unit": ""}]  # fmt: skip
    again = command(capsys, tmp_path, {"steps": 3, "elevation": "gelaendemodell"}, "--wait")
    assert again["run_id"] == told["run_id"]
    assert command(capsys, tmp_path, {"steps": 5})["state"] == "queued"


def test_the_command_says_that_the_run_was_deleted(counting: UseCase, town: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """By somebody else, while the command waits."""
    monkeypatch.setattr(jobs, "work_on", lambda *_asked: Run.objects.all().delete())
    told = command(capsys, tmp_path, {"steps": 3}, "--wait")
    assert (told["state"], told["error"]) == ("deleted", "Die Analyse wurde inzwischen gelöscht.")


def test_the_command_says_what_is_wrong(counting: UseCase, town: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    told = command(capsys, tmp_path, {"steps": -1}, "--wait")
    assert (told["run_id"], told["state"], list(told["errors"])) == (None, "refused", ["steps"])
    told = command(capsys, tmp_path, {"steps": 5000}, "--wait")
    assert told["error"] == "Höchstens 1000 Schritte, nicht 5000."
    with pytest.raises(CommandError, match="Es gibt keinen Anwendungsfall"):
        call_command("run_usecase", "unknown", "--tenant", "meissen", "--params", "x.json")
