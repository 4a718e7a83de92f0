"""Documents of a version as rows: kept, carried over from the version before, and what they tell of the environment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from planning.models import PlanDocument, PlanVersion, Schutzgut
from planning.rasters.georeference import is_world_file
from tenants.models import PrivateFile, User

_TITLE, _KIND, _GEOREFERENCE = 500, 20, 500  # lengths of the columns
_CARRIED = ("goods", "is_internal")  # what a person said of a file holds for it in the next version too
_CARRIED_WHERE_SILENT = ("kind", "dated_on")
_COMPANIONS = (".aux.xml", ".prj", ".ovr")


@dataclass(frozen=True)
class Entry:
    """A document as a plan file, or a person, states it."""

    title: str
    kind: str = ""
    href: str = ""
    dated_on: date | None = None
    georeference: str = ""
    is_picture: bool = False
    file: PrivateFile | None = None
    goods: tuple[str, ...] = ()
    is_internal: bool = False
    is_added: bool = False


def keep(version: PlanVersion, entry: Entry, *, actor: User | None) -> PlanDocument:
    """The row of a document, the last of its version. A file that an earlier version had keeps what was said of it there."""
    file, before = entry.file, _before(version, entry.file)
    name = file.name if file else ""
    row = PlanDocument(
        tenant_id=version.tenant_id,
        plan_id=version.plan_id,
        version=version,
        title=entry.title[:_TITLE],
        kind=entry.kind[:_KIND],
        href=entry.href,
        dated_on=entry.dated_on,
        georeference=entry.georeference[:_GEOREFERENCE],
        is_picture=entry.is_picture,
        is_companion=is_world_file(name) or name.lower().endswith(_COMPANIONS),
        file=file,
        sha256=file.sha256 if file else "",
        goods=list(entry.goods),
        is_internal=entry.is_internal,
        is_added=entry.is_added,
        order=version.documents.count(),
        created_by=actor,
    )
    if before is not None and not entry.is_added:
        _carry(before, row)
    row.save()
    return row


def _before(version: PlanVersion, file: PrivateFile | None) -> PlanDocument | None:
    if file is None:
        return None
    known = PlanDocument.objects.filter(Q(sha256=file.sha256) | Q(file=file), plan=version.plan_id)
    same = known.filter(is_companion=False)
    found: PlanDocument | None = same.current().order_by("-version__number", "-pk").first()
    return found


def _carry(before: PlanDocument, row: PlanDocument) -> None:
    for name in _CARRIED:
        setattr(row, name, getattr(before, name))
    for name in _CARRIED_WHERE_SILENT:
        setattr(row, name, getattr(row, name) or getattr(before, name))
    if not row.href:
        row.title, row.is_added = before.title, before.is_added


def information_kinds(version: PlanVersion) -> list[tuple[str, list[PlanDocument]]]:
    """The kinds of environmental information in the documents of a version that everybody may read: (Schutzgut, documents), in
    the order of the law."""
    rows = list(version.documents.current().filter(is_internal=False, file__isnull=False).order_by("order"))
    return [
        (str(good.label), found)
        for good in Schutzgut
        if good != Schutzgut.NONE and (found := [row for row in rows if good.value in row.goods])
    ]


def left_behind(version: PlanVersion) -> list[PlanDocument]:
    """Documents that a person had added to the version before and that this one lacks."""
    before = PlanVersion.objects.filter(plan=version.plan_id, number__lt=version.number).order_by("-number").first()  # fmt: skip
    if before is None:
        return []
    here: Iterable[str] = version.documents.exclude(sha256="").values_list("sha256", flat=True)
    rows = before.documents.current().filter(is_added=True, file__isnull=False).exclude(sha256__in=here)
    return list(rows.order_by("order"))
