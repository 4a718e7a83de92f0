"""Latency of the catalogue's search over 100,000 records of 28 towns: page by page, condition by condition.

    .venv/bin/python -m benchmarks.catalogue_search [--records 100000] [--requests 200] [--web-workers 2]

The product as `./run serve` starts it; clients, product and database share the machine. The goal is a 95th percentile below 100 ms.
Each address is asked `requests` times by four clients at once, and a mix in which no address comes twice. Needs the services
(`scripts/services.sh start`) and its settings (`eval "$(./run env)"`).
"""

import argparse
import os
import random

from benchmarks.load import latencies, percentiles
from benchmarks.scratch import analyze, manage, scratch_database, served

GOAL = 100  # milliseconds
TOWNS = 28
SETUP = """
import random
from datetime import UTC, datetime, timedelta
from django.contrib.gis.geos import Polygon
from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue.models import Frequency, Licence, Record, RecordKind, Theme
dice = random.Random(7)
WORDS = "Baum Spielplatz Radweg Bebauung Denkmal Gewässer Hochwasser Schule Kita Verkehr Lärm Boden Wald Leitung Straße Friedhof Wahl Haushalt Statistik Abfall Energie Solar Wind Grundstück Bodenrichtwert Versorgung Tourismus Wanderweg Museum Sport".split()
ENDS = "kataster flächen standorte karte verzeichnis plan messwerte übersicht zählung bericht".split()
FORMATS = "CSV GeoJSON WMS WFS SHP GPKG PDF XLSX GML".split()
towns = list(Tenant.objects.order_by("pk"))
def made(number):
    town = dice.choice(towns)
    west, south = dice.randrange(370_000, 420_000), dice.randrange(5_648_000, 5_700_000)
    side = dice.choice((500, 2_000, 10_000))
    box = Polygon.from_bbox((west, south, west + side, south + side)); box.srid = 25833
    title = f"{dice.choice(WORDS)}{dice.choice(ENDS)} {town.name} {2000 + number % 26}"
    return Record(tenant=town, identifier=str(number), title=title, is_public=number % 20 != 0, kind=dice.choices(RecordKind.values, (8, 3, 1))[0],
        description=" ".join(dice.choice(WORDS) + dice.choice(ENDS) for _ in range(60)), keywords=dice.sample(WORDS, 4),
        themes=dice.sample(Theme.values, dice.choice((1, 1, 2))), licence=dice.choice(Licence.values), publisher=f"Amt {dice.randrange(40)} {town.name}",
        frequency=dice.choice(Frequency.values), modified=datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=dice.randrange(3000)), extent=box,
        distributions=[{"title": "x", "download_url": f"https://example.org/{number}", "format": name} for name in dice.sample(FORMATS, 2)])
everyone = [town.pk for town in towns]
with acting_for(everyone, everyone):
    for start in range(0, RECORDS, 5000):
        Record.objects.bulk_create([made(number) for number in range(start, min(start + 5000, RECORDS))], batch_size=1000)
"""
PAGES = [
    ("everything, first page", ""),
    ("everything, last page that is listed", "page=50"),
    ("one theme", "theme=ENVI"),
    ("theme, kind, format and licence", "theme=ENVI&kind=dataset&format=CSV&licence=cc-zero"),
    ("one town", "municipality=t3"),
    ("a common word", "q=Baumkataster"),
    ("a common word, last page that is listed", "q=Baumkataster&page=50"),
    ("a part of many words", "q=flächen"),
    ("a rare part of a word", "q=zzq"),
    ("two words", "q=Spielplatzkarte+Radwegplan"),
    ("a word in a theme", "q=Hochwasser&theme=ENVI"),
    ("a part of the map", "bbox=385000,5660000,387000,5662000"),
    ("the whole map", "bbox=370000,5648000,424000,5705000"),
    ("by title", "order=title"),
    ("a word, by title", "q=Museum&order=title"),
]
MIXED = 200  # different addresses


def mix() -> list[str]:
    """Searches as people narrow them, each another one."""
    dice = random.Random(11)
    words = ("", "Baum", "Radweg", "Schul", "plan", "karte", "Energie", "Kita", "Wahl", "bericht")
    found: set[str] = set()
    while len(found) < MIXED:
        parts = [f"municipality=t{dice.randrange(TOWNS)}" if dice.random() < 0.5 else ""]
        parts += (
            [f"q={dice.choice(words)}{dice.choice(('', '+2019', '+museum'))}"] if dice.random() < 0.7 else []
        )
        parts += [f"theme={dice.choice(('ENVI', 'TRAN', 'REGI', 'GOVE'))}"] if dice.random() < 0.4 else []
        parts += [f"format={dice.choice(('CSV', 'WMS', 'GPKG'))}"] if dice.random() < 0.4 else []
        parts += [f"page={dice.randrange(1, 9)}"] if dice.random() < 0.3 else []
        found.add("&".join(part for part in parts if part))
    return sorted(found)


def measure(*, requests: int, web_workers: int) -> None:
    print(
        f"{'search':<42} {'median':>7} {'p95':>7}   (ms, 4 clients, {web_workers} web processes; goal p95 < {GOAL})"
    )
    with served(KZ_WEB_WORKERS=str(web_workers)) as address:
        for name, query in PAGES:
            path = f"{address}/daten/?{query.replace('ä', '%C3%A4')}"
            latencies(path, requests=20)  # the processes have answered before
            middle, high = percentiles(latencies(path, requests=requests))
            print(f"{name:<42} {middle:7.0f} {high:7.0f}  {'' if high < GOAL else '*'}", flush=True)
        taken = [
            time for query in mix() for time in latencies(f"{address}/daten/?{query}", clients=1, requests=1)
        ]
        middle, high = percentiles(taken)
        print(
            f"{f'{MIXED} searches, each once, one client':<42} {middle:7.0f} {high:7.0f}  {'' if high < GOAL else '*'}"
        )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--web-workers", type=int, default=2)
    options = parser.parse_args()
    with scratch_database(tenants=[f"t{number}" for number in range(TOWNS)]):
        manage("shell", "-v", "0", code=f"RECORDS = {options.records}\n{SETUP}")
        analyze()
        measure(requests=options.requests, web_workers=options.web_workers)


if __name__ == "__main__":
    main()
