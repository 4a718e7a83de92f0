"""Datasets that are fetched from an address on a schedule: what changed there becomes a version, and nothing else does."""

import hashlib
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from tenants import fetching
from tenants.errors import FetchFailed, QuotaExceeded
from tenants.workspace import as_file
from twin.catalogue import importing, reporting
from twin.catalogue.errors import ImportRefused
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order
from twin.catalogue.models import DataFormat, Dataset
from twin.catalogue.scheduling import due

SECONDS = 300  # for the whole answer
MOST = 256 << 20  # bytes, which are held in memory
_REDIRECTS = 3


def due_for_refresh(at: datetime) -> QuerySet[Dataset]:
    rows = Dataset.objects.exclude(refresh_url="").filter(refresh_hours__gt=0)
    return due(rows, at=at, last="refreshed_at", every="refresh_hours", unit=timedelta(hours=1))


def refresh(dataset: Dataset) -> None:
    """Fetch and import; why that failed stands with the dataset, which stays as it was."""
    with translation.override("de"):
        error = _refreshed(dataset)
    Dataset.objects.filter(pk=dataset.pk).update(refresh_error=error)


def _refreshed(dataset: Dataset) -> str:
    """What went wrong, or nothing."""
    try:
        answer = fetching.ask(
            dataset.refresh_url, seconds=SECONDS, most=MOST, redirects=_REDIRECTS, accept="*/*"
        )
        if answer.status != 200:
            return _("The address answers with status %(status)s.") % {"status": answer.status}
        _take(dataset, answer.body)
    except FetchFailed as error:
        return _("The address could not be fetched (%(reason)s).") % {"reason": error}
    except ImportRefused as error:
        return str(reporting.worded(error.findings[:1])[0]["message"])
    except QuotaExceeded as error:
        return _("The storage space of %s would not suffice.") % error
    return ""


def _take(dataset: Dataset, body: bytes) -> None:
    version = dataset.current_version
    if version is not None and version.sha256 == hashlib.sha256(body).hexdigest():
        return
    before: dict[str, Any] = version.report.get("wishes", {}) if version else {}
    order = Order(
        dataset.tenant,
        None,
        name_of(dataset.refresh_url),
        dataset=dataset,
        data_format=DataFormat.objects.filter(public_id=dataset.data_format).first()
        if dataset.data_format
        else None,
        wishes=Wishes(**before),
    )
    with as_file([body]) as path:
        importing.import_file(path, order=order)


def name_of(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name or "download"
