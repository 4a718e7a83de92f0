"""What a catalogue entry lacks. Source: mandatory and recommended properties of DCAT-AP.de 3.0 (dcat-ap.de/def/dcatde/3.0/spec)."""

from enum import StrEnum

from twin.catalogue.entry import Entry


class Gap(StrEnum):
    DESCRIPTION = "description"
    LICENCE = "licence"
    ACCESS = "access"
    CONTACT = "contact"
    THEME = "theme"
    KEYWORDS = "keywords"
    FREQUENCY = "frequency"
    DATE = "date"
    EXTENT = "extent"


MANDATORY = (
    Gap.DESCRIPTION,
    Gap.LICENCE,
)  # title and publisher are never empty, and an access address is not asked for


def gaps(entry: Entry) -> list[Gap]:
    """Without what may be empty by right: a service has no frequency and no date of its data."""
    is_data = entry.kind != "service"
    lacking = [
        (Gap.DESCRIPTION, not entry.description.strip()),
        (Gap.LICENCE, bool(entry.offers) and not (entry.licence or entry.licence_url)),
        (Gap.ACCESS, not entry.offers and entry.service is None),
        (Gap.CONTACT, not (entry.contact.email or entry.contact.url)),
        (Gap.THEME, not entry.themes),
        (Gap.KEYWORDS, not entry.keywords),
        (Gap.FREQUENCY, is_data and not entry.frequency),
        (Gap.DATE, is_data and entry.modified is None),
        (Gap.EXTENT, entry.box is None),
    ]
    return [gap for gap, is_missing in lacking if is_missing]


def violations(entry: Entry) -> list[Gap]:
    """Gaps for which the entry breaks the profile, whoever writes it down."""
    return [gap for gap in gaps(entry) if gap in MANDATORY]
