"""All models and all addresses as five viewers: Anna plans in town A, Bert works for the county, Carla in town B, a planning bureau
has one plan of B shared with it, and nobody is not signed in. Town B's hidden words must reach Carla alone.

New models and new addresses are walked by themselves; an address with a parameter that is not in PARAMETERS fails with a sentence.
"""

import fcntl
import io
import itertools
import json
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import ProgrammingError, connection, reset_queries, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter

from tenants import services
from tenants.models import HostName, Invitation, Tenant, TenantOwned, User
from tenants.permissions import Person, Reach, reach, share
from tenants.roles import FOR_COUNTY, FOR_MUNICIPALITY, Role, Share
from tenants.scope import acting_for, within
from tests.factories.isolation import (
    PUBLIC,
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
    """Who looks (by name) and what there is to see. notes: a folder that all processes of a run share."""

    viewers: dict[str, Person]
    worlds: list[World]
    town: Tenant
    invitation: Invitation
    host: HostName
    notes: Path


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stage:
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
    folder = tmp_path_factory.getbasetemp()
    notes = folder if worker_id == "master" else folder.parent
    return Stage(viewers, worlds, town_b, invitation, host, notes)


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

# Values of parameters that name no row by its number or UUID, and no tenant.
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
    "collection_id": lambda stage: [f"{stage.town.slug}.{world.kind}" for world in stage.worlds],
    "feature_id": lambda stage: [SECRET, PUBLIC],
    "scheme_id": lambda stage: ["AdV_25833"],
    "quantity": lambda stage: ["W"],
    "process_id": lambda stage: ["plan-check"],
    "job_id": lambda stage: [str(world.rows["analysis.Run"].public_id) for world in stage.worlds],  # type: ignore[attr-defined]
    "output_id": lambda stage: [stage.town.slug],
    "resource": lambda stage: [  # of SensorThings
        f"{kind}({world.rows[model].pk}){further}"
        for world in stage.worlds
        for kind, model, further in (
            ("Things", "sensors.Station", "/Datastreams"),
            ("Locations", "sensors.Station", ""),
            ("Datastreams", "sensors.Series", "/Observations"),
            ("Observations", "sensors.Observation", "/FeatureOfInterest"),
        )
    ],
    "zoom": lambda stage: ["0"],
    "level": lambda stage: ["0"],
    "row": lambda stage: ["0"],
    "column": lambda stage: ["0"],
}
# Wagtail's own views, behind their own door: tests/twin/portal walks them with a neighbour's drafts in place.
ELSEWHERE = ("wagtail",)
KEYS = ("number", "uuid")  # kinds of parameters that name a row
# Methods of an address besides GET and POST.
FURTHER = {
    "catalogue:tus_file": ("head", "patch"),
    "api:plan": ("delete",),
    "api:procedure": ("patch",),
    "api:step": ("patch",),
    "api:upload_tus": ("head", "patch"),
    "api:dataset": ("delete",),
    "api:source": ("patch", "delete"),
    "ogc:job": ("delete",),
}
SIGNS_OUT = {"account_logout", "admin:logout"}


@dataclass(frozen=True)
class Address:
    """One URL pattern. parameters: name -> kind (number, uuid, slug or the name itself, see PARAMETERS)."""

    name: str
    parameters: tuple[tuple[str, str], ...]

    def paths(self, values: dict[str, list[Any]]) -> Iterator[str]:
        """values: of each parameter."""
        names = [name for name, _ in self.parameters]
        for choice in itertools.product(*(values[name] for name in names)):
            try:
                yield reverse(self.name, kwargs=dict(zip(names, choice, strict=True)))
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
        yield name, name if name in PARAMETERS else known.get(type(pattern.converters.get(name)), name)


def candidates(stage: Stage, world: World, address: Address) -> dict[str, list[Any]]:
    """Values for each parameter, all of this world; where one names a row, what stands in the columns that the address looks into."""
    rows: list[Any] = [*world.rows.values(), stage.invitation, stage.host, stage.viewers["Carla"]]
    found = others(stage, address)
    for name, columns in looked_into(stage, address).items():
        fallback = {"number": "pk", "uuid": "public_id"}[dict(address.parameters)[name]]
        values = {
            getattr(row, column) for row in rows for table, column in columns if row._meta.db_table == table
        }
        found[name] = sorted(
            values or {getattr(row, fallback) for row in rows if hasattr(row, fallback)}, key=str
        )
    return found


def others(stage: Stage, address: Address) -> dict[str, list[Any]]:
    """Values of the parameters that name no row."""
    values = {"slug": lambda stage: [stage.town.slug], **PARAMETERS}
    return {name: values[kind](stage) for name, kind in address.parameters if kind in values}


def nowhere(address: Address) -> dict[str, list[Any]]:
    """Names of rows that don't exist."""
    number = itertools.count(999_999_999, -1)
    return {
        name: [uuid.uuid4() if kind == "uuid" else next(number)]
        for name, kind in address.parameters
        if kind in KEYS
    }


Columns = set[tuple[str, str]]  # (table, column)
LOOKED_INTO: dict[str, dict[str, Columns]] = {}  # by address and parameter; the same all through a run


