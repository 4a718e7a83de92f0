"""A quarter at the Elbe for the analyses of exposure and infrastructure: streets in squares, houses along them, facilities; all invented."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely

from tenants.models import Tenant
from twin.demo import geography

STREETS, APART = 9, 100.0  # in each direction; m
INLAND = 650.0  # m from the middle of the river to that of the quarter: its first street floods at HQ100, nobody lives in the river
FACILITIES = (
    ("Feuerwache Elbufer", "Feuerwehr", "Stadt", "gut", 12, (4, 4)),
    ("Grundschule am Deich", "Grundschule", "Stadt", "mittel", 180, (3, 2)),
    ("Kita Elbkinder", "Kita", "freier Träger", "gut", 60, (5, 1)),
    ("Hausarztpraxis Uferstraße", "Arztpraxis", "privat", "gut", 0, (6, 4)),
    ("Pflegeheim Weinblick", "Pflegeheim", "freier Träger", "schlecht", 48, (2, 5)),
    ("Apotheke am Markt", "Apotheke", "privat", "gut", 0, (1, 7)),
)
KINDS = ("Kita", "Grundschule", "Oberschule", "Gymnasium", "Feuerwehr", "Rettungswache", "Krankenhaus", "Arztpraxis", "Apotheke", "Pflegeheim", "Wasserwerk", "Klärwerk")  # fmt: skip
CONDITIONS = ("gut", "mittel", "schlecht", "außer Betrieb")
FORMATS: tuple[dict[str, Any], ...] = (
    {
        "slug": "gebaeude",
        "title": "Gebäude",
        "description": "Grundrisse von Gebäuden mit ihrer Nutzung.",
        "geometry_type": "Polygon",
        "key_field": "nummer",
        "fields": [
            {"name": "nummer", "label": "Nummer", "type": "string", "required": True},
            {"name": "nutzung", "label": "Nutzung", "type": "string", "choices": ["Wohnen", "Gemischt", "Gewerbe", "Öffentlich", "Nebengebäude"]},
            {"name": "geschosse", "label": "Geschosse", "type": "integer"},
            {"name": "einwohner", "label": "Einwohner", "type": "integer"},
        ],
    },
    {
        "slug": "einrichtungen",
        "title": "Einrichtungen der Infrastruktur",
        "description": "Öffentliche und private Einrichtungen mit Zustand und Träger.",
        "geometry_type": "Point",
        "key_field": "nummer",
        "fields": [
            {"name": "nummer", "label": "Nummer", "type": "string", "required": True},
            {"name": "name", "label": "Name", "type": "string", "required": True},
            {"name": "art", "label": "Art", "type": "string", "required": True, "choices": list(KINDS)},
            {"name": "traeger", "label": "Träger", "type": "string"},
            {"name": "zustand", "label": "Zustand", "type": "string", "choices": list(CONDITIONS)},
            {"name": "plaetze", "label": "Plätze", "type": "integer"},
        ],
    },
    {
        "slug": "strassennetz",
        "title": "Straßennetz",
        "description": "Straßen und Wege, die sich treffen, wo man abbiegen kann, mit Zustand und Baulast.",
        "geometry_type": "LineString",
        "key_field": "nummer",
        "fields": [
            {"name": "nummer", "label": "Nummer", "type": "string", "required": True},
            {"name": "name", "label": "Name", "type": "string"},
            {"name": "tempo", "label": "Geschwindigkeit", "type": "integer", "unit": "km/h"},
            {"name": "bruecke", "label": "Brücke", "type": "boolean"},
            {"name": "zustand", "label": "Zustand", "type": "string", "choices": list(CONDITIONS)},
            {"name": "baulast", "label": "Baulastträger", "type": "string"},
        ],
    },
)  # fmt: skip
Content = tuple[Any, dict[str, Any]]


def corner(tenant: Tenant) -> Any:
    """South-west of the quarter, whose middle lies INLAND from that of the Elbe in the town, on the side of the middle of the town."""
    assert tenant.boundary is not None  # noqa: S101 - the demo's towns have one
    area = shapely.from_wkb(bytes(tenant.boundary.wkb))
    river: Any = shapely.intersection(geography.elbe(), area)
    bank = shapely.get_coordinates(shapely.line_interpolate_point(river, 0.5, normalized=True))[0]
    inland = shapely.get_coordinates(shapely.point_on_surface(area))[0] - bank
    return bank + inland / np.hypot(*inland) * INLAND - APART * (STREETS - 1) / 2


def _streets(at: Any, _rng: Any, count: int) -> Content:
    """Each with a corner wherever it meets another."""
    steps = np.arange(STREETS) * APART
    east = [np.column_stack((steps, np.full(STREETS, y))) for y in steps]
    lines = shapely.linestrings(np.array([*east, *(line[:, ::-1] for line in east)])[:count] + at)
    main = np.arange(len(lines)) % STREETS == STREETS // 2
    return lines, {
        "nummer": _numbers("S", len(lines)),
        "name": _texts(f"Weg {number + 1}" for number in range(len(lines))),
        "tempo": np.where(main, 50, 30),
        "bruecke": np.zeros(len(lines), bool),
        "zustand": _texts(CONDITIONS[number % 3] for number in range(len(lines))),
        "baulast": _texts("Landkreis" if each else "Stadt" for each in main),
    }


def _houses(at: Any, rng: Any, count: int) -> Content:
    """Along the streets that lead east."""
    along, street = np.divmod(np.arange(count), STREETS)
    west, south = at[0] + 12 + 28 * along, at[1] + APART * street + 8
    wide, deep = rng.uniform(9, 15, count), rng.uniform(8, 12, count)
    use = rng.choice(np.array(["Wohnen", "Wohnen", "Wohnen", "Gemischt", "Gewerbe"], dtype=object), count)
    storeys = rng.integers(1, 5, count)
    people = np.where(use == "Gewerbe", 0, storeys * 2)
    shapes = shapely.box(west, south, west + wide, south + deep)
    return shapes, {"nummer": _numbers("G", count), "nutzung": use, "geschosse": storeys, "einwohner": people}


def _facilities(at: Any, _rng: Any, count: int) -> Content:
    rows = FACILITIES[:count]
    points = shapely.points([at + APART * np.array(row[5]) + 5 for row in rows])
    texts = {name: _texts(row[number] for row in rows) for number, name in enumerate(("name", "art", "traeger", "zustand"))}  # fmt: skip
    return points, {
        "nummer": _numbers("E", len(rows)),
        **texts,
        "plaetze": np.array([row[4] for row in rows]),
    }


def _numbers(letter: str, count: int) -> Any:
    return _texts(f"{letter}-{number + 1:04d}" for number in range(count))


def _texts(words: Any) -> Any:
    return np.array(list(words), dtype=object)


CONTENT: Mapping[str, Callable[[Any, Any, int], Content]] = {
    "gebaeude": _houses,
    "einrichtungen": _facilities,
    "strassennetz": _streets,
}
