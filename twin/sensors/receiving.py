"""Values that sensors send: by the token of their station, whoever brings it."""

import secrets
from datetime import datetime, timedelta

from tenants.invitations import hashed
from tenants.models import Tenant
from tenants.scope import acting_for
from twin.sensors import storing
from twin.sensors.feeds.payloads import Uplink
from twin.sensors.feeds.reading import Value
from twin.sensors.models import SensorToken, Series
from twin.sensors.storing import Stored

PREFIX = "kzs_"  # tells people and secret scanners what it is
_RECENT = timedelta(hours=1)  # the last use is written down no oftener


def new_secret(tenant: Tenant) -> str:
    """It begins with its tenant's number: behind the wall a token is found by who knows whose it is."""
    return f"{PREFIX}{tenant.pk}_{secrets.token_urlsafe(32)}"


def sender(secret: str, *, now: datetime) -> SensorToken | None:
    """The token that this is, if it is one; looked for behind the wall of the tenant that it names."""
    number, _mark, rest = secret.removeprefix(PREFIX).partition("_")
    sound = (
        secret.startswith(PREFIX) and rest and number.isascii() and number.isdecimal() and len(number) < 10
    )
    if not sound or not Tenant.objects.filter(pk=int(number), active=True).exists():
        return None
    with acting_for([int(number)], [int(number)]):
        token = SensorToken.objects.filter(token_hash=hashed(secret)).first()
        if token is not None and (token.last_used_at is None or now - token.last_used_at > _RECENT):
            SensorToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def receive(token: SensorToken, uplinks: list[Uplink], *, now: datetime) -> tuple[Stored, list[str]]:
    """Store what the token's station measures of them. Returns what became of it, and names of fields that no series reads.

    In its own scope, since who sends is signed in nowhere.
    """
    with acting_for([token.tenant_id], [token.tenant_id]):
        return _store(token, uplinks, now=now)


def _store(token: SensorToken, uplinks: list[Uplink], *, now: datetime) -> tuple[Stored, list[str]]:
    told = Stored()
    unread = {name for uplink in uplinks for name in uplink.fields}
    for series in Series.objects.filter(station=token.station_id):
        found = [
            (uplink.at, uplink.fields[series.field]) for uplink in uplinks if series.field in uplink.fields
        ]
        unread.discard(series.field)
        values = [Value(at, series.factor * value + series.shift) for at, value in found if value is not None]
        stored = storing.store(series, values, now=now)
        told.new += stored.new
        told.corrected += stored.corrected
        told.suspect += stored.suspect
        told.refused += stored.refused + len(found) - len(values)
    return told, sorted(unread)
