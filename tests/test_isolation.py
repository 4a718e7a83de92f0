"""All models and all addresses as five viewers: Anna plans in town A, Bert works for the county, Carla in town B, a planning bureau
has one plan of B shared with it, and nobody is not signed in. Town B's hidden words must reach Carla alone.

New models and new addresses are walked by themselves; an address with a parameter that is not in PARAMETERS fails with a sentence.
"""

import io
import itertools
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter

from tenants import services
from tenants.models import HostName, Invitation, Tenant, TenantOwned, User
from tenants.permissions import Person, Reach, reach, share
from tenants.roles import FOR_COUNTY, FOR_MUNICIPALITY, Role, Share
from tenants.scope import acting_for, within
from tests.factories.isolation import (
    SECRET,
    SHARED,
    World,
    has_public,
    owned_models,
    people_the_world,
    shared_with_plan,
)
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from tests.tenants.test_checks import cut

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Stage:
    """Who looks (by name) and what there is to see."""

    viewers: dict[str, Person]
    worlds: list[World]
    town: Tenant
    invitation: Invitation
    host: HostName


@pytest.fixture
def stage() -> Stage:
    cache.clear()
    town_a, town_b, landkreis = TenantFactory.create(name="A"), TenantFactory.create(name="B"), county()
    carla = member(town_b, *FOR_MUNICIPALITY, name=f"Carla {SECRET}")
    bureau = UserFactory.create()
    worlds = [people_the_world(town_b, carla, kind) for kind in ("draft", "public", "shared")]
    share(worlds[2].rows["planning.Plan"], holder=bureau, as_=Share.EXTERNAL_PLANNER)
    viewers: dict[str, Person] = {
        "Anna": member(town_a, *FOR_MUNICIPALITY),
        "Bert": member(landkreis, *FOR_COUNTY),
        "Carla": carla,
        "bureau": bureau,
        "nobody": AnonymousUser(),
    }
    invitation = services.invite_member(
        town_b, actor=carla, email=f"{SECRET}-invited@example.org", roles={Role.EDITOR}
    )
    host = HostName.objects.create(tenant=town_b, host="b.example.org")
    return Stage(viewers, worlds, town_b, invitation, host)


# --- rows


def expected(model: type[TenantOwned], viewer: str) -> set[str]:
    """Kinds of worlds whose row of this model the viewer may read."""
    if viewer == "Carla":
        return {"draft", "public", "shared"}
    seen = {"public"} if has_public(model) else set()
    if viewer == "bureau" and shared_with_plan(model):
        seen.add("shared")
    return seen


def counted(model: type[TenantOwned], tenant: Tenant, *, ids: list[int]) -> dict[str, set[int]]:
    """What the database gives, by Django and by raw SQL."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE tenant_id = %s AND id = ANY(%s)", [tenant.pk, ids])  # noqa: S608
        raw = {pk for (pk,) in cursor.fetchall()}
    return {"django": set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True)), "sql": raw}


def leaks(stage: Stage) -> list[str]:
    """Every model in which somebody sees another set of B's rows than they should."""
    found = []
    for viewer, person in stage.viewers.items():
        with within(reach(person).scope):
            for model in owned_models():
                rows = {world.kind: world.rows[model._meta.label].pk for world in stage.worlds}
                wanted = {rows[kind] for kind in expected(model, viewer)}
                for way, seen in counted(model, stage.town, ids=list(rows.values())).items():
                    if seen != wanted:
                        found.append(
                            f"{viewer} sees {model._meta.label} {sorted(seen)} by {way}, not {sorted(wanted)}"
                        )
    return found


def test_every_model_shows_each_viewer_exactly_what_is_theirs(stage: Stage) -> None:
    assert leaks(stage) == []


def test_nobody_but_carla_writes_rows_of_b(stage: Stage) -> None:
    for viewer, person in stage.viewers.items():
        if viewer == "Carla":
            continue
        with within(reach(person).scope):
            assert [model for model in owned_models() if changed(model, stage.town)] == [], viewer


