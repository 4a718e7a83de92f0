"""Examples of chapters 2 and 3."""

from typing import Any

from tests.planning.xplanung.rules.building import (
    AREA,
    ELSEWHERE,
    LINE,
    POINT,
    UNPLACED,
    Measure,
    Obj,
    data,
    obj,
    ref,
    text,
)
from tests.planning.xplanung.rules.example import Example, example

WALL = "BP_BaugebietsTeilFlaeche"
REASON = obj("XP_BegruendungAbschnitt", "R", text="Wortlaut")
FILE = {"referenzName": "Plan", "referenzURL": "plan.pdf"}


SCAN = data("XP_ExterneReferenz", referenzName="Karte", referenzURL="karte.tif")


def height(**values: str) -> Obj:
    return obj(WALL, hoehenangabe=data("XP_Hoehenangabe", **values))


def mark(**values: str) -> Obj:
    return obj("BP_HoehenMass", hoehenangabe=data("XP_Hoehenangabe", hoehenbezug="1000", **values))


def reference(**values: str) -> Obj:
    """In a place that all versions have: the text of a reason."""
    return obj("XP_BegruendungAbschnitt", "R", refText=data("XP_ExterneReferenz", **values))


def attribute(name: str) -> Obj:
    return obj(WALL, hatGenerAttribut=data("XP_StringAttribut", name=name, wert="x"))


def changed(**values: Any) -> tuple[Obj, ...]:
    """A plan that names another one."""
    before = obj("BP_Plan", "OLD", bereich=None)
    plan = obj("BP_Plan", "PLAN", aendert=data("XP_VerbundenerPlan", **values), bereich=ref("B"))
    return plan, obj("BP_Bereich", "B", gehoertZuPlan=ref("PLAN")), before


def changed_60(**values: Any) -> tuple[Obj, ...]:
    plan, *others = changed(**values)
    values_of = {("aendertPlan" if name == "aendert" else name): value for name, value in plan.values.items()}
    return obj("BP_Plan", "PLAN", **values_of), *others


def bereich(**values: Any) -> Obj:
    return obj("BP_Bereich", "B", **values)


def shown(*, back: object = None, **values: Any) -> tuple[Obj, ...]:
    """A presentation object that draws an area."""
    drawn = obj(WALL, wirdDargestelltDurch=back)
    return drawn, obj("XP_PPO", "P", dientZurDarstellungVon=ref("O"), **values)


