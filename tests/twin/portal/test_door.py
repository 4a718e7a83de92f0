"""Wagtail's admin as the editor of one town, with the drafts and files of another in place: nothing of those may show."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import Task, TaskState, Workflow

from tenants.models import HostName, Tenant
from tenants.roles import Role
from tests.factories.tenants import UserFactory, member
from tests.twin.portal.conftest import MARKER, Town, as_person, download, news, picture
from twin.portal import door
from twin.portal.models import NewsPage, StandardPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a scaled picture to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]

Pool = dict[str, list[Any]]


def addresses(
    resolver: Any = None, prefix: str = "", known: dict[str, Any] | None = None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, pattern, converters) of every address below /redaktion/."""
    if resolver is None:
        resolver = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "redaktion/")
    for entry in resolver.url_patterns:
        converters = {**(known or {}), **entry.pattern.converters}
        pattern = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLPattern):
            yield str(entry.name), pattern, converters
        elif isinstance(entry, URLResolver):
            yield from addresses(entry, pattern, converters)


def filled(pattern: str, converters: dict[str, Any], pool: Pool) -> Iterator[str]:
    """The pattern with every combination of values that its places may take."""
    if "revisions/compare" in pattern:
        for pk in pool["page"]:
            yield f"pages/{pk}/revisions/compare/earliest...latest/"
        return
    choices = [
        [(name, value) for value in values_of(name, converter, pool)]
        for name, converter in converters.items()
    ]
    for chosen in product(*choices):
        path = pattern
        for name, value in chosen:
            for kind in ("int", "str", "slug"):
                path = path.replace(f"<{kind}:{name}>", str(value))
            path = path.replace(f"<{name}>", str(value))
        yield path


def values_of(name: str, converter: Any, pool: Pool) -> list[Any]:
    if name in {"app_label", "content_type_app_name", "app_name"}:
        return ["portal"]
    if name in {"model_name", "content_type_model_name"}:
        return ["newspage", "picture"]
    if name == "object_id":
        return pool["page"]
    if name == "action_name":
        return ["approve", "publish"]
    if name == "action":
        return ["delete"]
    if name == "filter_spec":
        return ["width-10"]
    if isinstance(converter, IntConverter) or name == "pk":
        return pool.get(name, pool["page"] if "page" in name else pool["any"])
    return ["x"]


QUERIES = (
    "",
    f"?q={MARKER[:4]}",
    "?id={page}",
    "?id={file}",
    "?page_type=portal.newspage",
    "?child_of={parent}",
    "?next=/",
)


@pytest.fixture
def pool(own: Town, neighbour: Town) -> Pool:
    """Ids of the neighbour's things, and of one's own beside them."""
    draft = news(neighbour, f"{MARKER} Entwurf", live=False)
    live = news(neighbour, "Gemeindefest")
    live.title = f"{MARKER} neuer Titel"
    live.save_revision(user=neighbour.editor)
    NewsPage.objects.filter(pk=live.pk).update(locked=True, locked_by=neighbour.editor)
    waiting = news(neighbour, f"{MARKER} zur Freigabe", live=False)
    state = waiting.get_workflow().start(waiting, neighbour.editor)
    gone = news(neighbour, f"{MARKER} geloescht", live=False)
    gone.delete(user=neighbour.editor)
    foreign: list[Any] = [picture(neighbour, f"{MARKER} Bild"), download(neighbour, f"{MARKER} Beschluss")]
    picture(own, "Rathaus"), download(own, "Haushalt"), news(own, "Eigene Nachricht")
    session = EditingSession.objects.create(
        user=neighbour.editor, content_object=draft, last_seen_at=timezone.now()
    )
    pages = [draft.pk, live.pk, waiting.pk, neighbour.page.pk]
    rows: Pool = {
        "page": pages,
        "destination_id": [neighbour.page.pk],
        "revision_id": list(draft.revisions.values_list("pk", flat=True)),
        "workflow_state_id": [state.pk],
        "task_state_id": list(TaskState.objects.values_list("pk", flat=True)),
        "task_id": list(Task.objects.values_list("pk", flat=True)),
        "workflow_pk": list(Workflow.objects.values_list("pk", flat=True)),
        "image_id": [foreign[0].pk],
        "document_id": [foreign[1].pk],
        "doc_id": [foreign[1].pk],
        "collection_id": [neighbour.collection.pk],
        "redirect_id": [1],
        "uploaded_file_id": [1],
        "session_id": [session.pk],
        "user": [neighbour.editor.pk, *neighbour.editor.groups.values_list("pk", flat=True)],
    }
    rows["any"] = sorted({pk for each in rows.values() for pk in each})
    return rows


def shown(client: Client, path: str) -> str:
    response: Any = client.get(f"/redaktion/{path}")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


@pytest.mark.slow
def test_no_address_of_the_admin_shows_the_neighbour(own: Town, pool: Pool) -> None:
    client = as_person(own.editor)
    leaks = set()
    seen = 0
    for name, pattern, converters in addresses():
        for path in filled(pattern, converters, pool):
            for query in QUERIES if not converters else QUERIES[:1]:
                text = query.format(page=pool["page"][0], file=pool["image_id"][0], parent=pool["page"][3])
                seen += 1
                if MARKER.lower() in shown(client, path + text).lower():
                    leaks.add(f"{name}: {path}{text}")
    assert (seen > 300, leaks) == (True, set())


