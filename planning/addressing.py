"""What a person does with the register of addresses: replace it as a whole, or not at all."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.addresses import Line, Reading
from planning.models import Address
from tenants import events
from tenants.errors import Refused
from tenants.models import Tenant, User
from tenants.permissions import require

ACTION = "configure"
_CHUNK = 5000  # rows inserted at once


@dataclass(frozen=True)
class Replaced:
    imported: int
    removed: int


def keep(tenant: Tenant, chunks: Iterable[bytes], *, actor: User) -> str:
    """A file until its columns are chosen; gives its mark. What nobody comes back for goes with the nightly orphans."""
    require(actor, ACTION, tenant)
    mark = str(uuid.uuid4())
    path = _place(tenant, mark)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as sink:
        for chunk in chunks:
            sink.write(chunk)
    return mark


def kept(tenant: Tenant, mark: str) -> Path | None:
    path = _place(tenant, mark)
    return path if path.exists() else None


def drop(tenant: Tenant, mark: str) -> None:
    _place(tenant, mark).unlink(missing_ok=True)


def _place(tenant: Tenant, mark: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / str(tenant.pk) / f"{mark}.addresses"


@transaction.atomic
def replace_addresses(
    tenant: Tenant, reading: Reading, *, actor: User | None, name: str, skip: bool = False
) -> Replaced:
    """Put the file's addresses in place of all that the tenant has; public at once. actor: None on the command line.

    skip: leave faulty lines out. Raises Refused where there are some otherwise, or nothing is left."""
    if actor is not None:
        require(actor, ACTION, tenant)
    if reading.faults and not skip:
        number = len(reading.faults)
        raise Refused(ngettext("Nothing was changed: %s line has a fault.", "Nothing was changed: %s lines have faults.", number) % number)  # fmt: skip
    if not reading.lines:
        raise Refused(_("Nothing was changed: no line holds a sound address."))
    Tenant.objects.select_for_update().only("pk").get(pk=tenant.pk)  # two at once would mix
    removed, _kinds = Address.objects.filter(tenant=tenant).delete()
    Address.objects.bulk_create((_row(tenant, line) for line in reading.lines), batch_size=_CHUNK)
    done = Replaced(len(reading.lines), removed)
    before: dict[str, Any] = {"addresses": done.removed}
    after: dict[str, Any] = {"addresses": done.imported, "name": name}
    events.audit("import_addresses", tenant_id=tenant.pk, thing=tenant, actor=actor, before=before, after=after)  # fmt: skip
    return done


def _row(tenant: Tenant, line: Line) -> Address:
    street, house, place = line.keys
    return Address(
        tenant=tenant,
        street=line.street,
        number=line.number,
        suffix=line.suffix,
        postcode=line.postcode,
        place=line.place,
        point=Point(line.easting, line.northing, srid=settings.TWIN_SRID),
        street_key=street,
        house_key=house,
        place_key=place,
    )
