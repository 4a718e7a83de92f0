import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASSES, classOf } from "../src/map/planning-colours.js";

const EXPECTED = {
  BP_Plan: "frame", FP_Plan: "frame",
  BP_UeberbaubareGrundstuecksFlaeche: "buildable", BP_BauGrenze: "buildable", BP_BauLinie: "buildLine",
  BP_StrassenVerkehrsFlaeche: "traffic", SO_Strassenverkehr: "traffic", FP_Strassenverkehr: "traffic",
  BP_VerkehrsflaecheBesondererZweckbestimmung: "traffic", BP_StrassenbegrenzungsLinie: "streetLine",
  BP_GemeinbedarfsFlaeche: "common", FP_Gemeinbedarf: "common", BP_SpielSportanlagenFlaeche: "common",
  BP_GruenFlaeche: "green", FP_Gruen: "green", BP_GewaesserFlaeche: "water", FP_Gewaesser: "water", SO_Gewaesser: "water",
  BP_WaldFlaeche: "forest", FP_WaldFlaeche: "forest", BP_LandwirtschaftsFlaeche: "farming", FP_Landwirtschaft: "farming",
  BP_VerEntsorgung: "supply", BP_AusgleichsFlaeche: "nature", BP_SchutzPflegeEntwicklungsMassnahme: "nature",
  BP_AnpflanzungBindungErhaltung: "nature", BP_AbgrabungsFlaeche: "mining", FP_Aufschuettung: "mining",
  BP_DenkmalschutzEnsembleFlaeche: "heritage", BP_ErhaltungsBereichFlaeche: "heritage",
  BP_Immissionsschutz: "limits", SO_SchutzgebietWasserrecht: "limits", SO_Schienenverkehrsrecht: "traffic",
  BP_NutzungsartenGrenze: "division", BP_EinfahrtPunkt: "access", BP_FlaecheOhneFestsetzung: "open",
  BP_BaugebietsTeilFlaeche: "building", FP_BebauungsFlaeche: "building", BP_Unheard: "other",
};

for (const [type, wanted] of Object.entries(EXPECTED)) {
  test(`${type} is drawn as ${wanted}`, () => assert.equal(classOf({ feature_type: type }), wanted));
}

test("building land takes the colour of its use", () => {
  const uses = { 1000: "housing", 1100: "housing", 1200: "housing", 1300: "housing", 1400: "mixed", 1450: "mixed", 1500: "mixed",
    1550: "mixed", 1600: "mixed", 1700: "trade", 1800: "trade", 2000: "special", 2100: "special", 3000: "special", 4000: "special" };
  for (const [code, wanted] of Object.entries(uses)) {
    assert.equal(classOf({ feature_type: "BP_BaugebietsTeilFlaeche", special_use: code, general_use: "1000" }), wanted);
  }
  assert.equal(classOf({ feature_type: "FP_BebauungsFlaeche", general_use: "3000" }), "trade");
  assert.equal(classOf({ feature_type: "FP_BebauungsFlaeche", special_use: "9999", general_use: "9999" }), "building");
});

test("a use says nothing about what is no building land", () => {
  assert.equal(classOf({ feature_type: "BP_GruenFlaeche", special_use: "1700" }), "green");
});

test("every class can be drawn", () => {
  for (const type of Object.keys(EXPECTED)) assert.ok(CLASSES[classOf({ feature_type: type })]);
});