def changed(model: type[TenantOwned], tenant: Tenant) -> int:
    """How many of the tenant's rows an UPDATE would reach; append-only tables refuse it."""
    table = connection.ops.quote_name(model._meta.db_table)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id WHERE tenant_id = %s", [tenant.pk])  # noqa: S608
            return cursor.rowcount
    except ProgrammingError as refusal:
        assert "permission denied" in str(refusal)
        return 0


@pytest.mark.django_db(transaction=True)
def test_a_hole_in_the_wall_is_noticed(stage: Stage) -> None:
    with cut(
        "ALTER TABLE tenants_job DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE tenants_job ENABLE ROW LEVEL SECURITY",
    ):
        assert {line.split()[0] for line in leaks(stage)} == {"Anna", "Bert", "bureau", "nobody"}


# --- addresses

# Values of parameters that are neither a number nor a UUID nor a tenant's short name.
PARAMETERS: dict[str, Callable[[Stage], list[str]]] = {
    "token": lambda stage: [stage.invitation.token_hash],
    "key": lambda stage: [f"GML_{world.kind}" for world in stage.worlds],  # a plan object's gml:id
    "path": lambda stage: [  # of public media: a way out of their folder into B's private files
        f"../private/{stage.town.pk}/{world.rows['tenants.PrivateFile'].public_id}"  # type: ignore[attr-defined]
        for world in stage.worlds
    ],
    "uidb36": lambda stage: ["1"],
    "provider_id": lambda stage: ["sso"],
    "object_id": lambda stage: [str(stage.town.pk)],
    "app_label": lambda stage: ["tenants"],
    "content_type_id": lambda stage: ["1"],
    "url": lambda stage: ["x"],
    "tile": lambda stage: ["0-0-0"],
}
# Wagtail's own views, behind their own door: tests/twin/portal walks them with a neighbour's drafts in place.
ELSEWHERE = ("wagtail",)
NOT_FOUND, METHOD_NOT_ALLOWED = 404, 405
SIGNS_OUT = {"account_logout", "admin:logout"}


@dataclass(frozen=True)
class Address:
    """One URL pattern. parameters: name -> kind (number, uuid, slug or the name itself, see PARAMETERS)."""

    name: str
    parameters: tuple[tuple[str, str], ...]

    def paths(self, values: dict[str, list[Any]]) -> Iterator[str]:
        two = [name for name, kind in self.parameters if kind == "uuid"]
        others = [(name, kind) for name, kind in self.parameters if len(two) != 2 or kind != "uuid"]
        pairs = values["pair"] if len(two) == 2 else [()]
        for pair, *choice in itertools.product(pairs, *(values[kind] for _, kind in others)):
            chosen = dict(zip((name for name, _ in others), choice, strict=True))
            try:
                yield reverse(self.name, kwargs=chosen | dict(zip(two, pair, strict=False)))
            except NoReverseMatch:
                continue


def addresses(
    patterns: Any = None, *, space: str = "", above: tuple[tuple[str, str], ...] = ()
) -> Iterator[Address]:
    """All named addresses below the URL configuration."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = above + tuple(kinds(one.pattern))
        if isinstance(one, URLResolver):
            below = f"{space}{one.namespace}:" if one.namespace else space
            yield from addresses(one.url_patterns, space=below, above=here)
        elif isinstance(one, URLPattern) and one.name and not (space + one.name).startswith(ELSEWHERE):
            yield Address(space + one.name, here)


def kinds(pattern: Any) -> Iterator[tuple[str, str]]:
    known = {IntConverter: "number", UUIDConverter: "uuid", SlugConverter: "slug"}
    for name in pattern.regex.groupindex:
        yield name, known.get(type(pattern.converters.get(name)), name)


def candidates(stage: Stage, worlds: list[World], address: Address) -> dict[str, list[Any]]:
    """Values for each kind of parameter: whatever of B's could be meant; of its own package and the ground where it names one."""
    package = address.name.partition(":")[0]
    packages = {package, "tenants"} if apps.is_installed(package) else None
    rows = [
        row
        for world in worlds
        for row in world.rows.values()
        if packages is None or row._meta.app_label in packages
    ]
    people = [stage.invitation.pk, stage.host.pk, stage.viewers["Carla"].pk]
    return {
        "number": sorted({row.pk for row in rows} | set(people)),
        "uuid": [
            row.public_id
            for row in rows
            if hasattr(row, "public_id") and row._meta.label in meant(stage, address)
        ],
        "pair": [pair for world in worlds for pair in family(world)],
        "slug": [stage.town.slug],
        **{kind: make(stage) for kind, make in PARAMETERS.items()},
    }


