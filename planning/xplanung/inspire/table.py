"""What an object of XPlanung is in INSPIRE: its HILUCS land use, or its kind of supplementary regulation. Our own mapping.

A zoning element is an area of the Flächenschluss whose type has a land use here; everything else with a place is a
supplementary regulation. Codes end the addresses of http://inspire.ec.europa.eu/codelist/<list>/<code>.
"""

from collections.abc import Mapping

from planning.xplanung.plans import text_of
from planning.xplanung.properties import Json

UNKNOWN_USE = "6_6_NotKnownUse"
OTHER_REGULATION = "10_OtherSupplementaryRegulation"
_HOUSING, _MIXED = "5_1_PermanentResidentialUse", "5_2_ResidentialUseWithOtherCompatibleUses"
_TRADE, _INDUSTRY, _SERVICES = "3_1_CommercialServices", "2_SecondaryProduction", "3_5_OtherServices"
_LEISURE = "3_4_5_OtherRecreationalServices"

# besondereArtDerBaulNutzung; of several uses the first one dominates.
SPECIAL_USES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("1000", "1100", "1200"), (_HOUSING,)),
    **dict.fromkeys(("1300", "1400", "1450", "1500", "1550"), (_MIXED,)),
    "1600": (_TRADE, _MIXED),
    "1700": (_TRADE, _INDUSTRY),
    "1800": (_INDUSTRY,),
    "2000": (_LEISURE,),
    "2100": (_SERVICES,),
    "3000": (_LEISURE,),
    "4000": (_SERVICES,),
}
GENERAL_USES: Mapping[str, tuple[str, ...]] = {  # allgArtDerBaulNutzung
    "1000": ("5_ResidentialUse",),
    "2000": (_MIXED,),
    "3000": (_INDUSTRY, _TRADE),
    "4000": (_SERVICES,),
}
BUILDING = ("BP_BaugebietsTeilFlaeche", "FP_BebauungsFlaeche")
_WATER, _ROAD, _FARM = "6_3_2_WaterAreasNotInOtherEconomicUse", "4_1_1_RoadTransport", "1_1_Agriculture"
LAND_USES: Mapping[str, str] = {
    **dict.fromkeys(("BP_GemeinbedarfsFlaeche", "FP_Gemeinbedarf"), "3_3_CommunityServices"),
    **dict.fromkeys(("BP_SpielSportanlagenFlaeche", "FP_SpielSportanlage"), "3_4_3_SportsInfrastructure"),
    **dict.fromkeys(("BP_GruenFlaeche", "FP_Gruen"), "3_4_4_OpenAirRecreationalAreas"),
    **dict.fromkeys(("BP_WaldFlaeche", "FP_WaldFlaeche"), "1_2_Forestry"),
    **dict.fromkeys(("BP_LandwirtschaftsFlaeche", "BP_Landwirtschaft", "FP_Landwirtschaft", "FP_LandwirtschaftsFlaeche", "BP_KleintierhaltungFlaeche"), _FARM),
    **dict.fromkeys(("BP_AbgrabungsFlaeche", "BP_BodenschaetzeFlaeche", "FP_Abgrabung", "FP_AbgrabungsFlaeche", "FP_BodenschaetzeFlaeche", "FP_Bodenschaetze"), "1_3_MiningAndQuarrying"),
    **dict.fromkeys(("BP_VerEntsorgung", "FP_VerEntsorgung"), "4_3_Utilities"),
    **dict.fromkeys(("BP_StrassenVerkehrsFlaeche", "BP_VerkehrsflaecheBesondererZweckbestimmung", "FP_Strassenverkehr", "SO_Strassenverkehr"), _ROAD),
    **dict.fromkeys(("BP_GewaesserFlaeche", "FP_Gewaesser", "SO_Gewaesser"), _WATER),
    **dict.fromkeys(("BP_WasserwirtschaftsFlaeche", "FP_Wasserwirtschaft", "SO_Wasserwirtschaft"), "4_3_2_WaterAndSewageInfrastructure"),
    "SO_Schienenverkehrsrecht": "4_1_2_RailwayTransport",
    "SO_Luftverkehrsrecht": "4_1_3_AirTransport",
    **dict.fromkeys(("BP_FreiFlaeche", "BP_SchutzPflegeEntwicklungsFlaeche", "FP_SchutzPflegeEntwicklung", "BP_AusgleichsFlaeche", "FP_AusgleichsFlaeche"), "6_3_1_LandAreasNotInOtherEconomicUse"),
    **dict.fromkeys(("BP_FlaecheOhneFestsetzung", "FP_FlaecheOhneDarstellung"), "6_5_AreasWithoutAnySpecifiedPlannedUse"),
    **dict.fromkeys(("BP_BesondererNutzungszweckFlaeche", "BP_GenerischesObjekt", "FP_GenerischesObjekt", "BP_FestsetzungNachLandesrecht", "FP_DarstellungNachLandesrecht"), UNKNOWN_USE),
}  # fmt: skip
REGULATIONS: Mapping[str, str] = {
    "BP_BauLinie": "6_1_BuildingLine",
    **dict.fromkeys(("BP_BauGrenze", "BP_StrassenbegrenzungsLinie", "BP_NutzungsartenGrenze", "SO_Grenze"), "6_2_BoundaryLine"),
    **dict.fromkeys(("BP_GebaeudeFlaeche", "BP_GebaeudeStellung", "BP_SpezielleBauweise", "BP_WohngebaeudeFlaeche", "BP_HoehenMass", "BP_AbstandsFlaeche", "SO_Baubeschraenkung"), "6_RegulationsOnBuildings"),
    "BP_UeberbaubareGrundstuecksFlaeche": "5_1_UsableBuildingArea",
    "BP_NebenanlagenFlaeche": "6_4_SecondaryStructuraArea",
    "BP_GemeinschaftsanlagenFlaeche": "6_5_CollectiveFacility",
    "BP_Wegerecht": "4_1_PublicEasement",
    **dict.fromkeys(("BP_Immissionsschutz", "BP_ZusatzkontingentLaermFlaeche", "BP_RichtungssektorGrenze"), "1_1_NoiseManagementZone"),
    **dict.fromkeys(("BP_AnpflanzungBindungErhaltung", "BP_SchutzPflegeEntwicklungsFlaeche", "BP_SchutzPflegeEntwicklungsMassnahme", "FP_SchutzPflegeEntwicklung", "LP_SchutzBestimmterTeileVonNaturUndLandschaft"), "3_1_NaturalHeritageProtection"),
    "SO_Denkmalschutzrecht": "3_3_BuiltHeritageProtection",
    "BP_Veraenderungssperre": "9_3_ForbidenActivities",
    "BP_RegelungVergnuegungsstaetten": "9_1_RestrictedActivities",
    "SO_Wasserrecht": "7_2_9_Water",
    "BP_VerEntsorgung": "7_3_2_Supply",
    "FP_VerEntsorgung": "7_3_2_Supply",
}  # fmt: skip
_BINDING = {
    "1000": "generallyBinding",
    "3000": "bindingOnlyForAuthorities",
    "4000": "bindingOnlyForAuthorities",
}
_BINDING_BEFORE = {
    "BP": "generallyBinding",
    "FP": "bindingOnlyForAuthorities",
    "RP": "bindingOnlyForAuthorities",
}
LEVELS = {"BP": "infraLocal", "FP": "local", "LP": "local", "SO": "infraLocal", "RP": "regional"}


def land_uses(feature_type: str, properties: Mapping[str, Json]) -> tuple[str, ...]:
    """HILUCS codes of a type that may be a zoning element; empty for one that may not."""
    if feature_type in BUILDING:
        special = text_of(properties.get("besondereArtDerBaulNutzung"))
        general = text_of(properties.get("allgArtDerBaulNutzung"))
        return SPECIAL_USES.get(special) or GENERAL_USES.get(general) or (UNKNOWN_USE,)
    return (LAND_USES[feature_type],) if feature_type in LAND_USES else ()


def regulation(feature_type: str) -> str:
    return REGULATIONS.get(feature_type, OTHER_REGULATION)


def nature(feature_type: str, character: str, version: str) -> str:
    """RegulationNatureValue. character: the code of rechtscharakter, which 6.0 numbers otherwise than the versions before."""
    family = feature_type.partition("_")[0]
    if version >= "6.0":
        return _BINDING.get(
            character, "definedInLegislation" if character in {"2000", "4200", "4300"} else "nonBinding"
        )
    return _BINDING_BEFORE.get(family, "nonBinding") if character in {"", "1000"} else "nonBinding"
