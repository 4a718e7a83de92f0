"""What is measured: unit, and which values a sensor in this county can't have seen. No framework."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """lowest, highest: what lies outside is a fault or a code for “no value” (-999, -9999), never a measurement.

    jump: how far two neighbours within a quarter of an hour may lie apart before the second one has to be borne out by a third; None:
    any. definition: what SensorThings names as its meaning.
    """

    unit: str
    lowest: float
    highest: float
    jump: float | None
    definition: str


_TERMS = "https://qudt.org/vocab/quantitykind/"
QUANTITIES = {
    # the Elbe at Dresden reached 940 cm in 2002; gauge zeros lie up to some metres below the bed, never 30 m
    "W": Quantity("cm", -500.0, 3000.0, 150.0, f"{_TERMS}WaterLevel"),
    # the Elbe at Dresden carried 4,580 m³/s in 2002; below zero where a tide or backwater turns the river
    "Q": Quantity("m³/s", -2000.0, 20000.0, 1500.0, f"{_TERMS}VolumeFlowRate"),
    # Germany's record is 126 mm in eight minutes (Füssen, 1920)
    "rain": Quantity("mm", 0.0, 300.0, None, f"{_TERMS}RainfallAmount"),
    "soil": Quantity("%", 0.0, 100.0, 40.0, f"{_TERMS}SoilMoisture"),
}
