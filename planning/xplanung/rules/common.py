"""Chapters 2 and 3: every document, base classes, common data types, presentation objects."""

from planning.xplanung.rules.families import (
    as_often_if_repeated,
    code_excludes,
    excludes,
    geometry_is,
    needs_any,
    needs_one,
    not_blank,
    requires,
)
from planning.xplanung.rules.linked import (
    one_system,
    plan_states,
    refers_back,
    refers_to,
    stated_system,
    text_of_one,
)
from planning.xplanung.rules.rule import Rule, Unchecked, rule
from planning.xplanung.rules.special import (
    dates_without_zone,
    heights,
    heights_by_point,
    no_stated_type,
    units,
)

_PRESENTATION = "XP_AbstraktesPraesentationsobjekt"

RULES: tuple[Rule, ...] = (
    # 2 Every document
    rule("2.1.2.1", "4.0-6.1", "*", units()),
    rule("2.1.3.1", "4.0-5.0", "*", stated_system()),
    rule("2.1.3.1", "5.1-6.1", "*", one_system()),
    rule("2.1.4", "5.3-5.4", "*", dates_without_zone(), severity="warning"),
    rule("2.1.4", "6.0-6.1", "*", dates_without_zone()),
    rule("2.1.5", "6.0-6.1", "*", no_stated_type()),
    rule("2.2.4.1", "5.0-6.0", "*", Unchecked("unknowable")),
    # 3.1 Base classes
    rule("3.1.1.1", "4.0-6.1", "XP_Plan", refers_to("texte", "XP_TextAbschnitt")),
    rule("3.1.1.2", "4.0-6.1", "XP_Plan", refers_to("begruendungsTexte", "XP_BegruendungAbschnitt")),
    rule("3.1.2.1", "4.0-6.1", "XP_Bereich", refers_to("praesentationsobjekt", _PRESENTATION)),
    rule("3.1.2.2", "4.0-4.1", "XP_Bereich", refers_to("nachrichtlich", "XP_Objekt")),
    rule("3.1.2.2", "5.0-6.1", "XP_Bereich", refers_to("planinhalt", "XP_Objekt")),
    rule("3.1.2.3", "4.0-4.1", "XP_Bereich", refers_to("rasterBasis", "XP_RasterplanBasis")),
    rule("3.1.2.3", "5.0-5.4", "XP_Bereich", refers_to("rasterBasis", "XP_Rasterdarstellung")),
    rule("3.1.2.4", "5.0-6.1", "XP_Bereich", requires("detaillierteBedeutung", "bedeutung")),
    rule("3.1.3.1", "4.0-4.1", "XP_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    rule("3.1.3.2", "4.0-6.1", "XP_Objekt", refers_to("refBegruendungInhalt", "XP_BegruendungAbschnitt")),
    rule("3.1.3.3", "4.0-4.1", "XP_Bereich", refers_back("nachrichtlich", "gehoertNachrichtlichZuBereich")),
    rule("3.1.3.3", "5.0-5.4", "XP_Bereich", refers_back("planinhalt", "gehoertZuBereich")),
    rule("3.1.3.4", "4.1-5.4", _PRESENTATION, refers_back("dientZurDarstellungVon", "wirdDargestelltDurch", once=False)),
    rule("3.1.3.5", "6.0-6.1", "XP_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    # 3.2 Common classes and data types
    rule("3.2.1.1", "4.0-6.1", "XP_TextAbschnitt", needs_one("text", "refText")),
    rule("3.2.1.2", "6.0-6.1", "XP_Bereich", text_of_one()),
    rule("3.2.2.1", "4.0-6.1", "XP_BegruendungAbschnitt", needs_one("text", "refText")),
    rule("3.2.3.1", "4.0", "XP_Hoehenangabe", heights("h", "hMin", "hMin hMax", "hZwingend")),
    rule("3.2.3.1", "4.1-5.2", "XP_Hoehenangabe", heights_by_point("bezugspunkt")),
    rule("3.2.3.1", "5.3-6.1", "XP_Hoehenangabe", heights_by_point("bezugspunkt", "abweichenderBezugspunkt")),
    rule("3.2.3.2", "4.0-6.1", "XP_Hoehenangabe", plan_states("hoehenbezug", "3000", "bezugshoehe")),
    rule("3.2.3.3", "4.1-6.1", "XP_Hoehenangabe", needs_one("hoehenbezug", "abweichenderHoehenbezug")),
    rule("3.2.3.4", "5.0", "XP_Hoehenangabe", needs_one("bezugspunkt", "abweichenderBezugspunkt")),
    rule("3.2.3.4", "5.1-6.1", "XP_Hoehenangabe", excludes("bezugspunkt", "abweichenderBezugspunkt")),
    rule("3.2.3.5", "6.0-6.1", "XP_Hoehenangabe", requires("bezugspunktText", "bezugspunkt")),
    rule("3.2.4.1", "4.0-5.4", "XP_ExterneReferenz", code_excludes("art", "Dokument", "georefURL", "georefMimeType")),
    rule("3.2.4.1", "6.0-6.1", "XP_ExterneReferenz", code_excludes("art", "Dokument", "georefURL")),
    rule("3.2.4.2", "5.3-5.4", "XP_ExterneReferenz", needs_any("referenzName", "referenzURL")),
    rule("3.2.5.1", "4.0-6.1", "XP_Gemeinde", needs_any("ags", "rs")),
    rule("3.2.6.1", "5.0-6.1", "XP_VerbundenerPlan", not_blank("planName")),
    rule("3.2.6.2", "5.0-6.1", "XP_VerbundenerPlan", refers_to("verbundenerPlan", "XP_Plan")),
    rule("3.2.6.3", "5.0-6.1", "XP_VerbundenerPlan", needs_one("verbundenerPlan", "planName")),
    rule("3.2.7.1", "5.0-6.1", "XP_GenerAttribut", not_blank("name")),
    # 3.3 Presentation objects
    rule("3.3.1.1", "4.0-4.1", _PRESENTATION, requires("dientZurDarstellungVon", "art")),
    rule("3.3.1.2", "4.1-5.4", _PRESENTATION, as_often_if_repeated("art", "index")),
    rule("3.3.1.3", "4.1-5.4", "XP_Bereich", refers_back("praesentationsobjekt", "gehoertZuBereich")),
    rule("3.3.2.1", "4.0-6.1", "XP_PPO XP_PTO XP_Nutzungsschablone", geometry_is("point")),
    rule("3.3.3.1", "4.0-6.1", "XP_LPO XP_LTO", geometry_is("line")),
    rule("3.3.4.1", "4.0-6.1", "XP_FPO", geometry_is("area")),
)  # fmt: skip
