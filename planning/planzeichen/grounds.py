"""Planzeichen that fill or outline areas. Titles follow the Anlage to the PlanZV; hues are ours for its names of colours."""

from planning.planzeichen.model import Band, Hatch, Level, Marks, Stroke, Symbol

INK = "#1a1a1a"
ROT = "#f5c2b3"  # Rot mittel
BRAUN = "#d9c184"  # Braun mittel
GRAU = "#b9bfb9"  # Grau mittel
ORANGE = "#fbb84a"  # Orange mittel
KARMIN = "#fbb7de"  # Karminrot mittel
OCKER = "#fdd94a"  # Goldocker
VIOLETT = "#cf98d3"  # Violett mittel
VIOLETT_DUNKEL = "#b558bb"
GELB = "#f7fb72"  # Gelb hell
GRUEN = "#9be3a0"  # Grün mittel
GRUEN_DUNKEL = "#39d24f"
BLAU = "#c4e3ec"  # Blau mittel
BLAU_DUNKEL = "#3ba4cd"
GELBGRUEN = "#c8f5a8"
BLAUGRUEN = "#4fb9b1"
ROTES_BAND = "#ea8672"  # Rot
GRAU_DUNKEL = "#767a76"

THIN = Stroke(INK, 0.18)


def _ground(number: str, title: str, fill: str, letters: str = "") -> Symbol:
    return Symbol(number, number, title, Level.GROUND, fill=fill, stroke=THIN, letters=letters)


def _around(number: str, title: str, marks: Marks, *, band: str = "", width: float = 2) -> Symbol:
    """An Umgrenzung: the area below stays seen."""
    found = Band(band, width) if band else None
    return Symbol(number, number, title, Level.OVERLAY, stroke=THIN, band=found, marks=marks)


BUILDING = (
    _ground("1.1", "Wohnbauflächen", ROT, "W"),
    _ground("1.1.1", "Kleinsiedlungsgebiete", ROT, "WS"),
    _ground("1.1.2", "Reine Wohngebiete", ROT, "WR"),
    _ground("1.1.3", "Allgemeine Wohngebiete", ROT, "WA"),
    _ground("1.1.4", "Besondere Wohngebiete", ROT, "WB"),
    _ground("1.2", "Gemischte Bauflächen", BRAUN, "M"),
    _ground("1.2.1", "Dorfgebiete", BRAUN, "MD"),
    _ground("1.2.2", "Dörfliche Wohngebiete", BRAUN, "MDW"),
    _ground("1.2.3", "Mischgebiete", BRAUN, "MI"),
    _ground("1.2.4", "Urbane Gebiete", BRAUN, "MU"),
    _ground("1.2.5", "Kerngebiete", BRAUN, "MK"),
    _ground("1.3", "Gewerbliche Bauflächen", GRAU, "G"),
    _ground("1.3.1", "Gewerbegebiete", GRAU, "GE"),
    _ground("1.3.2", "Industriegebiete", GRAU, "GI"),
    _ground("1.4", "Sonderbauflächen", ORANGE, "S"),
    _ground("1.4.1", "Sondergebiete, die der Erholung dienen", ORANGE, "SO"),
    _ground("1.4.2", "Sonstige Sondergebiete", ORANGE, "SO"),
    Symbol("bauflaeche", "", "Baufläche ohne Angabe der Art der Nutzung", Level.GROUND, fill="#efe6e1", stroke=THIN),
)  # fmt: skip

COMMON = (
    _ground("4.1", "Flächen für den Gemeinbedarf", KARMIN),
    Symbol("4.2", "4.2", "Flächen für Sport- und Spielanlagen", Level.GROUND, fill="#ffffff", stroke=THIN, marks=Marks("tupfen", 1, 0.7)),
)  # fmt: skip

TRAFFIC = (
    _ground("5.1.1", "Autobahnen und autobahnähnliche Straßen", OCKER),
    _ground("5.1.2", "Sonstige überörtliche und örtliche Hauptverkehrsstraßen", OCKER),
    _ground("5.2.1", "Bahnanlagen", VIOLETT),
    Symbol("5.2.2", "5.2.2", "Straßenbahnen", Level.LINE, stroke=Stroke("#8f3d95", 0.25), marks=Marks("schiene", 3)),
    Symbol("5.2.3", "5.2.3", "Seilbahnen", Level.LINE, stroke=Stroke("#8f3d95", 0.25), marks=Marks("seilbahn", 8)),
    Symbol("5.3", "5.3", "Überörtliche Wege und örtliche Hauptwege", Level.LINE, stroke=Stroke(INK, 0.7, (0.01, 1.8), round=True)),
    _around("5.4", "Umgrenzung der Flächen für den Luftverkehr", Marks("flugstrich", 4), band=VIOLETT_DUNKEL),
    _ground("6.1", "Straßenverkehrsflächen", OCKER),
    Symbol("6.2", "6.2", "Straßenbegrenzungslinie", Level.BOUNDARY, stroke=Stroke(INK, 0.3), band=Band("#5ae458", 1, "centre")),
    Symbol("6.3", "6.3", "Verkehrsflächen besonderer Zweckbestimmung", Level.GROUND, fill="#ffffff", hatch=Hatch(OCKER, 2, 4), stroke=THIN),
    Symbol("6.4-bereich", "6.4", "Einfahrtbereich", Level.BOUNDARY, stroke=Stroke(INK, 0.3, (1.6, 0.8)), marks=Marks("dreieck-voll", 12)),
    Symbol("6.4-ohne", "6.4", "Bereich ohne Ein- und Ausfahrt", Level.BOUNDARY, marks=Marks("halbkreis", 3.2)),
)  # fmt: skip

