"""Planzeichen that stand at a point or inside an area: pictograms and letters."""

from planning.planzeichen.model import Level, Symbol


def _sign(id: str, number: str, title: str, *, figure: str, letters: str = "") -> Symbol:
    return Symbol(id, number, title, Level.SIGN, figure=figure, letters=letters)


def _all(number: str, titles: dict[str, str]) -> tuple[Symbol, ...]:
    """figure -> title; the figure names the sign, too."""
    return tuple(
        _sign(f"{number}-{figure}", number, title, figure=figure) for figure, title in titles.items()
    )


def _letters(number: str, titles: dict[str, str], *, figure: str = "kreis") -> tuple[Symbol, ...]:
    return tuple(_sign(f"{number}-{text}", number, title, figure=figure, letters=text) for text, title in titles.items())  # fmt: skip


COMMON = _all(
    "4.1",
    {
        "verwaltung": "Öffentliche Verwaltungen",
        "schule": "Schule",
        "kirche": "Kirchen und kirchlichen Zwecken dienende Gebäude und Einrichtungen",
        "soziales": "Sozialen Zwecken dienende Gebäude und Einrichtungen",
        "gesundheit": "Gesundheitlichen Zwecken dienende Gebäude und Einrichtungen",
        "kultur": "Kulturellen Zwecken dienende Gebäude und Einrichtungen",
        "sport": "Sportlichen Zwecken dienende Gebäude und Einrichtungen",
        "post": "Post",
        "schutzbauwerk": "Schutzbauwerk",
        "feuerwehr": "Feuerwehr",
    },
) + _all("4.2", {"sportanlage": "Sportanlagen", "spielanlage": "Spielanlagen"})

TRAFFIC = _all(
    "6.3",
    {
        "parken": "Öffentliche Parkfläche",
        "fussgaenger": "Fußgängerbereich",
        "verkehrsberuhigt": "Verkehrsberuhigter Bereich",
    },
) + (
    _sign("5.4-flugzeug", "5.4", "Flughafen, Landeplatz", figure="flugzeug"),
    _sign("5.4-segelflug", "5.4", "Segelfluggelände", figure="segelflug"),
    _sign("5.4-hubschrauber", "5.4", "Hubschrauberlandeplatz", figure="hubschrauber"),
    _sign("6.4-einfahrt", "6.4", "Einfahrt", figure="einfahrt"),
    _sign("5.3-W", "5.3", "Hauptwanderweg", figure="kreis", letters="W"),
)

SUPPLY = _all(
    "7",
    {
        "elektrizitaet": "Elektrizität",
        "gas": "Gas",
        "fernwaerme": "Fernwärme",
        "wasser": "Wasser",
        "abwasser": "Abwasser",
        "abfall": "Abfall",
        "ablagerung": "Ablagerung",
    },
) + _letters("7", {"EE": "Erneuerbare Energien", "KWK": "Kraft-Wärme-Kopplung"})

LAND = _all(
    "9",
    {
        "parkanlage": "Parkanlage",
        "kleingarten": "Dauerkleingärten",
        "sportplatz": "Sportplatz",
        "spielplatz": "Spielplatz",
        "zeltplatz": "Zeltplatz",
        "badeplatz": "Badeplatz, Freibad",
        "friedhof": "Friedhof",
    },
)

WATER = (
    _letters("10.1", {"H": "Hafen"})
    + _letters("10.2", {"R": "Hochwasserrückhaltebecken", "Ü": "Überschwemmungsgebiet"})
    + _letters("10.3", {"GW": "Schutzgebiet für Grund- und Quellwassergewinnung", "OW": "Schutzgebiet für Oberflächengewässer"})
)  # fmt: skip

NATURE = _letters("12.2", {"E": "Erholungswald"}) + (
    _sign("13.2.1-baum", "13.2.1", "Anpflanzen: Bäume", figure="baum-pflanzen"),
    _sign("13.2.1-strauch", "13.2.1", "Anpflanzen: Sträucher", figure="strauch-pflanzen"),
    _sign("13.2.1-sonstiges", "13.2.1", "Anpflanzen: sonstige Bepflanzungen", figure="sonstiges-pflanzen"),
    _sign("13.2.2-baum", "13.2.2", "Erhaltung: Bäume", figure="baum-erhalten"),
    _sign("13.2.2-strauch", "13.2.2", "Erhaltung: Sträucher", figure="strauch-erhalten"),
    _sign("13.2.2-sonstiges", "13.2.2", "Erhaltung: sonstige Bepflanzungen", figure="sonstiges-erhalten"),
) + _letters(
    "13.3",
    {
        "N": "Naturschutzgebiet",
        "NLP": "Nationalpark",
        "NP": "Naturpark",
        "ND": "Naturdenkmal",
        "L": "Landschaftsschutzgebiet",
        "LB": "Geschützter Landschaftsbestandteil",
    },
)  # fmt: skip

HERITAGE = (
    _sign("14.1-E", "14.1", "Erhaltungsbereich", figure="kreis", letters="E"),
    _sign("14.2-D", "14.2", "Gesamtanlage, die dem Denkmalschutz unterliegt", figure="kreis", letters="D"),
    _sign("14.3", "14.3", "Einzelanlagen, die dem Denkmalschutz unterliegen", figure="quadrat", letters="D"),
)

OTHERS = (
    _sign("11.1-aufschuettung", "11.1", "Aufschüttung", figure="aufschuettung"),
    _sign("11.2-abgrabung", "11.2", "Abgrabung oder Gewinnung von Bodenschätzen", figure="abgrabung"),
    _sign("15.10", "15.10", "Höhenlage", figure="hoehenlage"),
    _sign("15.12-altlast", "15.12", "Belasteter Boden (Lage)", figure="altlast"),
    _sign("stellung", "", "Stellung der baulichen Anlagen, Firstrichtung", figure="pfeil"),
    _sign("punkt", "", "Sonstige Festsetzung, Kennzeichnung oder Übernahme (Punkt)", figure="punkt"),
) + _letters(
    "15.3",
    {
        "St": "Stellplätze",
        "Ga": "Garagen",
        "TGa": "Tiefgarage",
        "Cp": "Carport",
        "GSt": "Gemeinschaftsstellplätze",
        "GGa": "Gemeinschaftsgaragen",
    },
    figure="schrift",
)

SIGNS: tuple[Symbol, ...] = (
    *COMMON, *TRAFFIC, *SUPPLY, *LAND, *WATER, *NATURE, *HERITAGE, *OTHERS,
)  # fmt: skip