MEANT: dict[
    str, set[str]
] = {}  # address -> labels of what it answers for; the same in every test of a process


def meant(stage: Stage, address: Address) -> set[str]:
    """Of an address with one thing, the models of which it shows or changes something to Carla, who may do all; else all models."""
    every = set(stage.worlds[0].rows)
    if [kind for _, kind in address.parameters] != ["uuid"]:
        return every
    if address.name not in MEANT:
        carla = browser(stage.viewers["Carla"])
        known: set[str] = set()
        for world in stage.worlds[:2]:
            known = known or {label for label, row in world.rows.items() if answers(carla, address, row)}
        MEANT[address.name] = known or every
    return MEANT[address.name]


def answers(client: Client, address: Address, row: Any) -> bool:
    """Is there anything at the address for this row? What a POST does is undone."""
    if not hasattr(row, "public_id"):
        return False
    (path,) = address.paths({"uuid": [row.public_id]})
    seen = status(client, path)
    if seen == METHOD_NOT_ALLOWED:
        with transaction.atomic():
            response = client.post(path)
            content(response)  # a file that nobody reads would stay open
            seen = response.status_code
            transaction.set_rollback(True)
    return seen != NOT_FOUND


def family(world: World) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Of an address with two things: what something belongs to, directly or not, and the thing itself."""
    named = [row for row in world.rows.values() if hasattr(row, "public_id")]
    for row in named:
        above = ancestors(row, world)
        yield from ((one.public_id, row.public_id) for one in named if one in above and one is not row)


def ancestors(row: Any, world: World) -> list[Any]:
    """The row itself and all of the world's rows that it refers to, through as many others as it takes."""
    found = [row]
    for one in found:
        for field in one._meta.concrete_fields:
            other = world.rows.get(field.related_model._meta.label) if field.is_relation else None
            if other is not None and other not in found and getattr(one, field.attname) == other.pk:
                found.append(other)
    return found


def paths(stage: Stage, address: Address) -> set[str]:
    """The address with all of B's things, several parameters from one world."""
    return {path for world in stage.worlds for path in address.paths(candidates(stage, [world], address))}


def test_every_address_can_be_walked() -> None:
    known = {"number", "uuid", "slug", *PARAMETERS}
    for address in addresses():
        for name, kind in address.parameters:
            assert kind in known, (
                f"The address {address.name} has the parameter {name}, for which this test knows no value of town B. "
                "Add it to PARAMETERS in tests/test_isolation.py, or use <int:…>, <uuid:…> or <slug:…>."
            )