def looked_into(stage: Stage, address: Address) -> dict[str, Columns]:
    """Where the address looks for what a parameter names, read from its SQL for Carla, who may do all; empty where it never looks.

    A row of any other table is no use trying: to the address it is as unknown as a number thrown by dice.
    """
    if not LOOKED_INTO:
        with (stage.notes / "looked_into.json").open("a+") as file:  # one process finds out for all
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            known = json.loads(file.read() or "{}")
            if not known:
                carla = browser(stage.viewers["Carla"])
                found = {str(one): searched(stage, carla, one) for one in addresses()}
                known = {
                    one: {name: sorted(columns) for name, columns in said.items()}
                    for one, said in found.items()
                }
                file.write(json.dumps(known))
        LOOKED_INTO.update(
            {
                one: {name: set(map(tuple, columns)) for name, columns in said.items()}
                for one, said in known.items()
            }
        )
    return LOOKED_INTO[str(address)]


def searched(stage: Stage, carla: Client, address: Address) -> dict[str, Columns]:
    """Asked for nothing that exists, then for each thing it may be about together with nothing."""
    found: dict[str, Columns] = {name: set() for name, kind in address.parameters if kind in KEYS}
    if found:
        probe(stage, carla, address, found=found)
    for name in found if len(found) > 1 else ():
        for row in stage.worlds[0].rows.values():
            for table, column in sorted(found[name]):
                if row._meta.db_table == table:
                    probe(stage, carla, address, found=found, known={name: getattr(row, column)})
    return found


def probe(
    stage: Stage,
    carla: Client,
    address: Address,
    *,
    found: dict[str, Columns],
    known: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Ask for what isn't there, but for the parameters known, and note where it was looked for; what a POST does is undone."""
    values = {**others(stage, address), **nowhere(address), **{name: [one] for name, one in known.items()}}
    for path in address.paths(values):
        for method in ("get", "post", *FURTHER.get(address.name, ())):
            reset_queries()  # Django keeps 9,000 of them, all addresses together have more
            with CaptureQueriesContext(connection) as queries, transaction.atomic():
                content(getattr(carla, method)(path))
                transaction.set_rollback(True)
            sql = "\n".join(query["sql"] for query in queries.captured_queries)
            for name in found.keys() - known.keys():
                one = values[name][0]
                written = getattr(one, "hex", one)  # psycopg writes UUIDs without dashes
                found[name].update(re.findall(rf"\"(\w+)\"\.\"(\w+)\" (?:= |IN \()'?{written}\b", sql))


MOST = 200  # of one address with one world's things


def paths(stage: Stage, address: Address, world: World) -> list[str]:
    """The address with all of this world's things that it is for."""
    found = list(itertools.islice(address.paths(candidates(stage, world, address)), MOST + 1))
    assert len(found) <= MOST, (
        f"{address.name} is tried with too much: a parameter that names no row belongs in PARAMETERS."
    )
    return found


def test_every_address_can_be_walked() -> None:
    known = {"number", "uuid", "slug", *PARAMETERS}
    for address in addresses():
        for name, kind in address.parameters:
            assert kind in known, (
                f"The address {address.name} has the parameter {name}, for which this test knows no value of town B. "
                "Add it to PARAMETERS in tests/test_isolation.py, or use <int:…>, <uuid:…> or <slug:…>."
            )


def test_every_uuid_is_looked_up_somewhere(stage: Stage) -> None:
    """Else the walk would try too little: nothing read from the SQL leaves a guess."""
    blind = [
        address.name
        for address in addresses()
        for name, kind in address.parameters
        if kind == "uuid" and not looked_into(stage, address)[name]
    ]
    assert blind == []


def content(response: HttpResponseBase) -> bytes:
    """All a viewer receives: headers, and the body, unpacked where it is an archive."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body + repr(response.headers).encode()


def browser(person: Person) -> Client:
    # uploads in pieces (tus) answer nobody who does not name their version
    client = Client(raise_request_exception=False, headers={"Tus-Resumable": "1.0.0"})
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
    # What is shared is one more draft to whom it is not shared with; lists show all there is in any case.
    worlds = [world for world in stage.worlds if world.kind != "shared" or viewer == "bureau"]
    for address in addresses():
        answers: dict[str, set[tuple[str, int]]] = {}
        for path in {path for world in worlds for path in paths(stage, address, world)}:
            yield from visit(client, viewer, address, path, answers=answers)
        if any(kind in KEYS for _, kind in address.parameters):
            hidden = candidates(stage, stage.worlds[0], address)
            for name, kind in address.parameters:  # a colleague's number by chance
                hidden[name] = [one for one in hidden[name] if kind != "number" or one != person.pk]
            unknown = set(address.paths({**hidden, **nowhere(address)}))
            for path in unknown:
                yield from visit(client, viewer, address, path, answers=answers)
            seen = {answer for path in address.paths(hidden) for answer in answers[path]}
            learnt = seen - {answer for path in unknown for answer in answers[path]}
            if learnt:
                yield f"{viewer} learns from {address.name} what exists: {sorted(learnt)}"
    if isinstance(person, User):
        assert client.get(reverse("profile")).status_code == 200, "the viewer was signed out on the way"


def visit(
    client: Client, viewer: str, address: Address, path: str, *, answers: dict[str, set[tuple[str, int]]]
) -> Iterator[str]:
    """Gives what went wrong; answers: path -> (method, status) of each, for what they tell together."""
    ways = ("get",) if address.name in SIGNS_OUT else ("get", "post", *FURTHER.get(address.name, ()))
    for method in ways:
        response = getattr(client, method)(path)
        received = content(response)
        answers.setdefault(path, set()).add((method, response.status_code))
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
        for world in stage.worlds
        for path in paths(stage, address, world)
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