EXAMPLES: tuple[Example, ...] = (
    # 2
    example("2.1.2.1", good=obj(WALL, GF="300"), bad=obj(WALL, GF=Measure("300", "qm"))),
    example("2.1.2.1", versions="6.0-6.1", good=obj("BP_Immissionsschutz", massgeblAussenLaermpegelTag=Measure("60", "db")), bad=obj("BP_Immissionsschutz", massgeblAussenLaermpegelTag=Measure("60", "Phon"))),
    example("2.1.3.1", versions="4.0-5.0", good=obj("BP_Plan", "PLAN"), bad=obj("BP_Plan", "PLAN", raeumlicherGeltungsbereich=UNPLACED)),
    example("2.1.3.1", versions="5.1-6.1", good=obj(WALL), bad=obj(WALL, position=ELSEWHERE)),
    example("2.1.3.1", versions="5.1-6.1", good=obj("BP_Plan", "PLAN"), bad=(obj("BP_Plan", "PLAN", raeumlicherGeltungsbereich=UNPLACED), obj(WALL))),
    example("2.1.4", versions="5.3-6.1", good=obj("BP_Plan", "PLAN", inkrafttretensDatum="2026-11-02"), bad=obj("BP_Plan", "PLAN", inkrafttretensDatum="2026-11-02+01:00")),
    example("2.1.5", good=obj(WALL), bad=Obj(WALL, "O", {}, 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xplan:BP_BaugebietsTeilFlaecheType"')),
    # 3.1
    example("3.1.1.1", good=(obj("BP_Plan", "PLAN", texte=ref("T")), text()), bad=(obj("BP_Plan", "PLAN", texte=ref("R")), REASON)),
    example("3.1.1.2", good=(obj("BP_Plan", "PLAN", begruendungsTexte=ref("R")), REASON), bad=(obj("BP_Plan", "PLAN", begruendungsTexte=ref("T")), text())),
    example("3.1.2.1", good=(bereich(praesentationsobjekt=ref("P")), obj("XP_PPO", "P", gehoertZuBereich=ref("B"))), bad=(bereich(praesentationsobjekt=ref("O")), obj(WALL)), versions="4.1-6.1", also="3.3.1.3"),
    example("3.1.2.1", good=(bereich(praesentationsobjekt=ref("P")), obj("XP_PPO", "P")), bad=(bereich(praesentationsobjekt=ref("O")), obj(WALL)), versions="4.0"),
    example("3.1.2.2", versions="4.0-4.1", good=(bereich(nachrichtlich=ref("O")), obj(WALL, gehoertNachrichtlichZuBereich=ref("B"), gehoertZuBP_Bereich=None)), bad=(bereich(nachrichtlich=ref("T")), text()), also="3.1.3.3"),
    example("3.1.2.2", versions="5.0-6.1", good=(bereich(planinhalt=ref("O")), obj(WALL)), bad=(bereich(planinhalt=ref("T")), text()), also="3.1.3.3"),
    example("3.1.2.3", versions="4.0-4.1", good=(bereich(rasterBasis=ref("S")), obj("XP_RasterplanBasis", "S", refScan=SCAN)), bad=(bereich(rasterBasis=ref("O")), obj(WALL))),
    example("3.1.2.3", versions="5.0-5.4", good=(bereich(rasterBasis=ref("S")), obj("XP_Rasterdarstellung", "S", refScan=SCAN)), bad=(bereich(rasterBasis=ref("O")), obj(WALL))),
    example("3.1.2.4", good=bereich(bedeutung="1600", detaillierteBedeutung="x"), bad=bereich(detaillierteBedeutung="x")),
    example("3.1.3.1", good=(obj(WALL, refTextInhalt=ref("T")), text()), bad=(obj(WALL, refTextInhalt=ref("R")), REASON)),
    example("3.1.3.2", good=(obj(WALL, refBegruendungInhalt=ref("R")), REASON), bad=(obj(WALL, refBegruendungInhalt=ref("T")), text())),
    example("3.1.3.3", versions="4.0-4.1", good=(bereich(nachrichtlich=ref("O")), obj(WALL, gehoertNachrichtlichZuBereich=ref("B"), gehoertZuBP_Bereich=None)), bad=(bereich(nachrichtlich=ref("O")), obj(WALL))),
    example("3.1.3.3", versions="5.0-5.4", good=(bereich(planinhalt=ref("O")), obj(WALL)), bad=(bereich(planinhalt=ref("O")), obj(WALL, gehoertZuBereich=None))),
    example("3.1.3.4", good=shown(back=ref("P"), art="text"), bad=shown(art="text")),
    example("3.1.3.5", good=(obj(WALL, refTextInhalt=ref("T")), text()), bad=(obj(WALL, refTextInhalt=ref("R")), REASON)),
    # 3.2
    example("3.2.1.1", good=text(text="Wortlaut"), bad=text(schluessel="1")),
    example("3.2.1.1", good=text(refText=data("XP_ExterneReferenz", **FILE)), bad=text(text="Wortlaut", refText=data("XP_ExterneReferenz", **FILE))),
    example("3.2.1.2", good=(bereich(texte=ref("T")), text()), bad=(obj("BP_Plan", "PLAN", texte=ref("T")), bereich(texte=ref("T")), text())),
    example("3.2.2.1", good=REASON, bad=obj("XP_BegruendungAbschnitt", "R", schluessel="1")),
    example("3.2.3.1", good=height(hoehenbezug="1000", bezugspunkt="1000", hMin="3", hMax="5"), bad=height(hoehenbezug="1000", bezugspunkt="1000", h="3", hMin="5")),
    example("3.2.3.1", versions="4.1", good=mark(h="3"), bad=height(hoehenbezug="1000", h="3")),
    example("3.2.3.1", versions="5.0", good=mark(abweichenderBezugspunkt="Sims", h="3"), bad=height(hoehenbezug="1000", abweichenderBezugspunkt="Sims", h="3")),
    example("3.2.3.1", versions="5.1-6.1", good=mark(h="3"), bad=height(hoehenbezug="1000", h="3")),
    example("3.2.3.1", versions="5.1-6.1", good=height(hoehenbezug="1000", hMax="3"), bad=height(hoehenbezug="1000", hZwingend="3")),
    example("3.2.3.1", versions="5.3-6.1", good=height(hoehenbezug="1000", abweichenderBezugspunkt="Sims", h="3"), bad=height(hoehenbezug="1000", h="3")),
    example("3.2.3.2", good=(obj("BP_Plan", "PLAN", bezugshoehe="110"), height(hoehenbezug="3000", bezugspunkt="1000", h="3")), bad=height(hoehenbezug="3000", bezugspunkt="1000", h="3")),
    example("3.2.3.3", good=height(abweichenderHoehenbezug="Gehweg", bezugspunkt="1000", h="3"), bad=height(bezugspunkt="1000", h="3")),
    example("3.2.3.3", good=height(hoehenbezug="1000", bezugspunkt="1000", h="3"), bad=height(abweichenderHoehenbezug="Gehweg", hoehenbezug="1000", bezugspunkt="1000", h="3")),
    example("3.2.3.4", versions="5.0", good=height(hoehenbezug="1000", abweichenderBezugspunkt="Sims", hMax="3"), bad=height(hoehenbezug="1000", hMax="3")),
    example("3.2.3.4", versions="5.0-6.1", good=height(hoehenbezug="1000", bezugspunkt="1000", h="3"), bad=height(hoehenbezug="1000", abweichenderBezugspunkt="Sims", bezugspunkt="1000", h="3")),
    example("3.2.3.5", good=height(hoehenbezug="1000", bezugspunkt="1000", bezugspunktText="Sims", h="3"), bad=height(hoehenbezug="1000", bezugspunktText="Sims", hMax="3")),
    example("3.2.4.1", good=reference(art="Dokument", **FILE), bad=reference(georefURL="plan.pgw", art="Dokument", **FILE)),
    example("3.2.4.1", versions="4.0-5.4", good=reference(georefURL="plan.pgw", art="PlanMitGeoreferenz", **FILE), bad=reference(georefMimeType="text/plain", art="Dokument", **FILE)),
    example("3.2.4.2", good=reference(referenzName="Plan"), bad=reference(beschreibung="Plan")),
    example("3.2.5.1", good=obj("BP_Plan", "PLAN", gemeinde=data("XP_Gemeinde", rs="146270140140")), bad=obj("BP_Plan", "PLAN", gemeinde=data("XP_Gemeinde", gemeindeName="Meißen"))),
    example("3.2.6.1", versions="5.0-5.4", good=changed(planName="7/20"), bad=changed(planName=" ")),
    example("3.2.6.1", versions="6.0-6.1", good=changed_60(planName="7/20"), bad=changed_60(planName=" ")),
    example("3.2.6.2", versions="5.0-5.4", good=changed(verbundenerPlan=ref("OLD")), bad=changed(verbundenerPlan=ref("B"))),
    example("3.2.6.2", versions="6.0-6.1", good=changed_60(verbundenerPlan=ref("OLD")), bad=changed_60(verbundenerPlan=ref("B"))),
    example("3.2.6.3", versions="5.0-5.4", good=changed(planName="7/20"), bad=changed(nummer="7/20")),
    example("3.2.6.3", versions="6.0-6.1", good=changed_60(planName="7/20"), bad=changed_60(planName="7/20", verbundenerPlan=ref("OLD"))),
    example("3.2.7.1", good=attribute("Farbe"), bad=attribute("")),
    # 3.3
    example("3.3.1.1", good=shown(art="text", back=ref("P")), bad=shown(back=ref("P"))),
    example("3.3.1.2", good=obj("XP_PPO", "P", art=["Z", "GRZ"], index=["0", "0"]), bad=obj("XP_PPO", "P", art=["Z", "GRZ"], index="0")),
    example("3.3.1.3", good=(bereich(praesentationsobjekt=ref("P")), obj("XP_PPO", "P", gehoertZuBereich=ref("B"))), bad=(bereich(praesentationsobjekt=ref("P")), obj("XP_PPO", "P"))),
    example("3.3.2.1", good=obj("XP_PTO", "P"), bad=obj("XP_PTO", "P", position=LINE)),
    example("3.3.3.1", good=obj("XP_LPO", "P"), bad=obj("XP_LPO", "P", position=POINT)),
    example("3.3.4.1", good=obj("XP_FPO", "P", position=AREA), bad=obj("XP_FPO", "P", position=LINE)),
)  # fmt: skip