def content(response: HttpResponseBase) -> bytes:
    """All a viewer receives: headers, and the body, unpacked where it is an archive."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body + repr(response.headers).encode()


def browser(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    if isinstance(person, User):
        client.force_login(person, backend=BACKEND)
    return client


def forbidden_words(viewer: str) -> list[bytes]:
    return [SECRET.encode()] if viewer == "bureau" else [SECRET.encode(), SHARED.encode()]


def fingerprint(stage: Stage) -> dict[tuple[str, int], str]:
    """All that town B has, (table, id) -> content, so that no walk can have changed it unnoticed."""
    found = {}
    with acting_for([stage.town.pk]), connection.cursor() as cursor:
        for model in owned_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT id, t::text FROM {table} t WHERE tenant_id = %s", [stage.town.pk])  # noqa: S608
            found.update({(model._meta.db_table, pk): text for pk, text in cursor.fetchall()})
    return found


BUREAU_ADDS = {"tenants_auditevent", "tenants_job", "tenants_usageevent"}


def changes(stage: Stage, viewer: str, *, before: dict[tuple[str, int], str]) -> set[tuple[str, int]]:
    """Rows that changed, came or went. The bureau may close a document of the plan shared with it and have the plan checked again:
    that adds a record, a job and its event, no more.
    """
    after = fingerprint(stage)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if viewer == "bureau":
        changed = {key for key in changed if key in before or key[0] not in BUREAU_ADDS}
    return changed


def walk(stage: Stage, viewer: str) -> Iterator[str]:
    """Every address as this viewer, read and written; gives what went wrong."""
    person = stage.viewers[viewer]
    client = browser(person)
    for address in addresses():
        hidden = candidates(stage, stage.worlds[:1], address)
        hidden["number"] = [
            pk for pk in hidden["number"] if pk != person.pk
        ]  # a colleague's number by chance
        for path in paths(stage, address):
            yield from visit(client, viewer, address, path)
        if {kind for _, kind in address.parameters} & {"number", "uuid"}:
            nowhere = {
                **hidden,
                "number": [999_999_999],
                "uuid": [uuid.uuid4()],
                "pair": [(uuid.uuid4(), uuid.uuid4())],
            }
            there, away = ({status(client, path) for path in address.paths(one)} for one in (hidden, nowhere))
            if there - away:
                yield f"{viewer} learns from {address.name} what exists: {there} instead of {away}"
    if isinstance(person, User):
        assert client.get(reverse("profile")).status_code == 200, "the viewer was signed out on the way"


def status(client: Client, path: str) -> int:
    response = client.get(path)
    content(response)  # a file that nobody reads would stay open
    return response.status_code


def visit(client: Client, viewer: str, address: Address, path: str) -> Iterator[str]:
    for method in ("get",) if address.name in SIGNS_OUT else ("get", "post"):
        response = getattr(client, method)(path)
        received = content(response)
        if response.status_code >= 500:
            yield f"{viewer} {method} {path} ({address.name}): {response.status_code}"
        if any(word in received for word in forbidden_words(viewer)):
            yield f"{viewer} {method} {path} ({address.name}) reads hidden words of B"


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["Anna", "Bert", "bureau", "nobody"])
def test_no_address_shows_or_changes_what_is_hidden(stage: Stage, viewer: str) -> None:
    before = fingerprint(stage)
    found = list(walk(stage, viewer))
    assert not found, "\n".join(found)
    assert changes(stage, viewer, before=before) == set()


@pytest.mark.slow
def test_carla_reads_her_own_hidden_words_so_the_walk_can_fail(stage: Stage) -> None:
    client = browser(stage.viewers["Carla"])
    hers = {"people", "audit_log", "job", "profile"}
    reading = {
        address.name
        for address in addresses()
        if address.name in hers
        for path in paths(stage, address)
        if SECRET.encode() in content(client.get(path))
    }
    assert reading == hers


@pytest.mark.slow
def test_the_walk_notices_a_hole(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that forgets `visible_to` while somebody opens the wall too far."""
    anna = stage.viewers["Anna"]
    assert isinstance(anna, User)
    monkeypatch.setattr(
        "tenants.middleware.reach", lambda user, active_id=None: hole(reach(user), stage.town)
    )
    assert any("reads hidden words" in line for line in walk(stage, "Anna"))


def hole(normal: Reach, town: Tenant) -> Reach:
    scope = replace(normal.scope, read=(*normal.scope.read, town.pk))
    return replace(normal, active=town, roles={town.pk: FOR_MUNICIPALITY}, scope=scope)
