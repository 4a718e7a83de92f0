"""Chapter 7: Raumordnungsplan."""

from planning.xplanung.rules.families import closure, geometry_not_mixed
from planning.xplanung.rules.linked import belongs_to, refers_to
from planning.xplanung.rules.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule("7.1.1.1", "5.0-6.1", "RP_Plan", refers_to("bereich", "RP_Bereich")),
    rule("7.1.2.2", "5.0-6.1", "RP_Bereich", belongs_to("RP_Plan")),
    rule("7.1.4.1", "5.0-5.2", "RP_Objekt", refers_to("refTextInhalt", "RP_TextAbschnitt")),
    rule("7.1.4.1", "5.3-5.4", "RP_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    rule("7.1.5.1", "5.0-6.1", "RP_Geometrieobjekt", closure(False, level="other", area=True)),
    rule("7.1.5.2", "5.0-5.2", "RP_Geometrieobjekt", geometry_not_mixed()),
)
