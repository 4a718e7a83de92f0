"""A delivered file becomes a version of a dataset: whole or not at all, with its difference, by hand and by the command."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError

from tenants import files as private
from tenants.models import AuditEvent, PrivateFile, Tenant
from tenants.scope import acting_for
from tests.factories import datafiles as files
from tests.factories.catalogue import make_dataset
from tests.factories.tenants import TenantFactory
from twin.catalogue import importing
from twin.catalogue.errors import ImportRefused
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order
from twin.catalogue.models import DataFormat, Dataset, DatasetVersion, Feature, Record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", name="Meißen")
    return found


def imported(tenant: Tenant, path: Path, *, dataset: Dataset | None = None, **wishes: Any) -> DatasetVersion:
    order = Order(tenant, None, path.name, title="Straßenbäume", dataset=dataset, wishes=Wishes(**wishes))
    with acting_for([tenant.pk], [tenant.pk]):
        return importing.import_file(path, order=order)


def rows_of(tenant: Tenant) -> dict[str, int]:
    with acting_for([tenant.pk]):
        return {model.__name__: model.objects.count() for model in (Dataset, DatasetVersion, Feature, Record, PrivateFile)}  # fmt: skip


def test_first_delivery_makes_dataset_version_features_and_record(tenant: Tenant, tmp_path: Path) -> None:
    version = imported(tenant, files.write(tmp_path / "b.gpkg", files.points(), nr=["1", "2", "3"]), key="nr")
    dataset = version.dataset
    assert (dataset.slug, dataset.kind, dataset.key_field, dataset.is_public) == ("strassenbaeume", "vector", "nr", False)  # fmt: skip
    assert (version.number, version.feature_count, version.added, version.geometry_type) == (1, 3, 3, "Point")
    assert (version.source_crs, version.layer, version.report["rows"]) == ("EPSG:25833", "baeume", 3)
    with acting_for([tenant.pk]):
        dataset.refresh_from_db()
        assert dataset.current_version == version
        record = Record.objects.get(dataset=dataset)
        assert (record.title, record.publisher, record.is_public) == ("Straßenbäume", "Meißen", False)
        assert record.extent == version.extent
        assert version.file is not None
        assert private.path_of(version.file).read_bytes() == (tmp_path / "b.gpkg").read_bytes()
        (event,) = AuditEvent.objects.filter(action="import_dataset")
        assert event.after == {"version": 1, "features": 3}


def test_many_rows_are_stored_while_the_next_are_read(tenant: Tenant, tmp_path: Path) -> None:
    """Three parts, and a row that stands in two of them is taken once."""
    count = 25_000
    numbers = [*range(count - 1), 5]
    shapes = points_of_a_grid(count - 1)
    path = files.write(tmp_path / "b.gpkg", [*shapes, shapes[5]], nr=numbers)
    told: list[float] = []
    order = Order(tenant, None, path.name, title="Viele", progress=told.append)
    with acting_for([tenant.pk], [tenant.pk]):
        version = importing.import_file(path, order=order)
        stored = (
            Feature.objects.filter(dataset=version.dataset)
            .order_by("pk")
            .values_list("properties__nr", flat=True)
        )
        assert sorted(stored) == list(range(count - 1))
    assert (version.report["rows"], version.feature_count, version.added) == (count, count - 1, count - 1)
    assert [(note["rule"], note["rows"]) for note in version.report["findings"]] == [
        ("row.twice", [[count, ""]])
    ]
    assert told == sorted(told)
    assert told[-1] > 0.8


def points_of_a_grid(count: int) -> list[Any]:
    return list(
        shapely.points([(files.WEST + number % 200, files.SOUTH + number // 200) for number in range(count)])
    )


def test_feature_of_another_towns_dataset_is_refused_by_the_wall(tenant: Tenant) -> None:
    other = TenantFactory.create()
    dataset = make_dataset(other)
    values = {"tenant": tenant, "dataset": dataset, "since": 1, "key": "k", "digest": "d", "body": ""}
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        acting_for([tenant.pk, other.pk], [tenant.pk]),
    ):
        Feature.objects.create(**values)
    own = make_dataset(tenant)
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        acting_for([tenant.pk, other.pk], [tenant.pk]),
    ):
        Feature.objects.filter(dataset=own).update(dataset=dataset)


def test_next_delivery_is_a_version_with_its_difference(tenant: Tenant, tmp_path: Path) -> None:
    first = imported(tenant, files.write(tmp_path / "a.gpkg", files.points(3), nr=["1", "2", "3"], art=["a", "b", "c"]), key="nr")  # fmt: skip
    second = imported(tenant, files.write(tmp_path / "b.gpkg", files.points(3), nr=["1", "2", "4"], art=["a", "x", "c"]), dataset=first.dataset, key="nr")  # fmt: skip
    assert (second.number, second.added, second.changed, second.gone) == (2, 1, 1, 1)
    assert rows_of(tenant) == {"Dataset": 1, "DatasetVersion": 2, "Feature": 5, "Record": 1, "PrivateFile": 2}


def test_same_title_gets_another_address(tenant: Tenant, tmp_path: Path) -> None:
    one = imported(tenant, files.write(tmp_path / "a.gpkg", files.points()))
    other = imported(tenant, files.write(tmp_path / "b.gpkg", files.points()))
    assert (one.dataset.slug, other.dataset.slug) == ("strassenbaeume", "strassenbaeume-2")


def test_refused_file_leaves_nothing(tenant: Tenant, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as error:
        imported(tenant, files.write(tmp_path / "b.gpkg", files.points(), code=25832))
    assert [finding["rule"] for finding in error.value.findings] == ["file.elsewhere_proposed"]
    assert set(rows_of(tenant).values()) == {0}
    assert not [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]
    assert list((Path(settings.PRIVATE_ROOT).parent / "work").iterdir()) == []


def test_file_whose_rows_are_all_bad_is_refused_with_the_report(tenant: Tenant, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as error:
        imported(tenant, files.write(tmp_path / "b.gpkg", files.points(2), nr=["", ""]), key="nr")
    assert [finding["rule"] for finding in error.value.findings] == ["file.nothing_kept", "key.empty"]


def test_delivery_of_a_public_dataset_is_public_and_the_old_one_no_more(
    tenant: Tenant, tmp_path: Path
) -> None:
    first = imported(tenant, files.write(tmp_path / "a.gpkg", files.points(2), nr=["1", "2"]), key="nr")
    with acting_for([tenant.pk], [tenant.pk]):
        Dataset.objects.update(is_public=True)
        Feature.objects.update(is_public=True)
        DatasetVersion.objects.update(is_public=True)
    imported(tenant, files.write(tmp_path / "b.gpkg", files.points(2), nr=["2", "3"]), dataset=first.dataset, key="nr")  # fmt: skip
    with acting_for([]):
        assert [version.number for version in DatasetVersion.objects.all()] == [2]
        assert sorted(feature.key for feature in Feature.objects.all()) == ["2", "3"]


def test_time_of_the_data_is_taken_from_its_attribute(tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(
        f"tag;x;y\n2024-05-01;{files.WEST};{files.SOUTH}\n03.02.2023;{files.WEST + 9};{files.SOUTH}\n"
    )
    version = imported(tenant, path, x="x", y="y", srs=25833, time="tag")
    assert [str(moment) for moment in (version.time_start, version.time_end)] == ["2023-02-03 00:00:00+01:00", "2024-05-01 00:00:00+02:00"]  # fmt: skip


def test_table_without_coordinates_is_a_table(tenant: Tenant, tmp_path: Path) -> None:
    version = imported(tenant, files.excel(tmp_path / "t.xlsx", ["Jahr", "Einwohner"], [2023, 28000], [2024, 28100]))  # fmt: skip
    assert (version.dataset.kind, version.geometry_type, version.extent, version.feature_count) == ("table", "", None, 2)  # fmt: skip


# --- the command


def command(path: Path, **options: Any) -> dict[str, Any]:
    told = io.StringIO()
    try:
        call_command("import_dataset", str(path), json=True, stdout=told, **options)
    finally:
        found: dict[str, Any] = json.loads(told.getvalue() or "{}")
    return found


def test_command_imports_and_publishes(tenant: Tenant, tmp_path: Path) -> None:
    path = files.write(tmp_path / "b.gpkg", files.points())
    facts = command(path, tenant="meissen", title="Bäume", public=True, licence="dl-by-de/2.0")
    assert (facts["ok"], facts["kept"], facts["version"], facts["crs"]) == (True, 3, 1, "EPSG:25833")
    with acting_for([]):
        (dataset,) = Dataset.objects.all()
        assert (str(dataset.public_id), dataset.features.count()) == (facts["dataset"], 3)


def test_command_without_a_licence_keeps_the_data_closed(tenant: Tenant, tmp_path: Path) -> None:
    path = files.write(tmp_path / "b.gpkg", files.points())
    with pytest.raises(CommandError, match="Lizenz"):
        call_command("import_dataset", str(path), tenant="meissen", title="Bäume", public=True)
    with acting_for([]):
        assert Dataset.objects.count() == 0


def test_command_says_why_a_file_is_refused(tenant: Tenant, tmp_path: Path) -> None:
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_dataset", str(files.shapefile(tmp_path, without=(".prj",))), tenant="meissen", title="B", json=True, stdout=told)  # fmt: skip
    facts = json.loads(told.getvalue())
    assert (facts["ok"], facts["findings"][0]["rule"]) == (False, "file.no_system_proposed")
    assert "EPSG:25833" in facts["findings"][0]["message"]


def test_command_makes_a_new_version_and_holds_it_against_a_format(tenant: Tenant, tmp_path: Path) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        DataFormat.objects.create(tenant=tenant, slug="baeume", title="Bäume", geometry_type="Point", fields=[{"name": "art", "type": "string", "choices": ["Linde", "Eiche"]}])  # fmt: skip
    path = files.write(tmp_path / "b.gpkg", files.points())
    first = command(path, tenant="meissen", title="Bäume")
    second = command(path, tenant="meissen", dataset="baeume", format="baeume")
    assert (second["dataset"], second["version"], second["kept"], second["gone"]) == (
        first["dataset"],
        2,
        2,
        1,
    )
    assert [finding["rule"] for finding in second["findings"]] == ["format.choice"]


@pytest.mark.parametrize("options", [{"tenant": "nowhere", "title": "x"}, {"tenant": "meissen", "dataset": "nowhere"}])  # fmt: skip
def test_command_names_what_it_does_not_know(tenant: Tenant, tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_dataset", str(files.write(tmp_path / "b.gpkg", files.points())), **options)
