"""What a town says of its data, and what follows by itself."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tenants.errors import Forbidden, Refused
from tenants.models import AuditEvent, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.records import make_record
from tests.factories.tenants import TenantFactory, member
from twin.catalogue import describing, offers
from twin.catalogue.entry import Offer
from twin.catalogue.models import Dataset, Record

pytestmark = pytest.mark.django_db
SAID = {
    "title": "Spielplätze",
    "description": "Alle Spielplätze.",
    "themes": ["SOCI"],
    "licence": "cc-by/4.0",
    "frequency": "",
    "keywords": "Spiel,  Kinder , Spiel,",
    "attribution": "",
    "contact_name": "",
    "contact_email": "",
    "contact_url": "",
    "lineage": "",
    "time_start": "",
    "time_end": "",
}


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(
        name="Meißen", slug="meissen", contact="Markt 1\nTel. 03521/4670, post@stadt-meissen.example"
    )
    return found


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


def record_of(dataset: Dataset | None) -> Record:
    assert dataset is not None
    with acting_for([dataset.tenant_id]):
        return Record.objects.select_related("dataset").get(dataset=dataset)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_description_is_stored_and_recorded(town: Tenant, planner: User) -> None:
    record = record_of(make_dataset(town))
    client = signed_in(planner)
    answer = client.post(reverse("catalogue:describe", args=[record.public_id]), SAID)
    assert answer.status_code == 302
    now = record_of(record.dataset)
    assert (now.title, now.themes, now.keywords, now.licence) == (
        "Spielplätze",
        ["SOCI"],
        ["Spiel", "Kinder"],
        "cc-by/4.0",
    )
    with acting_for([town.pk]):
        assert Dataset.objects.get().title == "Spielplätze"
        event = AuditEvent.objects.get(action="describe_record")
    assert event.after["licence"] == "cc-by/4.0"
    assert "frequency" not in event.after  # did not change


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("description", " "),
        ("themes", ["NONE"]),
        ("licence", "free"),
        ("contact_url", "javascript:alert(1)"),
        ("contact_email", "nobody"),
        ("keywords", "x" * 201),
        ("time_end", "1999-01-01"),
    ],
)
def test_bad_answers_are_told_and_change_nothing(
    town: Tenant, planner: User, field: str, value: object
) -> None:
    record = record_of(make_dataset(town))
    said = SAID | {"time_start": "2001-01-01"} | {field: value}
    answer = signed_in(planner).post(reverse("catalogue:describe", args=[record.public_id]), said)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert record_of(record.dataset).title == "Bäume"


def test_public_data_keep_a_licence(town: Tenant, planner: User) -> None:
    record = record_of(make_dataset(town, public=True))
    with acting_for([town.pk], [town.pk]), pytest.raises(Refused):
        describing.describe_record(record, dict.fromkeys(describing.ASKED, ""), actor=planner)


def test_strangers_and_editors_describe_nothing(town: Tenant) -> None:
    record = record_of(make_dataset(town, public=True))
    address = reverse("catalogue:describe", args=[record.public_id])
    assert Client().post(address, SAID).status_code == 302  # to the login page
    assert signed_in(member(TenantFactory.create(), Role.PLANNER)).post(address, SAID).status_code == 404
    assert signed_in(member(town, Role.EDITOR)).post(address, SAID).status_code == 403
    with acting_for([town.pk], [town.pk]), pytest.raises(Forbidden):
        describing.describe_record(record, SAID, actor=member(town, Role.EDITOR))
    assert record_of(record.dataset).title == "Bäume"


def test_harvested_records_are_not_described_here(town: Tenant, planner: User) -> None:
    record = make_record(town)
    address = reverse("catalogue:describe", args=[record.public_id])
    assert signed_in(planner).get(address).status_code == 404


def test_first_record_takes_the_towns_name_and_mail_the_next_what_was_said(
    town: Tenant, planner: User
) -> None:
    with acting_for([town.pk], [town.pk]):
        assert describing.defaults_for(town) == {
            "publisher": "Meißen",
            "contact_name": "Meißen",
            "contact_email": "post@stadt-meissen.example",
        }
    first = record_of(make_dataset(town, slug="a"))
    with acting_for([town.pk], [town.pk]):
        Record.objects.filter(pk=first.pk).update(licence="cc-zero", attribution="© Meißen")
        second = Dataset.objects.create(tenant=town, title="Bänke", slug="baenke", kind="vector")
        record = describing.record_of(second)
        again = describing.record_of(second)
    assert (record.licence, record.attribution, record.publisher) == ("cc-zero", "© Meißen", "Meißen")
    assert again.pk == record.pk


def test_extent_dates_formats_and_frequency_follow_from_the_data(
    town: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        offers, "_makers", [lambda dataset: [Offer("A", "/a", "GEOJSON"), Offer("B", "/b", "CSV")]]
    )
    dataset = make_dataset(town, public=True, refresh_hours=24)
    with acting_for([town.pk], [town.pk]):
        dataset.published_at = datetime(2026, 2, 3, tzinfo=UTC)
        record = describing.derive(dataset)
        record.refresh_from_db()
        assert dataset.current_version is not None
        assert record.extent == dataset.current_version.extent
        assert record.modified == dataset.current_version.created_at
        assert set(record.facets) >= {"format:CSV", "format:GEOJSON"}
    assert (record.frequency, str(record.issued), record.is_public) == ("DAILY", "2026-02-03", True)