SUPPLY = (
    _ground("7", "Flächen für Versorgungsanlagen, für die Abfallentsorgung und Abwasserbeseitigung sowie für Ablagerungen", GELB),
    Symbol("8-oben", "8", "Hauptversorgungs- und Hauptabwasserleitungen, oberirdisch", Level.LINE, stroke=Stroke(INK, 0.25), marks=Marks("raute-voll", 8)),
    Symbol("8-unten", "8", "Hauptversorgungs- und Hauptabwasserleitungen, unterirdisch", Level.LINE, stroke=Stroke(INK, 0.25, (2.4, 1.2)), marks=Marks("raute-leer", 8)),
)  # fmt: skip

LAND = (
    _ground("9", "Grünflächen", GRUEN),
    _ground("10.1", "Wasserflächen", BLAU),
    _around("10.2", "Umgrenzung von Flächen für die Wasserwirtschaft, den Hochwasserschutz und die Regelung des Wasserabflusses", Marks("welle", 3), band=BLAU_DUNKEL, width=1.6),
    _around("10.3", "Umgrenzung der Flächen mit wasserrechtlichen Festsetzungen", Marks("kamm", 2), band=BLAU_DUNKEL, width=1.6),
    _around("11.1", "Flächen für Aufschüttungen", Marks("zacke-auf", 2)),
    _around("11.2", "Flächen für Abgrabungen oder für die Gewinnung von Bodenschätzen", Marks("zacke-ab", 2)),
    _ground("12.1", "Flächen für die Landwirtschaft", GELBGRUEN),
    _ground("12.2", "Flächen für Wald", BLAUGRUEN),
)  # fmt: skip

NATURE = (
    _around("13.1", "Umgrenzung von Flächen für Maßnahmen zum Schutz, zur Pflege und zur Entwicklung von Boden, Natur und Landschaft", Marks("t-stueck", 4), band=GRUEN_DUNKEL, width=1.3),
    _around("13.2.1", "Umgrenzung von Flächen zum Anpflanzen von Bäumen, Sträuchern und sonstigen Bepflanzungen", Marks("ring", 2.2, 0.9)),
    _around("13.2.2", "Umgrenzung von Flächen mit Bindungen für Bepflanzungen und für die Erhaltung von Bäumen, Sträuchern und sonstigen Bepflanzungen sowie von Gewässern", Marks("scheibe", 2.2, 0.9)),
    Symbol("13.2.1-linie", "13.2.1", "Anpflanzen von Bäumen, Sträuchern und sonstigen Bepflanzungen (Linie)", Level.LINE, stroke=Stroke(GRUEN_DUNKEL, 0.5), marks=Marks("ring", 4)),
    Symbol("13.2.2-linie", "13.2.2", "Erhaltung von Bäumen, Sträuchern und sonstigen Bepflanzungen (Linie)", Level.LINE, stroke=Stroke(GRUEN_DUNKEL, 0.5), marks=Marks("scheibe", 4)),
    _around("13.3", "Umgrenzung von Schutzgebieten und Schutzobjekten im Sinne des Naturschutzrechts", Marks("striche", 5), band=GRUEN_DUNKEL, width=1.5),
    _around("14.1", "Umgrenzung von Erhaltungsbereichen", Marks("sprosse", 2), band=ROTES_BAND, width=1.4),
    _around("14.2", "Umgrenzung von Gesamtanlagen, die dem Denkmalschutz unterliegen", Marks("sprosse", 2), band=ROTES_BAND, width=1.4),
)  # fmt: skip

