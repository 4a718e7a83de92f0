"""The import of a 100 MB plan by the real command, in bounded memory."""

import contextlib
import json
import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from planning.models import PlanObject
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

V = "6.0"
MB = 1_000_000
AREAS, OUTLINES, VERTICES = 25_000, 100, 160
PEAK_KB = 600 * 1024


def outline(number: int) -> str:
    """Coordinates of a round area somewhere in the plan."""
    east, north = 400_020 + number % 10 * 5, 5_660_020 + number // 10 * 5
    angles = [2 * math.pi * corner / VERTICES for corner in range(VERTICES)]
    points = [f"{east + 20 * math.cos(a):.3f} {north + 20 * math.sin(a):.3f}" for a in angles]
    return " ".join([*points, points[0]])


def write_plan(path: Path) -> None:
    head, tail = samples.simple_plan(V).split(b"</xplan:XPlanAuszug>")
    outlines = [outline(number) for number in range(OUTLINES)]
    with path.open("wb") as target:
        target.write(head)
        for number in range(AREAS):
            shape = samples.polygon(outlines[number % OUTLINES], gml_id=f"A_{number}_P")
            member = samples.area(V, gml_id=f"A_{number}", geometry=shape)
            target.write(f"<gml:featureMember>{member}</gml:featureMember>\n".encode())
        target.write(b"</xplan:XPlanAuszug>" + tail)


def watched(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end; the most memory it ever held, kB. Unlike the parent's accounts, this leaves out what was before exec."""
    peak = 0
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            if found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text()):
                peak = int(found.group(1))
        time.sleep(0.05)
    return peak


def test_plan_of_100_mb_is_imported_in_bounded_memory(tmp_path: Path) -> None:
    tenant: Tenant = TenantFactory.create(slug="meissen", ags="14627140")
    path, report = tmp_path / "large.gml", tmp_path / "report.json"
    write_plan(path)
    assert path.stat().st_size > 100 * MB
    database = connection.settings_dict
    address = f"postgis://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    command = [sys.executable, "manage.py", "import_plan", str(path), "--tenant", "meissen", "--json"]
    environ = {**os.environ, "DATABASE_URL": address, "KZ_DATA_DIR": str(tmp_path)}
    with report.open("wb") as output:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environ, stdout=output)
        peak = watched(process)
    assert process.returncode == 0
    answer = json.loads(report.read_text())
    assert (answer["ok"], answer["features"]) == (True, AREAS + 3)
    assert 50_000 < peak < PEAK_KB
    with acting_for([tenant.pk]):
        assert PlanObject.objects.filter(geometry__isnull=False).count() == AREAS + 3
