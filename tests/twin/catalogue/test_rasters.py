"""A raster as a dataset: imported with its versions, shown as tiles, published, shared and taken away like any other."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from django.test import Client
from PIL import Image
from rasterio.io import MemoryFile

from tenants import files as private
from tenants.models import PrivateFile, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import datafiles, grids
from tests.factories.tenants import TenantFactory, member
from twin.catalogue import importing, publishing, services
from twin.catalogue.errors import ImportRefused
from twin.catalogue.importing import Order
from twin.catalogue.models import Dataset, DatasetKind, DatasetVersion, Record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen")
    return found


def imported(tenant: Tenant, path: Path, *, dataset: Dataset | None = None) -> DatasetVersion:
    with acting_for([tenant.pk], [tenant.pk]):
        return importing.import_file(
            path, order=Order(tenant, None, path.name, title="Geländemodell", dataset=dataset)
        )


def status(client: Client, address: str) -> int:
    answer = client.get(address)
    answer.close()
    return answer.status_code


def published(dataset: Dataset) -> None:
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        publishing.make_public(dataset, licence="dl-by-de/2.0", actor=None)


def test_raster_is_a_dataset_with_its_own_kind_and_file(tenant: Tenant, tmp_path: Path) -> None:
    version = imported(tenant, grids.geotiff(tmp_path / "dgm.tif"))
    assert (version.dataset.kind, version.feature_count, version.grid["width"]) == (
        DatasetKind.RASTER,
        0,
        100,
    )
    assert version.extent is not None
    assert version.extent.extent == (datafiles.WEST, datafiles.SOUTH, datafiles.WEST + 100, grids.NORTH)
    with acting_for([tenant.pk]):
        assert version.raster is not None
        with rasterio.open(private.path_of(version.raster)) as dataset:
            np.testing.assert_array_equal(dataset.read(1), grids.slope())
        record = Record.objects.get(dataset=version.dataset)
    assert [one["format"] for one in record.distributions] == ["GEOTIFF"]


def test_nobody_sees_it_before_it_is_published_and_then_the_current_version_alone(tenant: Tenant, tmp_path: Path, client: Client) -> None:  # fmt: skip
    first = imported(tenant, grids.geotiff(tmp_path / "dgm.tif"))
    page = first.dataset.get_absolute_url()
    addresses = [page, f"{page}daten.tif", f"{page}raster/", f"{page}raster/1/0-0-0.webp"]
    assert [status(client, address) for address in addresses] == [404] * 4
    published(first.dataset)
    assert [status(client, address) for address in addresses] == [200] * 4
    (told,) = client.get(f"{page}raster/").json()["rasters"]
    assert (told["origin"], told["resolution"], told["tiles"]) == ([datafiles.WEST, grids.NORTH], 1.0, f"{page}raster/1/__tile__.webp")  # fmt: skip
    second = imported(tenant, grids.geotiff(tmp_path / "neu.tif", grids.slope() + 1), dataset=first.dataset)
    assert (second.number, client.get(f"{page}raster/1/0-0-0.webp").status_code) == (2, 404)
    with acting_for([]):
        assert [file.name for file in PrivateFile.objects.all()] == ["neu.tif"]
    download = client.get(f"{page}daten.tif")
    content = b"".join(download)
    download.close()
    with MemoryFile(content) as memory, memory.open() as dataset:
        np.testing.assert_array_equal(dataset.read(1), grids.slope() + 1)


def test_tile_shows_low_dark_high_bright_and_nothing_where_nothing_is(tenant: Tenant, tmp_path: Path, client: Client) -> None:  # fmt: skip
    values = grids.slope()
    values[:, 50:60] = -1
    version = imported(tenant, grids.geotiff(tmp_path / "dgm.tif", values, nodata=-1))
    assert [finding["rule"] for finding in version.report["findings"]] == ["raster.gaps"]
    published(version.dataset)
    answer = client.get(f"{version.dataset.get_absolute_url()}raster/1/0-0-0.webp")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "public, no-cache")
    picture = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA")).astype(int)
    red, alpha = picture[:, :, 0], picture[:, :, 3]
    assert (alpha[10, 10], alpha[10, 55], alpha[150, 150]) == (255, 0, 0)
    assert red[5, 5] < red[50, 5] < red[95, 95]
    again = client.get(f"{version.dataset.get_absolute_url()}raster/1/0-0-0.webp", headers={"If-None-Match": answer["ETag"]})  # fmt: skip
    assert again.status_code == 304
    assert client.get(f"{version.dataset.get_absolute_url()}raster/1/0-9-9.webp").status_code == 404


def test_value_of_a_cell_is_told_with_its_unit(tenant: Tenant, tmp_path: Path, client: Client) -> None:
    values = grids.slope()
    values[20, 30] = -1
    path = grids.geotiff(tmp_path / "dgm.tif", values, nodata=-1)
    with rasterio.open(path, "r+") as source:
        source.units = ("m",)
    version = imported(tenant, path)
    address = f"{version.dataset.get_absolute_url()}raster/wert/"
    west, north = datafiles.WEST, grids.NORTH

    def told(x: float, y: float) -> str:
        return str(client.get(address, {"at": f"{x},{y}"}).json()["text"])

    assert client.get(address, {"at": f"{west},{north}"}).status_code == 404
    published(version.dataset)
    assert told(west + 12.5, north - 0.5) == "101,2 m"  # column 12 of the first row
    assert told(west + 99.99, north - 99.99) == "208,9 m"
    for x, y in ((west + 30.5, north - 20.5), (west - 0.5, north - 1), (west + 1, north + 0.5), (1e300, 0)):
        assert told(x, y) == "", (x, y)
    for nonsense in ("", "1", "1,2,3", "a,b"):
        assert client.get(address, {"at": nonsense}).status_code == 400
    assert told(float("nan"), north) == ""


def test_picture_has_colours_and_no_values(tenant: Tenant, tmp_path: Path, client: Client) -> None:
    colours = np.full((3, 100, 100), 200, dtype=np.uint8)
    version = imported(tenant, grids.geotiff(tmp_path / "luftbild.tif", colours, photometric="RGB"))
    published(version.dataset)
    address = f"{version.dataset.get_absolute_url()}raster/wert/"
    assert client.get(address, {"at": f"{datafiles.WEST + 5},{grids.NORTH - 5}"}).json() == {"text": ""}


def test_shared_with_another_town_it_opens_for_them_alone(
    tenant: Tenant, tmp_path: Path, client: Client
) -> None:
    version = imported(tenant, grids.geotiff(tmp_path / "dgm.tif"))
    other = TenantFactory.create()
    guest, admin = member(other, Role.PLANNER), member(tenant, Role.MUNICIPAL_ADMIN)
    client.force_login(guest)
    tile = f"{version.dataset.get_absolute_url()}raster/1/0-0-0.webp"
    assert client.get(tile).status_code == 404
    with acting_for([tenant.pk], [tenant.pk]):
        services.share_dataset(version.dataset, holder=other, actor=admin)
    assert (client.get(tile).status_code, client.get(tile)["Cache-Control"]) == (200, "private, no-cache")
    assert status(client, f"{version.dataset.get_absolute_url()}daten.tif") == 200


def test_old_version_is_restored_with_its_raster(tenant: Tenant, tmp_path: Path) -> None:
    first = imported(tenant, grids.geotiff(tmp_path / "a.tif"))
    published(first.dataset)
    imported(tenant, grids.geotiff(tmp_path / "b.tif", grids.slope() + 1), dataset=first.dataset)
    admin = member(tenant, Role.MUNICIPAL_ADMIN)
    with acting_for([tenant.pk], [tenant.pk]):
        third = services.restore_version(first.dataset, number=1, actor=admin)
    assert (third.number, third.raster_id, third.grid) == (3, first.raster_id, first.grid)
    with acting_for([]):
        assert [file.name for file in PrivateFile.objects.all()] == ["a.tif"]


def test_raster_and_features_do_not_follow_each_other(tenant: Tenant, tmp_path: Path) -> None:
    raster = imported(tenant, grids.geotiff(tmp_path / "dgm.tif")).dataset
    trees = datafiles.write(tmp_path / "b.gpkg", datafiles.points())
    features = imported(tenant, trees).dataset
    for path, dataset, rule in ((trees, raster, "file.features_to_raster"), (tmp_path / "dgm.tif", features, "file.raster_to_features")):  # fmt: skip
        with pytest.raises(ImportRefused) as error:
            imported(tenant, path, dataset=dataset)
        assert error.value.findings[0]["rule"] == rule


def test_deleted_dataset_takes_its_raster_along(tenant: Tenant, tmp_path: Path) -> None:
    version = imported(tenant, grids.geotiff(tmp_path / "dgm.tif"))
    admin = member(tenant, Role.MUNICIPAL_ADMIN)
    with acting_for([tenant.pk], [tenant.pk]):
        paths = [private.path_of(file) for file in PrivateFile.objects.all()]
        services.delete_dataset(version.dataset, actor=admin)
    assert (len(paths), [path for path in paths if path.exists()]) == (2, [])


def test_page_for_staff_and_version_tell_of_the_raster(
    tenant: Tenant, tmp_path: Path, client: Client
) -> None:
    version = imported(tenant, grids.geotiff(tmp_path / "dgm.tif"))
    client.force_login(member(tenant, Role.MUNICIPAL_ADMIN))
    page = client.get(version.dataset.get_absolute_url())
    assert "100 × 100 Pixel zu 1 m" in page.content.decode()
    assert page.context["rasters_url"].endswith("/raster/")
    assert (
        "100 × 100 Pixel zu 1 m"
        in client.get(f"{version.dataset.get_absolute_url()}versionen/1/").content.decode()
    )
    assert json.loads(io.BytesIO(client.get(page.context["features_url"]).content).read())["features"] == []