OTHERS = (
    Symbol("15.1", "15.1", "Umgrenzung der Bauflächen, für die eine zentrale Abwasserbeseitigung nicht vorgesehen ist", Level.OVERLAY, stroke=THIN, band=Band("#efe94f", 1.8, dash=(2, 2))),
    Symbol("15.3", "15.3", "Umgrenzung von Flächen für Nebenanlagen, Stellplätze, Garagen und Gemeinschaftsanlagen", Level.OVERLAY, stroke=Stroke("#d8412f", 0.35, (2, 1))),
    Symbol("15.4", "15.4", "Besonderer Nutzungszweck von Flächen", Level.GROUND, fill="#f6f1ea", stroke=THIN),
    _around("15.5", "Mit Geh-, Fahr- und Leitungsrechten zu belastende Flächen", Marks("feld", 3.6)),
    Symbol("15.5-linie", "15.5", "Mit Geh-, Fahr- und Leitungsrechten zu belastende Flächen (schmal)", Level.LINE, stroke=Stroke(INK, 0.5, (2.4, 1))),
    _around("15.6", "Umgrenzung der Flächen für Nutzungsbeschränkungen oder für Vorkehrungen zum Schutz gegen schädliche Umwelteinwirkungen", Marks("dreieck-voll", 4)),
    _around("15.7", "Umgrenzung der Gebiete, in denen bestimmte luftverunreinigende Stoffe nicht oder nur beschränkt verwendet werden dürfen", Marks("dreieck-leer", 4)),
    _around("15.8", "Umgrenzung der Flächen, die von der Bebauung freizuhalten sind", Marks("dreieck-leer", 2.4)),
    Symbol("15.9-boeschung", "15.9", "Flächen für Aufschüttungen und Abgrabungen, soweit sie zur Herstellung des Straßenkörpers erforderlich sind", Level.OVERLAY, stroke=Stroke(INK, 0.3), marks=Marks("boeschung", 2.4)),
    Symbol("15.9-mauer", "15.9", "Stützmauern, soweit sie zur Herstellung des Straßenkörpers erforderlich sind", Level.LINE, stroke=Stroke(INK, 0.3), marks=Marks("mauer", 1)),
    Symbol("15.11", "15.11", "Umgrenzung der Flächen, bei deren Bebauung besondere bauliche Vorkehrungen oder Sicherungsmaßnahmen erforderlich sind, oder unter denen der Bergbau umgeht", Level.OVERLAY, stroke=THIN, band=Band("#8b8f8b", 1.6, dash=(2, 2))),
    _around("15.12", "Umgrenzung der Flächen, deren Böden erheblich mit umweltgefährdenden Stoffen belastet sind", Marks("kreuz", 4)),
    Symbol("15.13", "15.13", "Grenze des räumlichen Geltungsbereichs", Level.FRAME, stroke=Stroke(INK, 0.25), band=Band(INK, 1.2, "outside", (6, 1.6))),
    Symbol("15.14", "15.14", "Abgrenzung unterschiedlicher Nutzung", Level.BOUNDARY, stroke=Stroke(INK, 0.25), marks=Marks("perle", 5)),
    Symbol("3.4", "3.4", "Baulinie", Level.BOUNDARY, stroke=Stroke(INK, 0.3, (4, 0.8, 0.3, 0.8, 0.3, 0.8)), band=Band("#e2402c", 0.8, "centre")),
    Symbol("3.5", "3.5", "Baugrenze", Level.BOUNDARY, stroke=Stroke(INK, 0.3, (4, 0.8, 0.3, 0.8)), band=Band("#1a86c4", 0.8, "centre")),
    Symbol("3.5-flaeche", "3.5", "Überbaubare Grundstücksfläche mit Baugrenze", Level.OVERLAY, stroke=Stroke(INK, 0.3, (4, 0.8, 0.3, 0.8)), band=Band("#1a86c4", 0.8)),
)  # fmt: skip

OWN = (
    Symbol("hinweis", "", "Sonstige Festsetzung, Kennzeichnung oder Übernahme", Level.OVERLAY, stroke=Stroke("#5b3f8f", 0.3, (3, 1))),
    Symbol("hinweis-linie", "", "Sonstige Festsetzung, Kennzeichnung oder Übernahme (Linie)", Level.LINE, stroke=Stroke("#5b3f8f", 0.35, (3, 1))),
    Symbol("ohne-festsetzung", "", "Fläche ohne Festsetzung oder Darstellung", Level.GROUND, fill="#f4f4f0", stroke=THIN),
    Symbol("gebaeude", "", "Gebäudefläche", Level.OVERLAY, fill="#d9d2cc", stroke=Stroke(INK, 0.3)),
    Symbol("abstandsmass", "", "Maßlinie", Level.LINE, stroke=Stroke(INK, 0.18)),
    Symbol("bereich", "", "Grenze eines Bereichs des Plans", Level.FRAME, stroke=Stroke(INK, 0.25, (2, 1))),
    Symbol("hilfslinie", "", "Hilfslinie der Planzeichnung", Level.BOUNDARY, stroke=THIN),
    Symbol("schrift", "", "Schrift der Planzeichnung", Level.SIGN),
    Symbol("grenze", "", "Verwaltungs- oder Grundstücksgrenze", Level.BOUNDARY, stroke=Stroke("#5a5a5a", 0.3, (3, 0.8, 0.4, 0.8))),
)  # fmt: skip

GROUNDS: tuple[Symbol, ...] = (*BUILDING, *COMMON, *TRAFFIC, *SUPPLY, *LAND, *NATURE, *OTHERS, *OWN)
