"""What is said of areas that meet, in words; the paragraphs stand in rules.py."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twin.usecases.plan_check.rules import Law, Rule, Verdict

VERDICTS: Mapping[Verdict, Promise] = {
    Verdict.BARS: _("stands against it"),
    Verdict.WEIGH: _("is to be weighed"),
    Verdict.INFORM: _("hint"),
}
KINDS = {Verdict.BARS: "danger", Verdict.WEIGH: "warning", Verdict.INFORM: "info"}
COLOURS = {Verdict.BARS: "#b2182b", Verdict.WEIGH: "#e08214", Verdict.INFORM: "#2166ac"}
BINDING = _("Only what the untere Wasserbehörde answers is binding.")
WORDS: Mapping[str, Promise] = {
    "floodplain_building": _(
        "New Baugebiete in the Außenbereich must not be designated here, but for ports and shipyards and for better flood protection alone; the authority may allow an exception where all nine conditions are met. Whether this Baugebiet is new and in the Außenbereich is to be checked; where it is not, the weighing of § 78 Abs. 3 applies."
    ),
    "provisional_building": _(
        "The same as in a festgesetztes Überschwemmungsgebiet: new Baugebiete in the Außenbereich must not be designated, exceptions under the nine conditions. Whether this Baugebiet is new and in the Außenbereich is to be checked."
    ),
    "floodplain_outline": _(
        "The plan holds no areas as objects, so what it designates here is to be read from its drawing. New Baugebiete in the Außenbereich must not be designated; otherwise the weighing of § 78 Abs. 3 applies."
    ),
    "floodplain_built": _(
        "To be weighed in particular: no harm to those above and below on the river, no harm to existing flood protection, and buildings that fit floods."
    ),
    "floodplain_whole": _("To be taken over into the plan as information (nachrichtlich)."),
    "floodplain_limit": _(
        "Up to these lines buildings may be put up or extended with the permission of the authority alone, for each single one, under the conditions of Abs. 5."
    ),
    "floodplain_open": _(
        "Walls, deposits, changes of the ground, trees that hinder the runoff, and turning grassland into arable land are restricted."
    ),
    "risk_built": _(
        "Life, health and the avoidance of considerable damage are to be taken into account in the weighing; buildings are to fit the risk."
    ),
    "risk_any": _("Buildings are to fit the flood risk; to be marked in the plan (§ 9 Abs. 6a, § 5 Abs. 4a BauGB)."),
    "origin_building": _(
        "For a new Baugebiet in the Außenbereich the weighing is to take into account in particular that the ground's power to soak up and hold back water is not harmed, and that harm is made up for, by woods or room for water. Whether this one is new and in the Außenbereich is to be checked."
    ),
    "origin_made": _(
        "Needs a permission of its own: structures in the Außenbereich from 1,500 m² of sealing on (§ 76 Abs. 3 SächsWG: from 1,000 m²), new roads always. It is given where the ground's power to soak up and hold back water is not harmed, or the harm is made up for."
    ),
    "origin_any": _("The ground's power to soak up and hold back water is to be kept or improved."),
    "threatened_built": _(
        "Flooded by rarer floods than once in a hundred years, or where flood protection fails: provision by planning and building is to be weighed."
    ),
    "threatened_any": _("Flooded by rarer floods than once in a hundred years, or where flood protection fails."),
    "reserve_made": _(
        "The protective ordinance goes before the plan. Without an exemption (§ 67 BNatSchG) or a changed boundary the plan can't be carried out."
    ),
    "landscape_made": _(
        "What the ordinance of the Landschaftsschutzgebiet forbids can't be carried out without an exemption (§ 67 BNatSchG) or a changed boundary."
    ),
    "natura_made": _(
        "Whether the plan is compatible with the aims of the Natura-2000-Gebiet is to be examined; considerable harm bars it but for the exceptions of § 34 Abs. 3."
    ),
    "biotope_made": _(
        "What destroys or considerably harms the Biotop is forbidden; an exception or exemption is decided before the plan (§ 30 Abs. 3 and 4 BNatSchG)."
    ),
    "protected_made": _("What the protective ordinance says is to be observed and weighed."),
    "protected_any": _("What the protective ordinance says is to be observed; to be taken over into the plan as information (nachrichtlich)."),
    "infrastructure_any": _("Who runs the facility or network is to be heard as a body (Träger öffentlicher Belange)."),
    "depth_built": _(
        "Simulated, no official map: provision against floods and heavy rain is to be weighed; measures can be determined by § 9 Abs. 1 Nr. 16 BauGB."
    ),
    "depth_any": _("Simulated, no official map: here water gathers after heavy rain."),
    "neighbour_any": _("Bauleitpläne of neighbouring municipalities are to be coordinated."),
}  # fmt: skip
CONDITIONS: tuple[Promise, ...] = (
    _("The town can develop nowhere else, nor make it possible."),
    _("The new area directly adjoins an existing Baugebiet."),
    _("Neither danger to life or health nor considerable damage to property is to be expected."),
    _("The runoff of the flood and its water level are not made worse."),
    _(
        "The retention of floods is not impaired; lost room for them is made up for in extent, function and time."
    ),
    _("Existing flood protection is not impaired."),
    _("Nobody upstream or downstream suffers a disadvantage."),
    _("The concerns of flood precaution are observed."),
    _("Buildings are built so that the flood that the area is determined by damages none of them."),
)


def cited(rule: Rule, *, on: date) -> str:
    """ "§ 78 Abs. 1 Satz 1 WHG (Fassung seit 05.01.2018)"."""
    return f"{rule.paragraph} {rule.law.name} ({edition(rule.law, on=on)})"


def edition(law: Law, *, on: date) -> str:
    """Which version of the law was looked at, and that there is another one by this day."""
    if law.since:
        return gettext("as worded since %s") % day(law.since)
    found = gettext("of %s") % day(law.made)
    if law.stands:
        found = gettext("%(law)s, as it stood on %(day)s") % {"law": found, "day": day(law.stands)}
    if law.renewed and law.renewed <= on:
        return gettext("%(law)s; since %(day)s another version, to be checked") % {"law": found, "day": day(law.renewed)}  # fmt: skip
    return found


def announced(law: Law, *, on: date) -> str:
    """That another version comes, where one is announced; else nothing."""
    if law.renewed is None or law.renewed <= on:
        return ""
    words = gettext("The %(law)s gets another version on %(day)s. Whether it says the same is to be checked before the plan is decided on.")  # fmt: skip
    return words % {"law": law.name, "day": day(law.renewed)}


def day(of: date) -> str:
    return date_format(of, "SHORT_DATE_FORMAT")
