"""Records in words, for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import Exists, OuterRef, Subquery
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, strip_tags
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.catalogue import dcat
from twin.catalogue.entry import Entry
from twin.catalogue.models import DatasetVersion, Feature, Record, Theme
from twin.catalogue.quality import Gap, gaps

WORDS = 45  # of a description in lists
OF_ROW = (
    "public_id",
    "kind",
    "title",
    "description",
    "publisher",
    "licence",
    "modified",
    "extent",
    "is_public",
    "tenant__name",
)  # what a Row needs
GAPS = {
    Gap.DESCRIPTION: gettext_lazy("There is no description."),
    Gap.LICENCE: gettext_lazy("No licence is stated."),
    Gap.ACCESS: gettext_lazy("There is no address of the data."),
    Gap.CONTACT: gettext_lazy("There is no e-mail address or web page of a contact."),
    Gap.THEME: gettext_lazy("No theme is chosen."),
    Gap.KEYWORDS: gettext_lazy("There are no keywords."),
    Gap.FREQUENCY: gettext_lazy("It is not stated how often the data are updated."),
    Gap.DATE: gettext_lazy("It is not stated of when the data are."),
    Gap.EXTENT: gettext_lazy("No extent is known."),
}
MOST_CHANGES = 100  # shown of a version


@dataclass(frozen=True)
class Row:
    """A record in a list. extent: "west,south,east,north" in the twin's reference system."""

    record: Record
    text: str
    facts: list[str]
    extent: str


def row_of(record: Record) -> Row:
    modified = record.modified
    facts = [
        record.publisher or record.tenant.name,
        _("Data of %(day)s") % {"day": date_format(localtime(modified), "SHORT_DATE_FORMAT")}
        if modified
        else "",
        record.get_licence_display(),
    ]
    return Row(
        record,
        Truncator(strip_tags(record.description)).words(WORDS),
        [fact for fact in facts if fact],
        extent_of(record),
    )


def extent_of(record: Record) -> str:
    if not record.extent:
        return ""
    west, south, east, north = shapely.from_wkb(
        bytes(record.extent.wkb)
    ).bounds  # GEOS by Django takes five times as long
    return f"{west:.0f},{south:.0f},{east:.0f},{north:.0f}"


def themes_of(record: Record) -> list[tuple[str, str]]:
    """(code, label)"""
    labels = dict(Theme.choices)
    return [(code, str(labels.get(code, code))) for code in record.themes]


def facts_of(record: Record, entry: Entry) -> list[tuple[str, Any]]:
    return [
        (_("Publisher"), entry.publisher.name),
        (_("Municipality"), record.tenant.name),
        (_("Kind"), record.get_kind_display()),
        (_("Licence"), _licence(record, entry)),
        (_("Attribution"), entry.attribution),
        (_("Data of"), _day(entry.modified)),
        (_("First published"), _day(entry.issued)),
        (_("Period"), _period(entry)),
        (_("Updated"), record.get_frequency_display()),
        (_("Scale"), f"1 : {number_format(entry.resolution)}" if entry.resolution else ""),
        (_("Reference system"), ", ".join(f"EPSG:{code}" for code in entry.crs)),
        (_("Identifier"), entry.identifier),
        (_("Contact"), _contact(entry)),
    ]


def grid_in_words(grid: Mapping[str, Any]) -> str:
    """Of a version's raster: size, fineness, and the range of most values."""
    size = _("%(width)s × %(height)s pixels of %(metres)s m") % {
        "width": number_format(grid["width"], force_grouping=True),
        "height": number_format(grid["height"], force_grouping=True),
        "metres": _short(grid["resolution"]),
    }
    if grid["bands"] > 1:
        bands = _("%(count)s bands") % {"count": grid["bands"]}
        return f"{size} · {bands}"
    values = _("values mostly %(low)s to %(high)s") % {
        "low": _short(grid["low"]),
        "high": _short(grid["high"]),
    }
    return f"{size} · {values}"