def test_the_walk_would_see_a_leak(own: Town, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the door open Wagtail itself shows the neighbour's picture: the walk looks at the right things."""
    monkeypatch.setattr(door, "check_things", lambda *_args: None)
    client = as_person(own.editor)
    assert MARKER in shown(client, "api/main/images/")
    assert MARKER in shown(client, f"choose-page/{pool['page'][0]}/")


def test_editor_works_on_own_pages_and_files(own: Town) -> None:
    client = as_person(own.editor)
    page, image, document = news(own, "Eigene Nachricht"), picture(own, "Rathaus"), download(own, "Haushalt")
    assert "Eigene Nachricht" in shown(client, f"pages/{page.get_parent().pk}/")
    assert "Rathaus" in shown(client, "images/")
    assert "Haushalt" in shown(client, "documents/chooser/")
    for path in (
        "",
        f"pages/{page.pk}/edit/",
        f"pages/{page.pk}/view_draft/",
        f"pages/{page.pk}/history/",
        f"choose-page/{page.pk}/",
        f"pages/add/portal/newspage/{page.get_parent().pk}/",
        f"images/{image.pk}/",
        f"documents/edit/{document.pk}/",
    ):
        assert (path, client.get(f"/redaktion/{path}").status_code) == (path, 200)


def test_the_neighbours_draft_cannot_be_written(own: Town, neighbour: Town) -> None:
    draft = news(neighbour, "Entwurf", live=False)
    mine = news(own, "Eigene Nachricht")
    client = as_person(own.approver)
    for path, data in (
        (f"pages/{draft.pk}/edit/", {"title": "übernommen"}),
        (f"pages/{draft.pk}/delete/", {}),
        (
            f"pages/{mine.pk}/copy/",
            {"new_title": "x", "new_slug": "x", "new_parent_page": draft.get_parent().pk},
        ),
        (f"pages/{mine.pk}/move/{draft.get_parent().pk}/confirm/", {}),
        (f"api/main/pages/{draft.pk}/action/publish/", {}),
        (f"bulk/portal/newspage/delete/?id={draft.pk}", {}),
    ):
        assert (path, client.post(f"/redaktion/{path}", data).status_code) == (path, 404)
    draft.refresh_from_db()
    assert (draft.title, draft.live) == ("Entwurf", False)


@pytest.mark.parametrize("action", ["delete", "unpublish", "move", "copy"])
def test_start_page_and_legal_pages_stay(own: Town, action: str) -> None:
    imprint = StandardPage.objects.child_of(own.page).get(kind="impressum")
    client = as_person(own.approver)
    for page in (own.page, imprint):
        assert client.get(f"/redaktion/pages/{page.pk}/{action}/").status_code == 404


def test_no_button_on_pages_that_stay_leads_to_a_shut_door(own: Town) -> None:
    imprint = StandardPage.objects.child_of(own.page).get(kind="impressum")
    mine = news(own, "Eigene Nachricht")
    client = as_person(own.approver)
    listed = shown(client, "pages/search/") + shown(client, f"pages/{own.page.pk}/")
    listed += shown(client, f"pages/{mine.get_parent().pk}/") + shown(client, f"pages/{imprint.pk}/edit/")
    for action in ("delete", "unpublish", "move", "copy"):
        for page in (own.page, imprint):
            assert f"/pages/{page.pk}/{action}/" not in listed
        assert f"/pages/{mine.pk}/{action}/" in listed
    assert "portal/editing.css" in listed
    root = own.page.get_root().pk
    assert client.get(f"/redaktion/pages/{root}/")["Location"] == "/redaktion/pages/"


def test_stranger_is_sent_to_our_own_sign_in(landkreis: Tenant, client: Client) -> None:
    for path in ("", "login/", "password_reset/", "pages/"):
        answer = client.get(f"/redaktion/{path}")
        assert answer["Location"].startswith("/konto/login/")


def test_only_people_who_edit_pages_come_in(own: Town) -> None:
    planner = member(own.tenant, Role.PLANNER)
    operator = UserFactory.create(is_staff=True, is_superuser=True)
    assert as_person(planner).get("/redaktion/").status_code == 403
    assert as_person(operator).get("/redaktion/").status_code == 403


def test_a_towns_own_host_leads_to_the_staff_host(own: Town) -> None:
    HostName.objects.create(tenant=own.tenant, host="ahausen.localhost")
    with override_settings(ALLOWED_HOSTS=[".localhost"]):
        answer = Client(headers={"host": "ahausen.localhost"}).get("/redaktion/pages/")
    assert answer["Location"] == f"{settings.BASE_URL}/redaktion/pages/"


def test_admin_has_its_own_policy_and_pages_keep_theirs(own: Town) -> None:
    client = as_person(own.editor)
    admin = client.get("/redaktion/")["Content-Security-Policy"]
    public = client.get("/ahausen/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in admin
    assert "default-src 'self'" in admin
    assert "unsafe" not in public
