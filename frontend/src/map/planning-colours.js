// Colours of the Planzeichenverordnung 1990 (Anlage), drawn by us: which class an XPlanung feature belongs to, and how the
// class looks. "ink" is black on a light ground, white on a dark one. Levels: what lies above what.
const AREA = 1, OVERLAY = 2, LINE = 3, POINT = 4, FRAME = 5;

export const CLASSES = {
  housing: { fill: "#e89a94", stroke: "#b3463d", level: AREA }, // Nr. 1.1: rot mittel
  mixed: { fill: "#cfa37d", stroke: "#8a5a2f", level: AREA }, // 1.2: braun mittel
  trade: { fill: "#b9b9c0", stroke: "#6c6c75", level: AREA }, // 1.3: grau mittel
  special: { fill: "#f4b26b", stroke: "#c46f16", level: AREA }, // 1.4: orange mittel
  building: { fill: "#d9c9c4", stroke: "#7d6b66", level: AREA }, // building land whose use is not named
  common: { fill: "#d9759c", stroke: "#a02c5c", level: AREA }, // 4: karminrot
  traffic: { fill: "#f6d268", stroke: "#b28a12", level: AREA }, // 6: goldocker
  supply: { fill: "#fff075", stroke: "#a39518", level: AREA }, // 7: gelb
  green: { fill: "#a9d18e", stroke: "#4d8a2c", level: AREA }, // 9: grün mittel
  water: { fill: "#9cc7ea", stroke: "#2f74ad", level: AREA }, // 10: blau mittel
  mining: { fill: "#d8cfa8", stroke: "#857639", level: AREA, hatch: true }, // 11: Aufschüttungen, Abgrabungen
  farming: { fill: "#dbe6a3", stroke: "#8b9a3c", level: AREA }, // 12.1: gelbgrün
  forest: { fill: "#7fb8a0", stroke: "#2f6e57", level: AREA }, // 12.2: blaugrün
  open: { fill: "#e9e9e4", stroke: "#8c8c84", level: AREA }, // without a set use
  buildable: { fill: null, stroke: "#1f6fc4", width: 2.5, dash: [12, 4, 3, 4], level: OVERLAY }, // 3.5: Baugrenze
  buildLine: { fill: null, stroke: "#c8102e", width: 2.5, dash: [14, 4, 3, 4, 3, 4], level: LINE }, // 3.4: Baulinie
  nature: { fill: null, stroke: "#3c7d1e", width: 2.5, dash: [2, 5], hatch: true, level: OVERLAY }, // 13: Maßnahmen für Natur
  heritage: { fill: null, stroke: "#8a1c4a", width: 2, dash: [6, 3], hatch: true, level: OVERLAY }, // 14
  limits: { fill: null, stroke: "#6b3fa0", width: 2, dash: [8, 4], hatch: true, level: OVERLAY }, // 15: other rules on top
  division: { fill: null, stroke: "ink", width: 1.5, dash: [3, 5], level: LINE }, // 15.14: different use
  streetLine: { fill: null, stroke: "#3f8f3f", width: 2, level: LINE }, // 6.2: Straßenbegrenzungslinie
  access: { fill: null, stroke: "ink", width: 2, dash: [4, 3], level: LINE }, // 6.4
  frame: { fill: null, stroke: "ink", width: 4, dash: [14, 7], level: FRAME }, // 15.13: Geltungsbereich
  point: { fill: "#ffffff", stroke: "ink", level: POINT },
  other: { fill: "#c9ccd6", stroke: "#5b6079", level: OVERLAY, hatch: true }, // whatever has no sign of its own
};

// First match wins; the pattern meets the feature type without its prefix (BP_, FP_, SO_, LP_, RP_), from 4.0 to 6.1.
const RULES = [
  [/^(Plan|Bereich|Geltungsbereich)$/, "frame"],
  [/^(UeberbaubareGrundstuecks|BauGrenze)/, "buildable"],
  [/^BauLinie/, "buildLine"],
  [/^StrassenbegrenzungsLinie/, "streetLine"],
  [/^NutzungsartenGrenze/, "division"],
  [/(BereichOhneEinAusfahrt|EinfahrtsbereichLinie|EinfahrtPunkt|Wegerecht)/, "access"],
  [/^(Gemeinbedarf|SpielSportanlage|SozialeInfrastruktur|Sportanlage)/, "common"],
  [/(Strassenverkehr|StrassenVerkehr|Strassenkoerper|Verkehr|verkehrs|Radweg)/, "traffic"],
  [/^(VerEntsorgung|ErneuerbareEnergie|Energieversorgung|Entsorgung|ZentralerVersorgung|Kommunikation)/, "supply"],
  [/^(Gruen|KleintierhaltungFlaeche|Erholung|FreiFlaeche|Freiraum)/, "green"],
  [/^(Gewaesser|Wasserwirtschaft|Hochwasserschutz)/, "water"],
  [/^(Landwirtschaft)/, "farming"],
  [/^(Wald|Forst)/, "forest"],
  [/^(Aufschuettung|Abgrabung|Bodenschaetze|Rohstoff|Rekultivierung)/, "mining"],
  [/(SchutzPflegeEntwicklung|Ausgleich|Anpflanzung|Eingriff|Biotop|NaturLandschaft|Naturschutz|SchutzBestimmter)/, "nature"],
  [/(Denkmal|Erhaltungs|Kulturlandschaft)/, "heritage"],
  [/^(FlaecheOhne)/, "open"],
  [/(Wohn|Siedlung)/, "housing"],
  [/^(IndustrieGewerbe|Einzelhandel)/, "trade"],
  [/^(Baugebiet|BebauungsFlaeche|BesondererNutzungszweck|PersGruppen|Gebaeude|Gemeinschaftsanlagen|Nebenanlagen)/, "building"],
  [/(Immissionsschutz|Kennzeichnung|Nutzungsbeschraenkung|Schutzgebiet|Verbot|Baubeschraenkung|Laerm|Sichtflaeche|Wasserrecht|recht$|Vorbehalt|Vormerkung|Veraenderungssperre|Technische|TextAbschnitt|Text)/, "limits"],
];

// XP_BesondereArtDerBaulNutzung and XP_AllgArtDerBaulNutzung: code -> class.
const SPECIAL_USE = [
  [/^1[0-3]/, "housing"],
  [/^1[4-6]/, "mixed"],
  [/^1[78]/, "trade"],
  [/^[234]/, "special"],
];
const GENERAL_USE = { 1000: "housing", 2000: "mixed", 3000: "trade", 4000: "special" };

const found = (rules, text) => rules.find(([pattern]) => pattern.test(text))?.[1];

/** The class of an object: by the use of building land where it is named, else by its feature type. */
export function classOf({ feature_type: type = "", special_use: special, general_use: general }) {
  const byType = found(RULES, type.replace(/^[A-Z]{2}_/, "")) ?? "other";
  if (byType !== "building") return byType;
  return found(SPECIAL_USE, String(special ?? "")) ?? GENERAL_USE[general] ?? byType;
}