def _short(number: float) -> str:
    """Three decimals at most, none where there are none."""
    rounded = round(number, 3)
    return number_format(int(rounded) if rounded.is_integer() else rounded)


def quality_of(record: Record, entry: Entry) -> list[str]:
    """Sentences on what a user should know, and on what the record lacks."""
    told = []
    version = record.dataset.current_version if record.dataset else None
    if version is not None and version.raster_id:
        told.append(grid_in_words(version.grid))
    elif version is not None:
        told.append(
            _("Version %(number)s with %(count)s features, delivered on %(day)s")
            % {
                "number": version.number,
                "count": number_format(version.feature_count),
                "day": _day(version.created_at),
            }
        )
    return [*told, *(str(GAPS[gap]) for gap in gaps(entry))]


def _licence(record: Record, entry: Entry) -> str:
    url = entry.licence_url or dcat.licence_uri(entry.licence, "")
    label = record.get_licence_display() or url
    if not url:
        return str(label)
    return format_html('<a class="kern-link" rel="license external" href="{}">{}</a>', url, label)


def _contact(entry: Entry) -> str:
    contact = entry.contact
    if contact.email:
        return format_html(
            '<a class="kern-link" href="mailto:{}">{}</a>', contact.email, contact.name or contact.email
        )
    if contact.url:
        return format_html(
            '<a class="kern-link" rel="external" href="{}">{}</a>', contact.url, contact.name or contact.url
        )
    return contact.name


def _day(moment: Any) -> str:
    if moment is None:
        return ""
    return str(date_format(localtime(moment) if hasattr(moment, "tzinfo") else moment, "DATE_FORMAT"))


def _period(entry: Entry) -> str:
    if entry.start and entry.end:
        return _("%(first)s to %(last)s") % {"first": _day(entry.start), "last": _day(entry.end)}
    if entry.start:
        return _("since %(first)s") % {"first": _day(entry.start)}
    return _("until %(last)s") % {"last": _day(entry.end)} if entry.end else ""


@dataclass(frozen=True)
class Change:
    """What a version made of a feature. attributes: (label, value before, value now) of those that differ, one of them empty."""

    key: str
    kind: str
    attributes: list[tuple[str, str, str]]


def changes_of(version: DatasetVersion) -> list[Change]:
    """The first ones: changed, added, gone."""
    rows = Feature.objects.filter(dataset=version.dataset_id)
    now = rows.filter(since=version.number)
    before = rows.filter(until=version.number)
    labels = {field["name"]: field["label"] for field in version.fields}
    columns = ("key", "properties")
    changed = {}
    if version.changed:
        old = before.filter(key=OuterRef("key")).values("properties")[:1]
        pairs = now.filter(Exists(before.filter(key=OuterRef("key")))).annotate(old=Subquery(old))
        changed = {
            key: (was, new)
            for key, was, new in pairs.order_by("pk").values_list("key", "old", "properties")[:MOST_CHANGES]
        }
    found = [Change(key, _("changed"), _differing(was, new, labels)) for key, (was, new) in changed.items()]
    for others, across, kind in ((now, before, _("added")), (before, now, _("gone"))):
        rest = others.exclude(Exists(across.filter(key=OuterRef("key")))).order_by("pk")
        lone = rest.values_list(*columns)[: MOST_CHANGES - len(found)]
        found += [Change(key, kind, _differing({}, values, labels)) for key, values in lone]
    return found


def _differing(
    was: Mapping[str, Any], new: Mapping[str, Any], labels: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    said = [
        (
            label,
            "" if was.get(name) is None else str(was[name]),
            "–" if new.get(name) is None else str(new[name]),
        )
        for name, label in labels.items()
        if was.get(name) != new.get(name)
    ]
    return said or [(_("Geometry"), "", _("moved or reshaped"))]
