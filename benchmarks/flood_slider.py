"""The slider of a river flood in Chromium: milliseconds from the key until the map shows all of the next step, on a whole model and close by.

    .venv/bin/python -m benchmarks.flood_slider [--cells 5000] [--steps 17] [--rounds 3]

A made-up valley of 2 m cells (5,000 x 5,000: 10 km on a side) with a river in bends, waves on its ground and as many classes of discharge as steps is
delivered, computed by a run, published, and its page served by the production web server to a visitor without an account. Each round is a new browser
context, in which the slider goes up step by step and down again; the tiles hold all steps and are asked for before. "tile" is one tile in the middle
of each level, asked for over a kept connection, in turn. Goal: 200 ms. Nobody's page does the same, so there is no
peer beside it. Needs the services, their settings (`eval "$(./run env)"`), the built front end and Chromium.
"""

import argparse
import http.client
import json
import os
import time
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.scratch import manage, scratch_database, served

GOAL = 200.0  # ms
CLOSER = 3  # times that the map is brought nearer
SETUP = """
import tempfile
from pathlib import Path
import numpy as np, pyogrio, rasterio, shapely
from rasterio.transform import from_origin
from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order, import_file
town = Tenant.objects.get(slug="stadt")
WEST, SOUTH, CELL, CELLS, STEPS = 385_000.0, 5_665_000.0, 2.0, {cells}, {steps}
SIDE = CELL * CELLS
def deliver(path, title):
    with acting_for([town.pk], [town.pk]):
        import_file(path, order=Order(town, None, path.name, title=title, wishes=Wishes(anywhere=True)))
def middle(x):
    return SOUTH + SIDE / 2 + SIDE / 8 * np.sin((x - WEST) / SIDE * 9)
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    with rasterio.open(folder / "dgm.tif", "w", driver="GTiff", width=CELLS, height=CELLS, count=1, dtype="float32", nodata=-9999, crs="EPSG:25833",
            transform=from_origin(WEST, SOUTH + SIDE, CELL, CELL), tiled=True, compress="LZW") as sink:
        x = WEST + CELL * (np.arange(CELLS) + 0.5)
        for top in range(0, CELLS, 500):
            y = (SOUTH + SIDE - CELL * (top + np.arange(min(500, CELLS - top)) + 0.5))[:, None]
            ground = 100 + np.abs(y - middle(x)) / 400 - (x - WEST) / 4000 + 0.6 * np.sin(x / 31) * np.sin(y / 37)
            sink.write(ground.astype("float32"), 1, window=rasterio.windows.Window(0, top, CELLS, len(ground)))
    deliver(folder / "dgm.tif", "Geländemodell")
    x = np.linspace(WEST, WEST + SIDE, 200)
    km = (x - WEST) / 1000
    pyogrio.raw.write(folder / "achse.gpkg", shapely.to_wkb(shapely.points(x, middle(x))), [km], ["km"], geometry_type="Point", crs="EPSG:25833")
    deliver(folder / "achse.gpkg", "Gewässerachse")
    rows = ["km;klasse;w_m_nhn"] + ["%.3f;HQ%d;%.2f" % (place, 2 + n, 100.5 + 7 * n / STEPS - place / 4) for n in range(STEPS) for place in (km[0], km[-1])]
    (folder / "wsp.csv").write_text(chr(10).join(rows))
    deliver(folder / "wsp.csv", "Wasserspiegellagen")
"""
ASK = """
import json
from tenants import jobs
from tenants.models import PrivateFile, Tenant
from tenants.scope import working_for
from twin.analysis import execution, registry, requesting
from twin.analysis.inputs import asking_by_itself
from twin.analysis.models import Run
from twin.catalogue.models import Dataset
from twin.usecases.river_flood import core
town, use_case = Tenant.objects.get(slug="stadt"), registry.use_cases()["river-flood"]
with working_for([town.pk], [town.pk]):
    with asking_by_itself(town) as offer:
        ids = {row.title: str(row.public_id) for row in Dataset.objects.all()}
        asked = dict(elevation=ids["Geländemodell"], levels=ids["Wasserspiegellagen"], axis=ids["Gewässerachse"], cell="2", discharge_class="HQ2")
        form = use_case.form(asked, offer=offer)
        assert form.is_valid(), form.errors
        run, _ = requesting.request(use_case, form.question(), title="", tenant=town, actor=None)
    jobs.work_on(run.job_id, execution.work)
    done = Run.objects.get(pk=run.pk)
    assert done.finished_at, done.log
    PrivateFile.objects.filter(pk__in=[each["file"] for each in done.outputs]).update(is_public=True)
    Run.objects.filter(pk=done.pk).update(is_public=True)
print(json.dumps(dict(address=done.get_absolute_url(), seconds=done.seconds, flooded=[row["flooded"] for row in done.summary["steps"]],
    size=next(each["size"] for each in done.outputs if each["name"] == "steps"), grid=next(each["grid"] for each in done.outputs if each["name"] == "steps"))))
"""


