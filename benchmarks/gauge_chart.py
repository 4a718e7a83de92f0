"""A series of 1,000,000 values: how fast they are stored, and how fast its charts are answered.

    .venv/bin/python -m benchmarks.gauge_chart [--values 1000000] [--requests 100]

A value every five minutes, stored in deliveries of 10,000 as a source would bring them: compared, checked, summed up by days. Then the page of the
station with its chart, words and table for 31 days, a year and everything, one client at a time, and the same asked of all values without sums of days, which is
what the chart of everything costs a plain query. The goal is 100 ms. Product and database share the machine. Needs the services (`scripts/services.sh start`) and their
settings (`eval "$(./run env)"`).
"""

import argparse
import json

from benchmarks.load import latencies, percentiles
from benchmarks.scratch import analyze, manage, scratch_database, served

GOAL = 100  # milliseconds
SETUP = """
import json, time
from datetime import timedelta
from django.utils import timezone
from tenants.models import Tenant
from tenants.scope import working_for
from twin.sensors import polling, storing
from twin.sensors.feeds import demo
from twin.sensors.feeds.reading import Value
from twin.sensors.models import Series, Station
town = Tenant.objects.get(slug="town")
now = timezone.now().replace(second=0, microsecond=0)
with working_for([town.pk], [town.pk]):
    station = Station.objects.create(tenant=town, feed="own", name="Benchmark", water="Elbe", is_public=True)
    series = Series.objects.create(tenant=town, station=station, quantity="W", unit="cm", minutes=5, is_public=True)
    polling.set_stages(series, demo.STAGES)
    seconds = 0.0
    for first in range({values}, 0, -10_000):
        moments = (now - timedelta(minutes=5 * number) for number in range(first, max(first - 10_000, 0), -1))
        rows = [Value(at, demo.level(at)) for at in moments]
        began = time.perf_counter()
        storing.store(series, rows, now=now)
        seconds += time.perf_counter() - began
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_total_relation_size('sensors_observation') + pg_total_relation_size('sensors_dayvalue')")
    size = cursor.fetchone()[0]
print(json.dumps(["FOUND", station.get_absolute_url(), seconds, size]))
"""
# As the serving login asks for it, without the days.
PLAIN = """
import json, time
from django.db import connection
from tenants.scope import acting_for
from twin.sensors.models import Series
times = []
for _ in range(10):
    with acting_for([]), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute("SELECT floor(extract(epoch FROM at) / 460000)::bigint AS bucket, min(value), max(value) FROM sensors_observation WHERE series_id = %s AND NOT is_suspect GROUP BY bucket", [Series.objects.values_list("pk", flat=True).get()])
        cursor.fetchall()
        times.append(1000 * (time.perf_counter() - began))
print(json.dumps(["FOUND", sorted(times)[5]]))
"""


def told(code: str) -> list[float | str]:
    """What a script in the scratch database found."""
    found: list[float | str] = json.loads(next(line for line in manage("shell", "-v", "0", code=code).splitlines() if "FOUND" in line))  # fmt: skip
    return found[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=100)
    options = parser.parse_args()
    with scratch_database(tenants=["town"]):
        path, seconds, size = told(SETUP.format(values=options.values))
        print(
            f"stored and checked: {options.values / float(seconds):,.0f} values/s, {float(size) / 2**20:,.0f} MB with indexes"
        )
        analyze()
        (plain,) = told(PLAIN)
        print(f"{'chart of':<24} {'median':>7} {'p95':>7}   (ms, one client; goal {GOAL})")
        with served() as address:
            for words, span in (("31 days", "31"), ("a year", "365"), ("everything", "alle")):
                page = f"{address}{path}?zeitraum={span}"
                latencies(page, requests=20, clients=1)  # the processes have answered before
                middle, high = percentiles(latencies(page, requests=options.requests, clients=1))
                print(f"{words:<24} {middle:7.0f} {high:7.0f}  {'' if high < GOAL else '*'}", flush=True)
        print(f"the query for everything, over all values: {float(plain):.0f} ms")


if __name__ == "__main__":
    main()
