"""The map of the twin with 200,000 polygons of one dataset, in a headless Chromium of 1280 x 800 pixels without a graphics card.

    .venv/bin/python -m benchmarks.twin_map [--polygons 200000]

At three zooms: seconds from the call of the page until all of it is drawn (tiles made anew, nothing kept), megabytes of tiles, and
milliseconds between two frames while the map is dragged for two seconds and zoomed by the wheel. Browser, product and database share
the machine. Needs the services (`scripts/services.sh start`), its settings (`eval "$(./run env)"`) and Chromium.
"""

import argparse
import os
import time
from statistics import median

from playwright.sync_api import Browser, Page, Response, sync_playwright
from pyproj import Transformer

from benchmarks.features import BIG, EAST, NORTH, PART, SETUP, SOUTH, TOWNS, WEST
from benchmarks.scratch import analyze, manage, scratch_database, served

ZOOMS = {11: "whole county", 14: "a town", 17: "some streets"}  # of the view; 76, 10 and 1.2 metres a pixel
RECORD = """() => {
    window.frames_ = [];
    let last = performance.now();
    const step = (now) => { window.frames_.push(now - last); last = now; window.timer_ = requestAnimationFrame(step); };
    window.timer_ = requestAnimationFrame(step);
}"""
STOP = "() => { cancelAnimationFrame(window.timer_); return window.frames_.slice(1); }"


def frames(page: Page, move: str) -> list[float]:
    """Milliseconds between frames while the map is moved and until it rests."""
    page.evaluate(RECORD)
    if move == "drag":
        page.mouse.down()
        for step in range(1, 41):
            page.mouse.move(850 + 6 * step, 450 + 3 * step)
            page.wait_for_timeout(50)
        page.mouse.up()
    else:
        for _ in range(4):
            page.mouse.wheel(0, -240)
            page.wait_for_timeout(250)
    page.wait_for_timeout(1000)
    found: list[float] = page.evaluate(STOP)
    return found


def told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{median(ordered):6.0f} {ordered[int(len(ordered) * 0.95)]:6.0f} {ordered[-1]:6.0f}"


def measure(browser: Browser, host: str, *, zoom: int) -> None:
    east, north = Transformer.from_crs(4326, 25833, always_xy=True).transform((WEST + EAST) / 2, (SOUTH + NORTH) / 2)  # fmt: skip
    bodies: list[int] = []

    def weigh(response: Response) -> None:
        if "/tiles/" in response.url and response.ok:
            bodies.append(int(response.headers.get("content-length", 0)))

    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.on("response", weigh)
        started = time.perf_counter()
        page.goto(f"{host}/karte/?ort={TOWNS[0]}#at={east:.0f},{north:.0f},{zoom}&layers={BIG}")
        page.wait_for_selector("[data-kz-twin-map][data-drawn]", timeout=120_000)
        drawn = time.perf_counter() - started
        page.focus("[data-map-view]")
        page.mouse.move(850, 450)
        moves = "  ".join(told(frames(page, move)) for move in ("drag", "wheel"))
    print(f"{zoom:>4} {ZOOMS[zoom]:<14} {drawn:7.1f} {sum(bodies) / 1e6:6.1f}  {moves}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polygons", type=int, default=200_000)
    options = parser.parse_args()
    with scratch_database(tenants=TOWNS[:1]), sync_playwright() as playwright:
        sizes = {"west": WEST, "south": SOUTH, "width": EAST - WEST, "height": NORTH - SOUTH}
        manage("shell", "-v", "0", code=SETUP.format(polygons=options.polygons, many=0, part=PART, **sizes))
        analyze()
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        print(
            f"{options.polygons} polygons      seconds    MB  ms between frames: drag (median, p95, longest), wheel"
        )
        with served() as host:
            for zoom in ZOOMS:
                measure(browser, host, zoom=zoom)
        browser.close()
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
