"""A delivered file -> a version of a dataset: read in a process of its own, stored meanwhile and merged in one transaction.

So a worker that dies leaves nothing half written, and the next one begins anew; a version that was committed is known by its file.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from planning.auskunft import addressbook
from tenants import events, files
from tenants.importing import UMLAUTS
from tenants.models import PrivateFile, Tenant, User
from tenants.workspace import workspace
from twin.catalogue import describing, storing
from twin.catalogue.errors import ImportRefused
from twin.catalogue.formats import process
from twin.catalogue.formats.notes import Note
from twin.catalogue.formats.reading import RASTER, REGISTER, Wishes
from twin.catalogue.formats.refusal import FileRefused
from twin.catalogue.models import (
    DataFormat,
    Dataset,
    DatasetKind,
    DatasetVersion,
    VersionState,
)
from twin.catalogue.storing import Difference

GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
PUBLISHED = "dataset_published"  # the productive event of the county's indicators
_READ = 0.9  # share of the time that reading takes, with storing beside it


def _silent(share: float) -> None:
    return None


@dataclass(frozen=True)
class Order:
    """What is to be imported. dataset: which the file is a new version of, else one is made with the title; stored: the file,
    where it is kept already; data_format: the declared one that its rows are held against; job: what a second attempt has in
    common with the first."""

    tenant: Tenant
    actor: User | None
    name: str
    title: str = ""
    dataset: Dataset | None = None
    data_format: DataFormat | None = None
    wishes: Wishes = field(default_factory=Wishes)
    stored: PrivateFile | None = None
    job: str = ""
    progress: Callable[[float], None] = _silent


def import_file(source: Path, *, order: Order) -> DatasetVersion:
    """Raises ImportRefused, QuotaExceeded; then nothing is kept."""
    done = _done_before(order)
    if done is not None:
        return done
    order.progress(0.0)
    with workspace() as folder, files.kept_only_on_success(), transaction.atomic():
        file = order.stored or _kept(source, order)
        with storing.arriving():
            delivery = _Delivery(order, folder)
            facts = _read(source, delivery)
            merged = delivery.merged(facts)
        raster = _raster(folder / RASTER, order) if "grid" in facts else None
        return _version(order, facts, merged=merged, kept=(file, raster))


class _Merged(NamedTuple):
    """dataset: its locked row; number: of its new version; difference: what that changed."""

    dataset: Dataset
    number: int
    difference: Difference


class _Delivery:
    """Rows on their way: what the reading process has ready goes into the database while it reads on."""

    def __init__(self, order: Order, folder: Path) -> None:
        self.order = order
        self.parts = folder / "parts"
        self.parts.mkdir()
        self._new = None if order.dataset else _begun(order)
        self._added = 0

    def store(self, share: float) -> None:
        """Take the parts that are there. share: read so far."""
        for part in sorted(self.parts.glob("[0-9]*[0-9]")):
            storing.copy(part.read_bytes())
            part.unlink()
            if self._new is not None:
                self._added += storing.add(self._new, version=1)
        self.order.progress(share * _READ)

    def merged(self, facts: Mapping[str, Any]) -> _Merged:
        self.store(1.0)
        order, dataset = self.order, self._new
        kind = _kind_of(facts)
        if dataset is not None:
            dataset.slug = free_slug(order.title, order.tenant)
            number, difference = 1, Difference(self._added, 0, 0)
        else:
            assert order.dataset is not None  # noqa: S101 - else one was begun
            dataset = Dataset.objects.select_for_update(of=("self",)).get(pk=order.dataset.pk)
            _refuse_other(dataset, kind)
            number = next_number(dataset)
            difference = storing.merge(dataset, version=number)
        dataset.kind = kind
        dataset.key_field, dataset.time_field = facts["key"], facts["time"]
        dataset.data_format = order.data_format.public_id if order.data_format else None
        dataset.save()
        return _Merged(dataset, number, difference)


def _kind_of(facts: Mapping[str, Any]) -> DatasetKind:
    if "grid" in facts:
        return DatasetKind.RASTER
    return DatasetKind.VECTOR if facts["geometry_type"] else DatasetKind.TABLE


def _refuse_other(dataset: Dataset, kind: DatasetKind) -> None:
    """Raises ImportRefused where a raster would follow features, or they a raster."""
    if (dataset.kind == DatasetKind.RASTER) != (kind == DatasetKind.RASTER):
        rule = "file.raster_to_features" if kind == DatasetKind.RASTER else "file.features_to_raster"
        raise ImportRefused([finding_of(FileRefused(rule))])


def _begun(order: Order) -> Dataset:
    """Its short name is given at the end: until then nobody else need wait for this transaction to learn whether it is free."""
    unique = uuid.uuid4()
    found: Dataset = Dataset.objects.create(
        tenant=order.tenant, title=order.title, slug=unique.hex, public_id=unique
    )
    return found


def _read(source: Path, delivery: _Delivery) -> dict[str, Any]:
    order = delivery.order
    if order.wishes.address and not addressbook.write(delivery.parts.parent / REGISTER, tenant=order.tenant):
        raise ImportRefused([finding_of(FileRefused("file.no_addresses"))])
    arguments = {
        "source": str(source),
        "parts": str(delivery.parts),
        "wishes": {**asdict(order.wishes), "schema": _schema(order.data_format)},
        "srid": settings.TWIN_SRID,
        "extent": settings.MAP_EXTENT,
    }
    try:
        facts = process.run("read", arguments, tell=delivery.store)
    except FileRefused as error:
        raise ImportRefused([finding_of(error)]) from None
    if facts["rows"] and not facts["kept"]:
        raise ImportRefused([finding_of(FileRefused("file.nothing_kept")), *facts["findings"]])
    return facts


def finding_of(error: FileRefused) -> dict[str, Any]:
    return Note(error.rule, "fatal", params=dict(error.params), count=1).as_json()


def _schema(data_format: DataFormat | None) -> dict[str, Any]:
    if data_format is None:
        return {}
    return {"geometry_type": data_format.geometry_type, "fields": data_format.fields}


def _done_before(order: Order) -> DatasetVersion | None:
    """The version that an attempt before committed, whose worker died before it could say so."""
    if not order.job or order.stored is None:
        return None
    found: DatasetVersion | None = (
        DatasetVersion.objects.filter(file=order.stored, report__job=order.job).order_by("number").first()
    )
    return found


def _kept(source: Path, order: Order) -> PrivateFile:
    with source.open("rb") as stream:
        return files.store(
            stream,
            tenant=order.tenant,
            name=order.name,
            content_type="application/octet-stream",
            by=order.actor,
        )


def _raster(path: Path, order: Order) -> PrivateFile:
    with path.open("rb") as stream:
        name = f"{PurePosixPath(order.name).stem}.tif"
        return files.store(stream, tenant=order.tenant, name=name, content_type=GEOTIFF, by=order.actor)


def _version(
    order: Order, facts: Mapping[str, Any], *, merged: _Merged, kept: tuple[PrivateFile, PrivateFile | None]
) -> DatasetVersion:
    """kept: as delivered, and the raster made of it."""
    dataset, number, difference = merged
    file, raster = kept
    start, end = _times(facts["times"])
    version = DatasetVersion.objects.create(
        tenant=order.tenant,
        dataset=dataset,
        number=number,
        state=VersionState.READY,
        file=file,
        raster=raster,
        grid=facts.get("grid", {}),
        sha256=file.sha256,
        layer=facts["layer"],
        source_crs=facts["source_crs"],
        fields=facts["fields"],
        geometry_type=facts["geometry_type"],
        feature_count=facts["kept"],
        extent=Polygon.from_bbox(facts["extent"]) if facts["extent"] else None,
        time_start=start,
        time_end=end,
        report={name: facts[name] for name in ("rows", "kept", "findings")}
        | {"wishes": asdict(order.wishes), "job": order.job},
        created_by=order.actor,
        **asdict(difference),
    )
    make_current(dataset, version)
    after = {"version": number, "features": version.feature_count}
    events.audit("import_dataset", tenant_id=order.tenant.pk, thing=dataset, actor=order.actor, after=after)
    if dataset.is_public:
        events.used(PUBLISHED, tenant=order.tenant, actor=order.actor)
    return version


def free_slug(title: str, tenant: Tenant) -> str:
    """A short name that no other dataset of the tenant has."""
    wanted = slugify(title.translate(UMLAUTS))[:90] or "daten"
    taken = set(Dataset.objects.filter(tenant=tenant, slug__startswith=wanted).values_list("slug", flat=True))
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def next_number(dataset: Dataset) -> int:
    last = dataset.datasetversions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def make_current(dataset: Dataset, version: DatasetVersion) -> None:
    """Others than the tenant's own see this version and no other."""
    rasters = PrivateFile.objects.filter(pk__in=dataset.datasetversions.exclude(raster=None).values("raster"))
    rasters.update(is_public=False)
    if version.raster_id is not None:
        PrivateFile.objects.filter(pk=version.raster_id).update(is_public=dataset.is_public)
    dataset.datasetversions.exclude(pk=version.pk).update(is_public=False)
    DatasetVersion.objects.filter(pk=version.pk).update(is_public=dataset.is_public)
    dataset.current_version = version
    dataset.save(update_fields=["current_version", "changed_at"])
    describing.derive(dataset)


def _times(found: list[str]) -> tuple[datetime | None, datetime | None]:
    """Of the first and last value of the attribute with the time; texts that are none say nothing."""
    try:
        moments = [datetime.fromisoformat(text) for text in found]
    except ValueError:
        return None, None
    if not moments:
        return None, None
    aware = [each if each.tzinfo else timezone.make_aware(datetime.combine(each.date(), each.time() or time.min)) for each in moments]  # fmt: skip
    return aware[0], aware[-1]
