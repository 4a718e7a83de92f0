"""A neighbour's dataset is not there: in no list, at no address, in no tile, by no filter; and no cache keeps what is internal."""

import pytest
from django.test import Client

from tenants.models import HostName
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.twin.ogc.conftest import TREES, Town, keys

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
INSIDE = "/ogc/collections/nachbar.intern"
TAILS = (
    "",
    "/queryables",
    "/items",
    "/items/1",
    "/items?bbox=13,51,14,52",
    "/items?filter=TRUE",
    "/tiles",
    "/tiles/WebMercatorQuad",
    "/tiles/WebMercatorQuad?f=tilejson",
    "/tiles/WebMercatorQuad/14/5457/8799",
    "/style.json",
)


@pytest.fixture
def neighbour(town: Town) -> Town:
    tenant = TenantFactory.create(slug="nachbar", name="Nachbar")
    return Town(tenant, make_dataset(tenant, features=3, slug="intern", title="Vertraulich"))


def as_(person: object) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend=BACKEND)  # type: ignore[arg-type]
    return client


def test_internal_dataset_is_there_for_its_own_people_alone(town: Town, neighbour: Town) -> None:
    strangers = (None, member(town.tenant, Role.MUNICIPAL_ADMIN), UserFactory.create())
    owner = as_(member(neighbour.tenant, Role.PLANNER))
    for tail in TAILS:
        found = {as_(person).get(INSIDE + tail).status_code for person in strangers}
        assert found == {404}, tail
        assert owner.get(INSIDE + tail).status_code in {200, 204}, tail
        nowhere = as_(None).get(INSIDE.replace("intern", "gibtesnicht") + tail)
        assert nowhere.content == as_(None).get(INSIDE + tail).content  # not there and not yours look alike
    for path in ("/ogc/collections", "/ogc/collections?f=html", "/ogc/api"):
        assert "Vertraulich" not in as_(None).get(path).content.decode()
        assert "nachbar.intern" not in as_(strangers[1]).get(path).content.decode()
        assert "nachbar.intern" in owner.get(path).content.decode()


def test_shared_dataset_is_there_for_whom_it_is_shared_with(town: Town, neighbour: Town) -> None:
    share(neighbour.trees, holder=town.tenant, as_=Share.READER)
    reader = as_(member(town.tenant, Role.EDITOR))
    answer = reader.get(f"{INSIDE}/items")
    assert len(keys(answer.json())) == 3
    assert as_(None).get(f"{INSIDE}/items").status_code == 404


def test_what_a_person_sees_is_kept_by_no_shared_cache(town: Town, neighbour: Town) -> None:
    owner = as_(member(neighbour.tenant, Role.PLANNER))
    for path in (f"{INSIDE}/items", f"{TREES}/items", f"{TREES}/tiles/WebMercatorQuad/14/5457/8799"):
        assert owner.get(path)["Cache-Control"] == "private, no-cache"
    seen = owner.get(f"{TREES}/items")["ETag"]
    assert as_(None).get(f"{TREES}/items")["ETag"] != seen


def test_drafts_are_no_plans_for_everybody(town: Town) -> None:
    make_plan(town.tenant, public=False, objects=1)
    path = "/ogc/collections/plaene/items"
    assert keys(as_(None).get(path).json()) == []
    assert len(keys(as_(member(town.tenant, Role.PLANNER)).get(path).json())) == 1
    assert as_(None).get(path)["ETag"] != as_(member(town.tenant, Role.PLANNER)).get(path)["ETag"]


def test_host_of_a_town_lists_its_own(town: Town) -> None:
    other = TenantFactory.create(slug="andere")
    make_dataset(other, public=True, slug="wege")
    HostName.objects.create(tenant=other, host="testserver")
    found = {one["id"] for one in as_(None).get("/ogc/collections").json()["collections"]}
    assert found == {"katalog", "plaene", "andere.wege"}


def test_withdrawn_dataset_is_gone(town: Town) -> None:
    with acting_for([town.tenant.pk], [town.tenant.pk]):
        town.trees.is_public = False
        town.trees.save(update_fields=["is_public"])
        town.trees.datasetversions.update(is_public=False)
        town.trees.features.update(is_public=False)
    for tail in TAILS:
        assert as_(None).get(TREES + tail).status_code == 404, tail
