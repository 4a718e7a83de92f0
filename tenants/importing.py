"""Boundaries of a file -> tenants: matched by AGS or name, else created; all or nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils.text import slugify

from tenants import boundaries, events
from tenants.boundaries import Boundary
from tenants.models import Tenant, TenantKind
from tenants.scope import acting_for

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass
class Report:
    """What an import did or, as a dry run, would do. Areas in square kilometres."""

    file: str
    columns: dict[str, str] = field(default_factory=dict)
    crs: str = ""
    matched: list[dict[str, Any]] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)  # municipalities that the file does not know
    left_out: list[str] = field(default_factory=list)  # rows of the file
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"ok": True, **asdict(self)}


def import_boundaries(
    path: Path, *, columns: Mapping[str, str], county: str = "", crs: str = "", dry_run: bool = False
) -> Report:
    """Take the boundaries of all municipalities in the file whose AGS starts with `county`.

    Raises BoundariesUnreadable before anything is written; a failure later takes everything back.
    """
    reading = boundaries.read(path, srid=settings.TWIN_SRID, columns=columns, county=county, crs=crs)
    report = Report(
        file=path.name,
        columns=dict(reading.columns),
        crs=reading.crs,
        left_out=list(reading.left_out),
        dry_run=dry_run,
    )
    with transaction.atomic():
        _write(reading.boundaries, report, county=county)
        transaction.set_rollback(dry_run)
    return report


def _write(found: tuple[Boundary, ...], report: Report, *, county: str) -> None:
    rows = Tenant.objects.filter(kind=TenantKind.MUNICIPALITY).select_for_update()
    towns = [town for town in rows if not town.ags or town.ags.startswith(county)]
    by_ags = {town.ags: town for town in towns if town.ags}
    by_name = {town.name: town for town in towns if not town.ags}
    seen = set()
    for boundary in found:
        town = by_ags.get(boundary.ags) or by_name.get(boundary.name)
        if town is None:
            town = _create(boundary)
            report.created.append(_told(town, boundary, before=None))
        else:
            report.matched.append(_told(town, boundary, before=town.boundary))
        seen.add(town.pk)
        _keep(town, boundary)
    report.unmatched = sorted(town.name for town in towns if town.pk not in seen)


def _create(boundary: Boundary) -> Tenant:
    slug = slugify(boundary.name.translate(UMLAUTS))[:40] or boundary.ags
    if Tenant.objects.filter(slug=slug).exists():  # Hirschstein there, Hirschstein here
        slug = f"{slug}-{boundary.ags}"
    return Tenant.objects.create_with_group(
        kind=TenantKind.MUNICIPALITY, name=boundary.name, slug=slug, ags=boundary.ags
    )


def _keep(town: Tenant, boundary: Boundary) -> None:
    fields = ("ags", "ars", "population", "boundary")
    before = {**events.state_of(town, *fields[:3]), "area_km2": _km2(town.boundary)}
    town.ags = boundary.ags
    town.ars = boundary.ars or town.ars
    town.population = boundary.population or town.population
    shape = GEOSGeometry(memoryview(boundary.area.wkb), srid=settings.TWIN_SRID)
    town.boundary = shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape)
    town.full_clean(exclude=("group",))
    town.save(update_fields=fields)
    after = {**events.state_of(town, *fields[:3]), "area_km2": _km2(town.boundary)}
    with acting_for([town.pk], [town.pk]):
        events.audit("import_boundary", tenant_id=town.pk, thing=town, actor=None, before=before, after=after)


def _km2(shape: MultiPolygon | None) -> float | None:
    return round(shape.area / 1e6, 3) if shape is not None else None


def _told(town: Tenant, boundary: Boundary, *, before: MultiPolygon | None) -> dict[str, Any]:
    new, old = boundary.area.area / 1e6, _km2(before)
    return {
        "ags": boundary.ags,
        "name": town.name,
        "name_in_file": boundary.name,
        "area_km2": round(new, 3),
        "area_before_km2": old,
        "area_change_percent": round((new / old - 1) * 100, 2) if old else None,
        "notes": list(boundary.notes),
    }