def moved(page: Page, key: str, step: int) -> float:
    """ms until the step is shown. Looked for in the page itself: asking it from outside takes longer than a frame."""
    page.evaluate(
        """step => { const root = document.querySelector("[data-kz-features-map]"), slider = document.getElementById("step-slider");
        window.shown = new Promise((resolve) => { slider.addEventListener("input", () => { const began = performance.now();
        new MutationObserver((_changes, watch) => { if (root.dataset.step !== String(step)) return; watch.disconnect(); resolve(performance.now() - began); })
        .observe(root, { attributes: true }); }, { once: true, capture: true }); }); }""",
        step,
    )
    page.keyboard.press(key)
    return float(page.evaluate("window.shown"))


def slid(browser: Browser, address: str, steps: int, *, closer: int) -> tuple[list[float], list[float]]:
    """ms of each move up and of each move down again."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}?stufe=1")
    page.wait_for_selector("[data-kz-features-map][data-step='1']")
    for _ in range(closer):
        page.click("[data-map-zoom-in]")
        page.wait_for_timeout(1000)
    page.focus("#step-slider")
    up = [moved(page, "ArrowRight", step) for step in range(2, steps + 1)]
    down = [moved(page, "ArrowLeft", step) for step in range(steps - 1, 0, -1)]
    context.close()
    return up, down


def tiles(address: str, grid: dict[str, Any], *, times: int) -> list[float]:
    """ms of each tile in the middle of each level."""
    parts, found = urlsplit(address), []
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    for level, factor in enumerate(sorted(grid["factors"], reverse=True)):
        place = [int(side / factor / 512) for side in (grid["width"], grid["height"])]
        for _ in range(times):
            began = time.perf_counter()
            connection.request("GET", f"{parts.path}karte/steps/{level}-{place[0]}-{place[1]}.bin")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            found.append(1000 * (time.perf_counter() - began))
    return found


def told(name: str, found: list[float]) -> None:
    print(f"{name}: median {median(found):.0f} ms, 95 % {quantiles(found, n=20)[-1]:.0f} ms, most {max(found):.0f} ms (goal {GOAL:.0f} ms)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--steps", type=int, default=17)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with scratch_database(tenants=["stadt"]):
        manage("shell", "-v", "0", code=SETUP.format(cells=options.cells, steps=options.steps))
        run = json.loads(manage("shell", "-v", "0", code=ASK))
        with served() as host, sync_playwright() as playwright:
            address = f"{host}{run['address']}"
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            slid(browser, address, 2, closer=0)  # the first answers of a fresh server read more
            views = {"whole": 0, "close": CLOSER}
            rounds = {name: [slid(browser, address, options.steps, closer=closer) for _ in range(options.rounds)] for name, closer in views.items()}  # fmt: skip
            each = tiles(address, run["grid"], times=10)
            browser.close()
    print(f"{options.cells}² cells, {options.steps} steps, {run['flooded'][0]:.0f} to {run['flooded'][-1]:.0f} ha, computed in {run['seconds']:.0f} s, {run['size'] / 2**20:.1f} MB for all steps")  # fmt: skip
    for name, found in rounds.items():
        told(f"{name} model, step by step up", [ms for up, _down in found for ms in up])
        told(f"{name} model, and down again", [ms for _up, down in found for ms in down])
    told("tile", each)
    print(f"{os.cpu_count()} cores, load {', '.join(f'{value:.1f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    main()
