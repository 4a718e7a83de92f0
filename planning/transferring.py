"""Handing a public plan over to the state's planning portal: the package, and where the portal shows the plan afterwards."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from planning import exporting, metadata, presenting
from planning.models import Plan, PlanDocument, PlanVersion, StepDocument
from tenants import events, files
from tenants.models import PrivateFile, User
from tenants.permissions import require
from tenants.scope import acting_for

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Enclosed:
    """A public document with its file and its name in the package."""

    title: str
    name: str
    file: PrivateFile


@transaction.atomic
def set_portal_url(plan: Plan, *, actor: User, url: str) -> None:
    """Keep where the state's portal shows the plan; empty where it no longer does."""
    require(actor, "change_plan", plan)
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        before = events.state_of(row, "portal_url")
        row.portal_url = url
        row.save(update_fields=["portal_url", "changed_at"])
        after = events.state_of(row, "portal_url")
        events.audit(
            "set_portal_url", tenant_id=plan.tenant_id, thing=row, actor=actor, before=before, after=after
        )


def write_package(plan: Plan, version: PlanVersion, target: IO[bytes], *, on: date) -> None:
    """The published version with its public documents, its record, and a list of all of it."""
    graph = metadata.record(plan, on=on)
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, listed, exporting.file_name_of(version), exporting.gml(version))
        for name, form in (("dcat-ap-plu.rdf", "pretty-xml"), ("dcat-ap-plu.jsonld", "json-ld")):
            _add(archive, listed, f"metadaten/{name}", iter([graph.serialize(format=form, encoding="utf-8")]))
        for each in enclosed(plan, version):
            _add(archive, listed, each.name, _bytes(each.file), title=each.title)
        archive.writestr(
            "inhalt.json", json.dumps({**_facts(plan), "files": listed}, ensure_ascii=False, indent=1)
        )


def enclosed(plan: Plan, version: PlanVersion) -> list[Enclosed]:
    """Public documents of the version and public papers of the procedure, each under a name of its own."""
    rows: list[tuple[str, Any]] = [
        (row.title, row.file_id)
        for row in PlanDocument.objects.filter(version=version, is_public=True, file__isnull=False).order_by(
            "order"
        )
    ]
    rows += (
        StepDocument.objects.filter(plan=plan, is_public=True)
        .order_by("created_at", "pk")
        .values_list("title", "file_id")
    )
    with acting_for([plan.tenant_id]):
        found = {row.pk: row for row in PrivateFile.objects.filter(pk__in=[pk for _, pk in rows])}
    names: dict[str, int] = {}
    return [
        Enclosed(title, _name(found[pk], names), found[pk])
        for title, pk in dict.fromkeys(rows)
        if pk in found
    ]


def _name(file: PrivateFile, taken: dict[str, int]) -> str:
    """Of two files of one name the second gets a number."""
    path = PurePosixPath(file.name)
    number = taken[path.name.casefold()] = taken.get(path.name.casefold(), 0) + 1
    return f"dokumente/{path.name}" if number == 1 else f"dokumente/{path.stem}-{number}{path.suffix}"


def _bytes(file: PrivateFile) -> Iterator[bytes]:
    with files.path_of(file).open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _add(
    archive: zipfile.ZipFile,
    listed: list[dict[str, Any]],
    name: str,
    content: Iterator[bytes],
    *,
    title: str = "",
) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as sink:
        for chunk in content:
            digest.update(chunk)
            size += len(chunk)
            sink.write(chunk)
    listed.append({"name": name, "title": title, "bytes": size, "sha256": digest.hexdigest()})


def _facts(plan: Plan) -> dict[str, Any]:
    return {
        "id": str(plan.public_id),
        "number": plan.number,
        "name": plan.name,
        "type": plan.plan_type,
        "ags": plan.ags,
        "owner": plan.tenant.name,
        "legal_status": presenting.status_of(plan),
        "url": settings.BASE_URL + plan.get_absolute_url(),
        "portal_url": plan.portal_url or None,
    }
